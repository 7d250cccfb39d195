"""The products that people mean by what they type or scan into lines."""

from collections.abc import Collection
from decimal import Decimal
from typing import NamedTuple

from app.catalog import queries
from app.catalog.barcodes import barcode_key
from app.catalog.models import Product
from app.core.db import db


class ProductMatch(NamedTuple):
    """A product, and how many units of it the code stands for: a carton's are several."""

    product: Product
    units: Decimal = Decimal(1)


class FoundProducts(NamedTuple):
    """Products by the codes that mean them, and the codes that could mean several."""

    matches: dict[str, ProductMatch]
    doubtful: set[str]


def find_products(codes: Collection[str]) -> FoundProducts:
    """Find products by SKU or barcode, in at most three queries; what is unknown is missing.

    A SKU may be typed in other letters, and without its dashes, where only one product is
    meant then. What is the SKU of one product and a barcode of another is doubtful.
    """
    if not codes:
        return FoundProducts({}, set())
    found = named_products(codes)
    alike = _alike({*codes} - found.matches.keys() - found.doubtful)
    one = {code: ProductMatch(same[0]) for code, same in alike.items() if len(same) == 1}
    several = {code for code, same in alike.items() if len(same) > 1}
    return FoundProducts(found.matches | one, found.doubtful | several)


def named_products(codes: Collection[str]) -> FoundProducts:
    """Find products by just their SKU or barcode, whatever its case, in two queries."""
    if not codes:
        return FoundProducts({}, set())
    rows = db.session.execute(queries.products_with_skus(codes))
    by_sku = {code: ProductMatch(product) for code, product in rows}
    by_barcode = _by_barcode(codes)
    doubtful = {
        code
        for code in by_sku.keys() & by_barcode.keys()
        if by_sku[code].product is not by_barcode[code].product
    }
    both = (by_barcode | by_sku).items()
    return FoundProducts({c: one for c, one in both if c not in doubtful}, doubtful)


def _by_barcode(codes: Collection[str]) -> dict[str, ProductMatch]:
    if not codes:
        return {}
    rows = db.session.execute(queries.barcodes_called(codes))
    known = {key: ProductMatch(product, units) for key, product, units in rows}
    return {code: known[key] for code in codes if (key := barcode_key(code)) in known}


def _alike(codes: Collection[str]) -> dict[str, list[Product]]:
    alike: dict[str, list[Product]] = {}
    if codes:
        for code, product in db.session.execute(queries.products_alike(codes)):
            alike.setdefault(code, []).append(product)
    return alike
