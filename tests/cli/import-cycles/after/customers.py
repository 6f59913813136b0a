class Customer:
    def newest(self):
        from orders import Order

        return Order()
