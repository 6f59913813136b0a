"""Counts what is left."""

from shop import prices


def value(items):
    return sum(map(prices.price, items))
