from shop.cart import Cart


class Order:
    cart = Cart
