from shop.models.orders import Order


class Customer:
    def orders(self):
        return [Order(self)]
