import shop
try:
    import shop.prices
except ImportError:
    pass
