import shop.orders

print(shop.orders.Order.owner)
