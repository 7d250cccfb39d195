"""What people type or scan, and the customer or product they mean by it."""

from collections.abc import Collection

from app.catalog.models import Customer
from app.catalog.services import find_contact
from app.catalog.services.matching import (
    FoundProducts,
    ProductMatch,
    find_products,
    named_products,
)
from app.core.db import db
from app.orders import queries

__all__ = [
    "FoundProducts",
    "ProductMatch",
    "find_customer",
    "find_products",
    "named_products",
    "numbers_of",
]


def find_customer(name: str) -> Customer:
    """Find a customer by their code, or by their name if only one has it.

    Raises:
        Invalid: There is none, or more than one.
    """
    return find_contact(Customer, name)


def numbers_of(order_ids: Collection[int]) -> dict[int, str]:
    """Give the numbers of some orders, by id."""
    return dict(db.session.execute(queries.numbers(order_ids)).all())
