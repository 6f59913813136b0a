from shop.cli import DEBUG


class Order:
    is_shown = DEBUG
