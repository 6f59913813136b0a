"""What customers have to pay."""

from shop.mixins import Dated, Numbered
from shop.money import Money


class Invoice(Dated, Numbered):
    """The paper that asks for money."""

    def __init__(self, number: int, total: Money):
        super().__init__(number=number)
        self.total = total

    def heading(self) -> str:
        return f"Invoice {self.number} of {self.created:%d %B %Y}"
