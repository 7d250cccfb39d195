"""Selects for who types an order: customers and products by what was typed or scanned."""

from collections.abc import Collection
from decimal import Decimal

from sqlalchemy import Select, func, or_, select

from app.catalog.barcodes import barcode_key
from app.catalog.models import Barcode, Customer, Product

OFFERED = 12
ASKED = 2 * OFFERED  # so that enough of them are in use


def customers_found(term: str) -> Select[Customer]:
    """Customers to choose from: by code, name, company or e-mail, the best first."""
    hits = (
        func.search_customers(term, ASKED)
        .table_valued("id", with_ordinality="place")
        .render_derived()
    )
    found = select(Customer).join(hits, hits.c.id == Customer.id)
    return found.where(Customer.is_active).order_by(hits.c.place).limit(OFFERED)


def customer_called(name: str) -> Select[Customer]:
    """Customers with this code, or with just this name; two are enough to be in doubt."""
    same = or_(func.lower(Customer.code) == name.lower(), Customer.name == name)
    return select(Customer).where(same).order_by(func.lower(Customer.code) != name.lower())


def products_found(term: str) -> Select[Product]:
    """Products to choose from: by SKU, barcode, part number or name, the best first."""
    hits = (
        func.search_parts(term, ASKED)
        .table_valued("id", with_ordinality="place")
        .render_derived()
    )
    found = select(Product).join(hits, hits.c.id == Product.id)
    return found.where(Product.is_active).order_by(hits.c.place).limit(OFFERED)


def products_called(skus: Collection[str]) -> Select[Product]:
    """Products by their SKUs."""
    return select(Product).where(Product.sku.in_(skus))


def barcodes_called(codes: Collection[str]) -> Select[str, Product, Decimal]:
    """Products by barcode: the key of the code, the product, and how many units it is worth."""
    keys = {barcode_key(code) for code in codes}
    rows = select(Barcode.key, Product, Barcode.units).join(Barcode.product)
    return rows.where(Barcode.key.in_(keys))
