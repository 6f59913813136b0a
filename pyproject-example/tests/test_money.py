"""Money adds up."""

import pytest

from shop.money import Money


def amounts():
    for cents in range(0, 500, 50):
        yield cents


@pytest.mark.parametrize("cents", amounts())
def test_sum(cents):
    assert Money(cents) + Money(50) == Money(cents + 50)


def test_currencies():
    with pytest.raises(ValueError):
        Money(1, "EUR") + Money(1, "USD")
