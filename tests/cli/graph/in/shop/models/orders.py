import json
from shop.models.customers import Customer


class Order:
    owner = Customer


class Line: ...
