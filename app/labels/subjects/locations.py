"""Labels of locations, to be read from the other end of the aisle, and of totes."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select

from app.core.db import db
from app.labels.drawing.contents import BANDS, LabelContent
from app.labels.subjects.definition import Contents, LabelOptions, Subject
from app.stock import queries as stock
from app.stock.models import KINDS, Location


def contents(codes: Sequence[str], _wanted: LabelOptions) -> Contents:
    """What the labels of the locations with these codes (in any case) or barcodes say."""
    rows = db.session.execute(stock.locations_with_codes(codes)) if codes else ()
    return {code: _content(location) for code, location in rows}


def _content(location: Any) -> LabelContent:
    code = location.barcode or location.code
    lines = () if code == location.code else (location.code,)
    if location.kind == "tote":
        return _tote_content(location, code, lines)
    return LabelContent(code=code, title=location.name, lines=lines, is_big=True)


def _tote_content(location: Any, code: str, lines: tuple[str, ...]) -> LabelContent:
    """A band in one of eight colours by the tote's number: neighbours never look alike."""
    numbers = re.findall(r"\d+", location.code)
    number = int(numbers[-1]) if numbers else 0
    band = list(BANDS)[number % len(BANDS)]
    number_text = str(number) if numbers else location.code
    return LabelContent(
        code=code, title=location.name, lines=lines, band=band, number=number_text, is_big=True
    )


def search(filters: Mapping[str, str]) -> Select[*tuple[Any, ...]]:
    """Locations as their list filters them; those outside of our walls have no labels."""
    kind = filters.get("kind", "")
    state = {"": True, "inactive": False}.get(filters.get("state", ""))
    found = stock.locations(
        q=filters.get("search", ""), kind=kind if kind in KINDS else "", is_active=state
    )
    ours = found.where(Location.kind.not_in(("supplier", "customer", "adjustment")))
    return ours.with_only_columns(Location.code, Location.name).order_by(Location.path)


LOCATIONS = Subject(
    field="location",
    label="Locations and totes",
    noun="code or barcode",
    permission="stock.view",
    contents=contents,
    search=search,
)
