"""What vendors deliver to our customers. Who sells stands beside who buys, so both meet here.

The slice that knows for which order it is provides it; without one nothing is drop shipped.
"""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from app.core.slices import slices
from app.documents.errors import NotAllowed
from app.purchasing.models import PurchaseOrder

DROP_SHIPPING = "drop_shipping"  # the name by which it is provided


class CustomerOrder(NamedTuple):
    """A customer's order that a vendor delivers; `href` is its page."""

    number: str
    href: str


class DropShipping(Protocol):
    """What that slice does."""

    def follow(self, order: PurchaseOrder) -> None:
        """Make customers' orders follow from what the vendor has delivered, and will."""

    def orders_of(self, order: PurchaseOrder) -> Sequence[CustomerOrder]:
        """Say for which customers' orders it is."""

    def held_of(self, order: PurchaseOrder) -> Sequence[str]:
        """Give the numbers of those of them that are on hold."""


def follow(order: PurchaseOrder) -> None:
    """Make customers' orders follow from a purchase order, in the caller's unit of work.

    Raises:
        NotAllowed: What was delivered is not delivered after all, and has come back already.
    """
    provider: DropShipping | None = slices().provided.get(DROP_SHIPPING)
    if provider and order.is_drop_ship:
        provider.follow(order)


def refuse_held(order: PurchaseOrder) -> None:
    """Refuse to send an order by which a vendor would deliver what is on hold.

    Raises:
        NotAllowed: A customer's order that it is for is on hold.
    """
    provider: DropShipping | None = slices().provided.get(DROP_SHIPPING)
    held = provider.held_of(order) if provider and order.is_drop_ship else ()
    if held:
        verb = "is" if len(held) == 1 else "are"
        reason = f"{', '.join(held)} {verb} on hold, and the vendor would deliver all the same"
        raise NotAllowed(f"{reason}. Release it first, or cancel {order.number}.")


def orders_of(order: PurchaseOrder) -> Sequence[CustomerOrder]:
    """Say for which customers' orders a purchase order is; none, if it comes to us."""
    provider: DropShipping | None = slices().provided.get(DROP_SHIPPING)
    return provider.orders_of(order) if provider and order.is_drop_ship else ()
