"""Prints what is in stock: `python -m shop data/`."""

import sys
from pathlib import Path

from shop.catalog import Catalog
from shop.ledger import read_moves
from shop.stock import Stock


def main() -> None:
    folder = Path(sys.argv[1])
    catalog = Catalog(folder / "catalog.json")
    stock = Stock(read_moves(folder / "moves.csv"))
    for sku, amount in sorted(stock.levels().items()):
        print(f"{catalog.title(sku):30} {amount:6}")


if __name__ == "__main__":
    main()
