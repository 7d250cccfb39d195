"""What of the catalogue needs other records of it."""

from collections.abc import Sequence

from sqlalchemy import func, select

from app.catalog import queries
from app.catalog.models import Product
from app.core.db import db

NAMED = 3  # products by their SKU; the rest is counted


def uses_of_vendor(vendor_id: int) -> Sequence[str]:
    """Products in use that usually come from a vendor."""
    supplied = select(func.count()).where(Product.supplier_id == vendor_id, Product.is_active)
    number = db.session.scalar(supplied) or 0
    return [f"supplier of {number:,} product{'s' if number != 1 else ''}"] if number else []


def uses_of_component(product_id: int) -> Sequence[str]:
    """Bundles and assemblies in use that a product is a component of."""
    users = db.session.scalars(queries.users_of(product_id)).all()
    if not users:
        return []
    more = f" and {len(users) - NAMED:,} more" if len(users) > NAMED else ""
    return [f"component of {', '.join(users[:NAMED])}{more}"]
