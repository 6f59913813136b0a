from shop.orders import Order


class Customer:
    first = Order
