from shop import cart, prices
