from shop import stock
from shop.models.orders import Order
from shop.prices import price


class Cart:
    total = price(Order)
