from shop.models.order import Order

CURRENCY = "EUR"
