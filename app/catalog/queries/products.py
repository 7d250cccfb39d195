"""Selects over products and their codes."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    SQLColumnExpression,
    Text,
    any_,
    func,
    or_,
    select,
    union,
)
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.orm import joinedload, selectinload

from app.catalog.barcodes import barcode_key
from app.catalog.models import Barcode, Product, VendorPart
from app.core.codes import tidy_code
from app.core.words import (
    LONGEST_SEARCH,
    TRIGRAM,
    beginning,
    has_words,
    matching,
    values_in_use,
)

MOST_CODES = 200  # more products than this share no code that a person means

PRODUCT_SORTS: dict[str, SQLColumnExpression[Any]] = {
    "sku": Product.sku,
    "name": Product.name_key,  # é beside e, A beside a
    "category": Product.category,
    "price": Product.price,
    "updated_at": Product.updated_at,
}


def products(
    *, search: str = "", updated_since: datetime | None = None, **filters: Any
) -> Select[Product]:
    """Products that a search and all the filters given let through.

    `filters` are `category`, `supplier_id` and `is_active`; None and empty let all through.
    """
    found = select(Product).where(*matching(Product, filters, updated_since=updated_since))
    return found.where(_has_words_or_code(search)) if search.strip() else found


def in_list(found: Select[Product]) -> Select[Any]:
    """Only the columns that the list shows: whole products cost more than finding them."""
    columns = (Product.id, Product.sku, Product.name, Product.category)
    more = (Product.price, Product.currency, Product.is_active)
    return cast("Select[Any]", found.with_only_columns(*columns, *more))


def with_lines(found: Select[Product]) -> Select[Product]:
    """Products with their barcodes and vendor part numbers."""
    rows = selectinload(Product.barcode_rows), selectinload(Product.vendor_part_rows)
    return found.options(*rows)


def product(product_id: int) -> Select[Product]:
    """One product with its lines."""
    return with_lines(select(Product).where(Product.id == product_id))


def products_among(product_ids: Collection[int]) -> Select[Product]:
    """Some products, without their lines."""
    return select(Product).where(Product.id.in_(product_ids))


def product_page(product_id: int) -> Select[Product]:
    """One product with all that its page names."""
    return product(product_id).options(
        joinedload(Product.supplier),
        selectinload(Product.vendor_part_rows).joinedload(VendorPart.vendor),
    )


def categories() -> Select[str]:
    """The categories in use, in order."""
    return values_in_use(Product.category)


def other_products_with_barcodes(
    keys: Collection[str], *, product_id: int | None
) -> Select[str, Product]:
    """Barcodes with these keys on other products, and those products."""
    return (
        select(Barcode.code, Product)
        .join(Product, Product.id == Barcode.product_id)
        .where(Barcode.key.in_(keys), Barcode.product_id.is_distinct_from(product_id))
        .order_by(Barcode.id)
    )


def other_products_with_sku(sku: str, *, product_id: int | None) -> Select[Product]:
    """Other products with this SKU, in whatever case it is written."""
    same = func.normal_code(Product.sku) == func.normal_code(sku)
    return select(Product).where(same, Product.id.is_distinct_from(product_id))


def products_with_skus(skus: Collection[str]) -> Select[str, Product]:
    """SKUs as they are asked for, each with its product: one of twins if it is just that."""
    asked = func.unnest(array(skus, type_=Text())).table_valued("sku").render_derived()
    return select(asked.c.sku, Product).join(
        Product, Product.id == func.product_with_sku(asked.c.sku)
    )


def _has_words_or_code(search: str) -> ColumnElement[bool]:
    """The words are in name or SKU, or the whole begins a barcode or a vendor's number."""
    words = has_words(Product.search, search)
    code = tidy_code(search)[:LONGEST_SEARCH]
    if len(code) < TRIGRAM:
        return words
    # The ids are gathered first, once: then both halves are scans of an index.
    return or_(words, Product.id == any_(func.array(_ids_with_code(code))))


def _ids_with_code(code: str) -> ScalarSelect[Any]:
    key = barcode_key(code.replace("\0", ""))
    has_barcode = or_(Barcode.key == key, Barcode.code.like(beginning(code)))
    has_part = VendorPart.part_key.like(func.code_key(beginning(code)))
    ids = union(
        select(Barcode.product_id).where(has_barcode),
        select(VendorPart.product_id).where(has_part),
    )
    return select(ids.subquery().c.product_id).limit(MOST_CODES).scalar_subquery()
