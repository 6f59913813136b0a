from orders import Order


class Customer:
    def newest(self):
        return Order()
