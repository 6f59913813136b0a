from shop import price


def total(order):
    return price(order)
