"""A return to a vendor, for the pages of those."""

from decimal import Decimal

from app.catalog.models import Product
from app.vendor_returns import services
from app.vendor_returns.services import ReturnItem
from tests.factories import VendorFactory


def giving_back(product: Product, name: str) -> dict[str, int]:
    """Write a return, and say what the address of it needs."""
    vendor = VendorFactory.create(name=f"{name} and Daughters")
    item = ReturnItem(Decimal(1), product_id=product.id, unit_price=Decimal("9.5"))
    made = services.create_return(
        vendor_id=vendor.id, items=[item], key="return", their_reference=name, note=name
    )
    return {"return_id": made.id}
