"""Selects over the catalogue. Nothing here executes: callers fetch, page or export."""

from app.catalog.queries.contacts import (
    codes_among,
    contact,
    contact_page,
    contact_sorts,
    contacts,
    contacts_called,
    countries_in_use,
    other_contact_with_code,
    vendor_choices,
)
from app.catalog.queries.matching import barcodes_called, products_alike
from app.catalog.queries.offered import contacts_offered, products_offered
from app.catalog.queries.products import (
    PRODUCT_SORTS,
    categories,
    in_list,
    other_products_with_barcodes,
    other_products_with_sku,
    product,
    product_page,
    products,
    products_with_skus,
    with_lines,
)

__all__ = [
    "PRODUCT_SORTS",
    "barcodes_called",
    "categories",
    "codes_among",
    "contact",
    "contact_page",
    "contact_sorts",
    "contacts",
    "contacts_called",
    "contacts_offered",
    "countries_in_use",
    "in_list",
    "other_contact_with_code",
    "other_products_with_barcodes",
    "other_products_with_sku",
    "product",
    "product_page",
    "products",
    "products_alike",
    "products_offered",
    "products_with_skus",
    "vendor_choices",
    "with_lines",
]
