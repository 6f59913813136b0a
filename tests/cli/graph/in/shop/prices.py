from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shop.cart import Cart


def price(cart: "Cart"):
    from shop.models import customers
