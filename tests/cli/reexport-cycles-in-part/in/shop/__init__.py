from shop.prices import price
from shop.models import order
