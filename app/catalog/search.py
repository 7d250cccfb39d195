"""What the command bar finds in the catalogue."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from flask import url_for

from app.catalog.figures import figures_of
from app.core.permissions import may
from app.core.quantities import grouped
from app.core.search import ASKED, MOST, Result, SearchGroup, fetch, or_inactive

_PRODUCTS = """SELECT product.id, sku, name, is_active
FROM search_parts(%(term)s, %(asked)s) WITH ORDINALITY AS hit (id, place)
JOIN product ON product.id = hit.id ORDER BY NOT is_active, place LIMIT %(most)s
"""
_CONTACTS = """SELECT {table}.id, code, name, company, is_active
FROM search_{table}s(%(term)s, %(asked)s) WITH ORDINALITY AS hit (id, place)
JOIN {table} ON {table}.id = hit.id ORDER BY NOT is_active, place LIMIT %(most)s
"""
_SAME_CONTACT = """SELECT id, code, name, company, is_active
FROM {table} WHERE lower(code) = normal_code(%(term)s)
"""
# A barcode tells how much it is worth, so it goes before the sku.
_SAME_PRODUCTS = """SELECT DISTINCT ON (product.id)
    product.id, sku, name, is_active, unit, units FROM (
    SELECT product_id, units, 1 AS place FROM barcode
    WHERE key = barcode_key(%(term)s)
    UNION ALL
    SELECT id, 1, 2 FROM product WHERE normal_code(sku) = normal_code(%(term)s)
    UNION ALL
    SELECT id, 1, 3 FROM product WHERE sku_key = code_key(%(term)s) AND sku_key <> ''
        AND NOT EXISTS (SELECT FROM product WHERE normal_code(sku) = normal_code(%(term)s))
) AS same JOIN product ON product.id = product_id ORDER BY product.id, place
"""


def _products(term: str) -> list[Result]:
    rows = fetch(_PRODUCTS, term=term, asked=ASKED, most=MOST).all()
    if not may("stock.view"):
        return [_product(row, "") for row in rows]
    figures = figures_of([row.id for row in rows])
    return [_product(row, f"{grouped(figures[row.id].on_hand)} on hand") for row in rows]


def _same_products(term: str) -> list[Result]:
    return [_product(row, _worth(row)) for row in fetch(_SAME_PRODUCTS, term=term)]


def _product(row: Any, detail: str) -> Result:
    href = url_for("products.show", product_id=row.id)
    return Result(f"product-{row.id}", href, row.name, row.sku, or_inactive(row, detail))


def _worth(row: Any) -> str:
    """Tell what a carton's code stands for."""
    return "" if row.units == 1 else f"This code is {grouped(row.units)} {row.unit}"


def _contacts(table: str, icon: str, term: str) -> list[Result]:
    rows = fetch(_CONTACTS.format(table=table), term=term, asked=ASKED, most=MOST)
    return _contact_results(table, icon, rows)


def _same_contact(table: str, icon: str, term: str) -> list[Result]:
    return _contact_results(table, icon, fetch(_SAME_CONTACT.format(table=table), term=term))


def _contact_results(table: str, icon: str, rows: Iterable[Any]) -> list[Result]:
    return [
        Result(
            f"{table}-{row.id}",
            url_for(f"{table}s.show", **{f"{table}_id": row.id}),
            row.name,
            row.code,
            or_inactive(row, row.company if row.company != row.name else ""),
            icon,
        )
        for row in rows
    ]


def _contact_group(table: str, order: int, icon: str) -> SearchGroup:
    find, exact = (partial(one, table, icon) for one in (_contacts, _same_contact))
    return SearchGroup(f"{table}s", f"{table}s.view", order, find, exact)


GROUPS = (
    SearchGroup("products", "products.view", 10, _products, _same_products),
    _contact_group("customer", 20, "users"),
    _contact_group("vendor", 30, "truck"),
)
