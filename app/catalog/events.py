"""What the catalogue announces."""

from dataclasses import dataclass

from app.core.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductChanged(Event):
    """A product was made, changed, activated or deactivated."""

    product_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerChanged(Event):
    """A customer was made, changed, activated or deactivated."""

    customer_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorChanged(Event):
    """A vendor was made, changed, activated or deactivated."""

    vendor_id: int
