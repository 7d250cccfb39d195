"""What the command bar finds of locations, and of lots and serial numbers."""

from typing import Any

from flask import url_for

from app.core.search import MOST, Result, SearchGroup, fetch, or_inactive

# A company has thousands of bins, not millions: reading them all is quick enough.
_LOCATIONS = """SELECT id, code, name, is_active FROM location
WHERE strpos(lower(code), normal_code(%(term)s)) > 0
    OR strpos(search_text(name), search_text(%(term)s)) > 0
ORDER BY strpos(lower(code), normal_code(%(term)s)) <> 1, NOT is_active, code LIMIT %(most)s
"""
_SAME_LOCATIONS = """SELECT id, code, name, is_active FROM location
WHERE id = location_with_code(%(term)s)
"""


LEAST = 3  # letters: half of all lots begin with one of their days
# By the index of their numbers. What is on hand comes first.
_LOTS = """SELECT lot.id, lot.code, product.sku, product.name
FROM lot JOIN product ON product.id = lot.product_id
WHERE normal_code(lot.code) LIKE
        replace(replace(replace(normal_code(%(term)s), '\\', '\\\\'), '%%', '\\%%'), '_', '\\_')
        || '%%'
    AND length(normal_code(%(term)s)) >= %(least)s
ORDER BY NOT EXISTS (
    SELECT FROM stock_balance WHERE lot_id = lot.id AND on_hand > 0), lot.id DESC
LIMIT %(most)s
"""
_SAME_LOTS = """SELECT lot.id, lot.code, product.sku, product.name
FROM lot JOIN product ON product.id = lot.product_id
WHERE normal_code(lot.code) = normal_code(%(term)s) ORDER BY lot.id DESC LIMIT %(most)s
"""


def _locations(term: str) -> list[Result]:
    return [_location(row) for row in fetch(_LOCATIONS, term=term, most=MOST)]


def _same_locations(term: str) -> list[Result]:
    return [_location(row) for row in fetch(_SAME_LOCATIONS, term=term)]


def _location(row: Any) -> Result:
    href = url_for("locations.show", location_id=row.id)
    title = row.name or row.code
    return Result(f"location-{row.id}", href, title, row.code, or_inactive(row, ""), "pin")


def _lots(term: str) -> list[Result]:
    return [_lot(row) for row in fetch(_LOTS, term=term, least=LEAST, most=MOST)]


def _same_lots(term: str) -> list[Result]:
    return [_lot(row) for row in fetch(_SAME_LOTS, term=term, most=MOST)]


def _lot(row: Any) -> Result:
    href = url_for("lots.show", lot_id=row.id)
    return Result(f"lot-{row.id}", href, row.name, row.code, row.sku, "calendar")


GROUPS = (
    SearchGroup("locations", "stock.view", 60, _locations, _same_locations),
    SearchGroup("lots", "stock.view", 65, _lots, _same_lots),
)
