"""Who buys."""

from shop.orders import Order


class Address:
    """Where parcels go."""

    def __init__(self, street: str, city: str, postcode: str):
        self.street = street
        self.city = city
        self.postcode = postcode

    def __str__(self) -> str:
        return f"{self.street}\n{self.postcode} {self.city}"


class Customer:
    """Somebody who has ordered something, or is about to."""

    def __init__(self, name: str, address: Address):
        self.name = name
        self.address = address
        self.orders = []

    def __repr__(self) -> str:
        return f"Customer({self.name!r}, {self.address!r})"

    def add(self, order: Order) -> None:
        self.orders.append(order)

    def last_order(self) -> Order:
        return max(self.orders, key=lambda order: order.placed)
