import functools
from dataclasses import dataclass


@dataclass
class Order:
    number: int

    def total(self, prices, vat):
        return sum(price for _, price in zip(self.rows, prices, strict=True)) * vat


@functools.cache
def find(number):
    match number:
        case 0:
            return None
    if (order := find(number - 1)) is None:
        return Order(number)
    return order
