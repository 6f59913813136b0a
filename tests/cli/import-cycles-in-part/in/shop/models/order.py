from shop import CURRENCY


class Order:
    currency = CURRENCY
