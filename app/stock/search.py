"""What the command bar finds of locations."""

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


def _locations(term: str) -> list[Result]:
    return [_location(row) for row in fetch(_LOCATIONS, term=term, most=MOST)]


def _same_locations(term: str) -> list[Result]:
    return [_location(row) for row in fetch(_SAME_LOCATIONS, term=term)]


def _location(row: Any) -> Result:
    href = url_for("locations.show", location_id=row.id)
    title = row.name or row.code
    return Result(f"location-{row.id}", href, title, row.code, or_inactive(row, ""), "pin")


GROUPS = (SearchGroup("locations", "stock.view", 60, _locations, _same_locations),)
