"""How customers pay."""

from abc import ABC, abstractmethod

from shop.audit import audited
from shop.money import Money


class Gateway(ABC):
    """Somebody who moves money for us."""

    @abstractmethod
    @property
    def name(self) -> str:
        """As it is printed on invoices."""

    @abstractmethod
    def charge(self, account: str, amount: Money) -> str:
        """Takes money from an account and returns the receipt."""


class Transfer(Gateway):
    """A transfer from bank to bank."""

    @property
    def name(self) -> str:
        return "bank transfer"

    @audited
    def charge(self, account: str, amount: Money) -> str:
        return f"{account}: {amount.cents / 100:.2f} {amount.currency}"
