from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from orders import Order


class Price:
    def of(self, order: "Order"):
        return order.price
