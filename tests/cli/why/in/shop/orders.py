from django.db import models

from shop import Base
from shop.base import Timed


class Order(Timed, Base):
    pass


class Gift(Order, Timed):
    def __init__(self):
        super().__init__()


class Wrong(Timed, Gift):
    pass


class Row(models.Model, Timed):
    pass


class Line(Row):
    def __str__(self):
        return "a line"


class Silenced(Timed, Gift):  # dunderlint: ignore[inconsistent-mro]
    pass
