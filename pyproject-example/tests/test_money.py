"""Money adds up."""

import pytest

from shop.money import Money


def twice(test):
    def wrapper(*args, **kwargs):
        test(*args, **kwargs)
        test(*args, **kwargs)

    return wrapper


@twice
def test_sum():
    assert Money(150) + Money(250) == Money(400)


def test_currencies():
    with pytest.raises(ValueError):
        Money(1, "EUR") + Money(1, "USD")
