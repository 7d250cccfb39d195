"""What vendors deliver to customers. Who buys stands beside who sells: this is the socket."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from app.core.slices import slices

DELIVERIES = "vendor_deliveries"  # the name by which a slice provides it


class VendorDelivery(NamedTuple):
    """A purchase order by which a vendor delivers; `href` is its page.

    `is_elsewhere`: it is not delivered yet, and says another address than the order by now.
    """

    number: str
    href: str
    vendor: str
    state: str
    address: str
    is_elsewhere: bool


def deliveries_of(order_id: int) -> Sequence[VendorDelivery]:
    """Say which purchase orders deliver some of an order to its customer, the newest first."""
    provider: Callable[[int], Sequence[VendorDelivery]] | None
    provider = slices().provided.get(DELIVERIES)
    return provider(order_id) if provider else ()
