"""What the books hold of a purchase order: bills, and what they call a purchase order.

The slice that matches both provides it; without one the page of an order shows nothing of it.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import NamedTuple

from app.core.slices import slices

IN_THE_BOOKS = "documents_of_books"  # the name by which it is provided


class BookedDocument(NamedTuple):
    """A document of the books about an order; `href` is its page.

    `label` says how it stands with the order, `badge` how that is drawn.
    """

    name: str
    href: str
    label: str
    badge: str
    total: Decimal
    currency: str


class Booked(NamedTuple):
    """What the books hold of an order, which takes a permission to be seen."""

    permission: str
    of_order: Callable[[int], Sequence[BookedDocument]]


def booked_of(order_id: int, *, may: Callable[[str], bool]) -> Sequence[BookedDocument] | None:
    """Give what the books hold of an order; None if the person asking may not see that."""
    provider: Booked | None = slices().provided.get(IN_THE_BOOKS)
    return provider.of_order(order_id) if provider and may(provider.permission) else None
