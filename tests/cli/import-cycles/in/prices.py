from orders import Order


class Price:
    def of(self, order: "Order"):
        return order.price
