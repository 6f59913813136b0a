"""What the shop sells."""

from shop.storage import read_json


class Catalog:
    """The products of a shop, as the editors of its catalogue left them in a file."""

    def __init__(self, path):
        self.path = path

    @property
    def products(self):
        """Title by stock-keeping unit."""
        return {row["sku"]: row["title"] for row in read_json(self.path)}

    def title(self, sku):
        return self.products.get(sku, "(no longer sold)")
