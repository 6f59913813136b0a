"""What was bought."""

from dataclasses import dataclass
from datetime import datetime
from typing import List

from shop.audit import audited
from shop.customers import Customer
from shop.money import Money


@dataclass
class Line:
    """So many of a thing."""

    sku: str
    amount: int
    price: Money


@dataclass
class Order:
    """What somebody bought in one go."""

    customer: Customer
    placed: datetime
    lines: List[Line] = []
    is_shipped: bool = False

    def total(self) -> Money:
        return sum((line.price * line.amount for line in self.lines), Money(0))


@audited
def ship(order: Order) -> None:
    """Hands an order to the carrier."""
    order.is_shipped = True
