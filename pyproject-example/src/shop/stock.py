"""What is on the shelves."""

from collections import Counter
from typing import Dict, Iterable, Iterator, List


class Move:
    """Things that came (or, below zero, went)."""

    def __init__(self, sku: str, amount: int):
        self.sku = sku
        self.amount = amount

    def __repr__(self) -> str:
        return f"Move({self.sku!r}, {self.amount!r})"


class Stock:
    """What all moves together left on the shelves."""

    def __init__(self, moves: Iterable[Move]):
        self.moves = list(moves)

    def levels(self) -> Dict[str, int]:
        levels: Dict[str, int] = Counter()
        for move in self.moves:
            levels[move.sku] += move.amount
        return levels


def moves_of(stocks: List[Stock]) -> Iterator[Move]:
    """The moves of several warehouses, one warehouse after the other."""
    for stock in stocks:
        for move in stock.moves:
            yield move


def moves_on_request(stock: Stock):
    """As `moves_of`; `close()` must not reach the list."""
    for move in iter(stock.moves):  # dunderlint: ignore[yield-in-for-loop] the loop stops close()
        yield move
