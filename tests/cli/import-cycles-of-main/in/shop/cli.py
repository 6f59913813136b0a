from shop.orders import Order


def main():
    return Order()


DEBUG = False
