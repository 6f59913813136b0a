from shop.models.orders import Order, Line
from shop import prices


class Cart:
    def order(self):
        return Order(self)
