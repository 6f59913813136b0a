"""The ledger: a file with a line for every move."""

import csv
import heapq
from pathlib import Path
from typing import List

from shop.stock import Move


def read_moves(path: Path) -> List[Move]:
    """All moves, oldest first."""
    with open(path, newline="") as file:
        return [Move(sku, int(amount)) for _, sku, amount in csv.reader(file)]


def merge(first: Path, second: Path, into: Path) -> None:
    """Makes one ledger of two: lines start with their date, so they sort as text."""
    with (open(first) as one, open(second) as other, open(into, "w") as merged):
        merged.writelines(heapq.merge(one, other))
