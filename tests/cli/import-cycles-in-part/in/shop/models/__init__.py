"""What is sold, and to whom."""

from shop.models import kinds

DEFAULT = kinds.BOOK
