"""What the command bar finds, group by group, and the record a scanned code stands for."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from flask import current_app, url_for

from app.core.permissions import may
from app.core.quantities import grouped
from app.search.indexes import fetch

MOST = 6  # of a group
ASKED = 2 * MOST  # so that what is in use comes before what is not

_PRODUCTS = """SELECT product.id, sku, name, is_active,
    (SELECT coalesce(sum(stock_balance.on_hand), 0) FROM stock_balance
     WHERE product_id = product.id) AS on_hand
FROM search_parts(%(term)s, %(asked)s) WITH ORDINALITY AS hit (id, place)
JOIN product ON product.id = hit.id ORDER BY NOT is_active, place LIMIT %(most)s
"""
_CONTACTS = """SELECT {table}.id, code, name, company, is_active
FROM search_{table}s(%(term)s, %(asked)s) WITH ORDINALITY AS hit (id, place)
JOIN {table} ON {table}.id = hit.id ORDER BY NOT is_active, place LIMIT %(most)s
"""
_INVOICES = """SELECT invoice.id, number, customer_name, customer_po, is_active
FROM search_invoices(%(term)s, %(asked)s) WITH ORDINALITY AS hit (id, place)
JOIN invoice ON invoice.id = hit.id ORDER BY NOT is_active, place LIMIT %(most)s
"""
_ORDERS = """SELECT sales_order.id, number, customer_name, customer_po,
    coalesce(external_number, '') AS external_number, status <> 'cancelled' AS is_active
FROM search_orders(%(term)s, %(asked)s) WITH ORDINALITY AS hit (id, place)
JOIN sales_order ON sales_order.id = hit.id ORDER BY status = 'cancelled', place
LIMIT %(most)s
"""
# A company has thousands of bins, not millions: reading them all is quick enough.
_LOCATIONS = """SELECT id, code, name, is_active FROM location
WHERE strpos(lower(code), lower(%(term)s)) > 0
    OR strpos(search_text(name), search_text(%(term)s)) > 0
ORDER BY strpos(lower(code), lower(%(term)s)) <> 1, NOT is_active, code LIMIT %(most)s
"""
# A barcode tells how much it is worth, so it goes before the sku.
_SAME_PRODUCTS = """SELECT DISTINCT ON (product.id)
    product.id, sku, name, is_active, unit, units FROM (
    SELECT product_id, units, 1 AS place FROM barcode
    WHERE key IN (%(term)s, barcode_key(%(term)s))
    UNION ALL
    SELECT id, 1, 2 FROM product WHERE sku_key = code_key(%(term)s) AND sku_key <> ''
) AS same JOIN product ON product.id = product_id ORDER BY product.id, place
"""
_SAME_LOCATIONS = """SELECT id, code, name, is_active FROM location
WHERE barcode = %(term)s OR lower(code) = lower(%(term)s)
"""


class Result(NamedTuple):
    """One line of the command bar."""

    key: str
    href: str
    title: str
    code: str = ""
    detail: str = ""
    icon: str = "tag"


Group = tuple[str, list[Result]]


def exact(term: str) -> list[Result]:
    """Give the records whose barcode, sku or place code this is, as a scanner sends it."""
    products = fetch(_SAME_PRODUCTS, term=term) if may("products.view") else ()
    places = fetch(_SAME_LOCATIONS, term=term) if may("stock.view") else ()
    return [*(_product(row, _worth(row)) for row in products), *map(_location, places)]


def groups(term: str, *, exact: Sequence[Result] = ()) -> list[Group]:
    """Give what a term finds among what the person may see, beside what it names exactly.

    A group that is full ends with a link to the list of all.
    """
    found = {
        "products": _products(term),
        "customers": _contacts("customer", term, "users"),
        "vendors": _contacts("vendor", term, "truck"),
        "orders": _orders(term),
        "invoices": _invoices(term),
        "locations": _locations(term),
        "pages": _pages(term),
    }
    known = {result.key for result in exact}
    everything = [("Exact match", [*exact])]
    for area, some in found.items():
        others = [result for result in some if result.key not in known]
        if len(some) == MOST and area != "pages":
            others.append(_all(area, term))
        everything.append((area.capitalize(), others))
    return [(title, some) for title, some in everything if some]


def _all(area: str, term: str) -> Result:
    href = url_for(f"{area}.index", search=term)
    return Result(f"all-{area}", href, f"All {area} with “{term}”", icon="search")


def _products(term: str) -> list[Result]:
    if not may("products.view"):
        return []
    rows = fetch(_PRODUCTS, term=term, asked=ASKED, most=MOST)
    return [_product(row, _on_hand(row) if may("stock.view") else "") for row in rows]


def _contacts(table: str, term: str, icon: str) -> list[Result]:
    if not may(f"{table}s.view"):
        return []
    rows = fetch(_CONTACTS.format(table=table), term=term, asked=ASKED, most=MOST)
    return [
        Result(
            f"{table}-{row.id}",
            url_for(f"{table}s.show", **{f"{table}_id": row.id}),
            row.name,
            row.code,
            _or_inactive(row, row.company if row.company != row.name else ""),
            icon,
        )
        for row in rows
    ]


def _orders(term: str) -> list[Result]:
    if not may("orders.view"):
        return []
    rows = fetch(_ORDERS, term=term, asked=ASKED, most=MOST)
    return [
        Result(
            f"order-{row.id}",
            url_for("orders.show", order_id=row.id),
            row.customer_name,
            row.number,
            (row.customer_po or row.external_number) if row.is_active else "Cancelled",
            "list",
        )
        for row in rows
    ]


def _invoices(term: str) -> list[Result]:
    if not may("invoices.view"):
        return []
    rows = fetch(_INVOICES, term=term, asked=ASKED, most=MOST)
    return [
        Result(
            f"invoice-{row.id}",
            url_for("invoices.show", invoice_id=row.id),
            row.customer_name or row.number,
            row.number,
            _or_inactive(row, row.customer_po),
            "file",
        )
        for row in rows
    ]


def _locations(term: str) -> list[Result]:
    if not may("stock.view"):
        return []
    return [_location(row) for row in fetch(_LOCATIONS, term=term, most=MOST)]


def _pages(term: str) -> list[Result]:
    """Find entries of the side bar, of which only those that may be opened are there."""
    sections = current_app.jinja_env.globals["navigation"]()  # type: ignore[operator]
    items = [item for section in sections for item in section["items"]]
    wanted = term.casefold()
    named = [item for item in items if wanted in item["label"].casefold()]
    return [
        Result(
            f"page-{item['label'].casefold().replace(' ', '-')}", item["href"], item["label"]
        )
        for item in named[:MOST]
    ]


def _product(row: Any, detail: str) -> Result:
    href = url_for("products.show", product_id=row.id)
    return Result(f"product-{row.id}", href, row.name, row.sku, _or_inactive(row, detail))


def _location(row: Any) -> Result:
    href = url_for("locations.show", location_id=row.id)
    title = row.name or row.code
    return Result(f"location-{row.id}", href, title, row.code, _or_inactive(row, ""), "pin")


def _worth(row: Any) -> str:
    """Tell what a carton's code stands for."""
    return "" if row.units == 1 else f"This code is {grouped(row.units)} {row.unit}"


def _on_hand(row: Any) -> str:
    return f"{grouped(row.on_hand)} on hand"


def _or_inactive(row: Any, detail: str) -> str:
    return detail if row.is_active else "Inactive"
