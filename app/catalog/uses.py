"""What of the catalogue needs other records of it."""

from collections.abc import Sequence

from sqlalchemy import func, select

from app.catalog.models import Product
from app.core.db import db


def uses_of_vendor(vendor_id: int) -> Sequence[str]:
    """Products in use that usually come from a vendor."""
    supplied = select(func.count()).where(Product.supplier_id == vendor_id, Product.is_active)
    number = db.session.scalar(supplied) or 0
    return [f"supplier of {number:,} product{'s' if number != 1 else ''}"] if number else []
