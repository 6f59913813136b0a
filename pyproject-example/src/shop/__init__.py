"""A small shop: what it sells, who buys, what is in stock."""

__version__ = "1.0"
