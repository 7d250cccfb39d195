"""What people type or scan, and the customer or product they mean by it."""

from collections.abc import Collection
from decimal import Decimal
from typing import NamedTuple

from app.catalog.barcodes import barcode_key
from app.catalog.models import Customer, Product
from app.core.db import db
from app.core.errors import Invalid
from app.orders import queries


class ProductMatch(NamedTuple):
    """A product, and how many units of it the code stands for: a carton's are several."""

    product: Product
    units: Decimal = Decimal(1)


def find_customer(name: str) -> Customer:
    """Find a customer by their code, or by their name if only one has it.

    Raises:
        Invalid: There is none, or more than one.
    """
    found = db.session.scalars(queries.customer_called(name).limit(2)).all()
    if not found:
        raise Invalid("customer", "No customer has this code or this name.")
    if len(found) > 1 and found[0].code.lower() != name.lower():
        raise Invalid("customer", f"Several customers are called {name}: choose a code.")
    return found[0]


def find_products(codes: Collection[str]) -> dict[str, ProductMatch]:
    """Find products by SKU or barcode, in two queries; what is unknown is missing."""
    if not codes:
        return {}
    found = {p.sku: ProductMatch(p) for p in db.session.scalars(queries.products_called(codes))}
    others = {barcode_key(code): code for code in codes if code not in found}
    if others:
        rows = db.session.execute(queries.barcodes_called(others.values()))
        found |= {others[key]: ProductMatch(product, units) for key, product, units in rows}
    return found
