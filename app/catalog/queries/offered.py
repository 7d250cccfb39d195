"""Selects of what a combobox offers: the best hits for what was typed, as far as in use."""

from typing import TypeVar

from sqlalchemy import Select, func, select

from app.catalog.models import Customer, Product, Vendor

C = TypeVar("C", bound=Customer | Vendor)

SPARE = 2  # asked for so many times as are shown, so that enough of them are in use


def contacts_offered(kind: type[C], term: str, *, limit: int) -> Select[C]:
    """Customers or vendors: by code, name, company or e-mail."""
    hits = (
        getattr(func, f"search_{kind.__tablename__}s")(term, SPARE * limit)
        .table_valued("id", with_ordinality="place")
        .render_derived()
    )
    found = select(kind).join(hits, hits.c.id == kind.id)
    return found.where(kind.is_active).order_by(hits.c.place).limit(limit)


def products_offered(term: str, *, limit: int) -> Select[Product]:
    """Products: by SKU, barcode, part number or name."""
    hits = (
        func.search_parts(term, SPARE * limit)
        .table_valued("id", with_ordinality="place")
        .render_derived()
    )
    found = select(Product).join(hits, hits.c.id == Product.id)
    return found.where(Product.is_active).order_by(hits.c.place).limit(limit)
