"""From what is wanted to what has to be bought."""

from app.shortages.services.missing import (
    buy_for_order,
    buy_for_product,
    said_of,
    shortages_of_order,
    shortages_of_product,
)

__all__ = [
    "buy_for_order",
    "buy_for_product",
    "said_of",
    "shortages_of_order",
    "shortages_of_product",
]
