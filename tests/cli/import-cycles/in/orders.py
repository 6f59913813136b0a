from customers import Customer
from prices import Price


class Order:
    owner = Customer()
    price = Price()
