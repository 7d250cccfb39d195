"""The company's own formats, beside those that are known from the start."""

from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.core.checks import named_when_taken
from app.core.db import db, locked, transaction
from app.core.errors import AlreadyExists, Invalid
from app.labels import queries
from app.labels.drawing.formats import BUILT_IN, Format
from app.labels.models import LabelFormat

SHORTEST_SIDES = (10, 8)  # width and height of a label, mm


def all_formats() -> dict[str, Format]:
    """All formats by their keys: those of everybody, then the company's own."""
    own = {row.name: row.format for row in db.session.scalars(queries.formats())}
    return BUILT_IN | own


def find_format(name: str) -> Format | None:
    """The format with a key or name, in any case."""
    known = {key.lower(): one for key, one in BUILT_IN.items()}
    if name.lower() in known:
        return known[name.lower()]
    own = db.session.scalars(queries.format_named(name)).one_or_none()
    return own.format if own else None


@named_when_taken
def create_format(**measures: Any) -> LabelFormat:
    """Keep a format; the measures are those of `LabelFormat`, mm.

    Raises:
        AlreadyExists: There is a format of that name.
        Invalid: A measure does not fit.
    """
    row = LabelFormat(**_checked(measures))
    with transaction() as session:
        _refuse_duplicate(row.name, None)
        session.add(row)
    return row


@named_when_taken
def revise_format(format_id: int, *, version: int | None, **measures: Any) -> LabelFormat:
    """Change a format. Batches keep the one they were printed with.

    Raises:
        AlreadyExists: There is another format of that name.
        Invalid: A measure does not fit.
        StaleVersion: Somebody else has changed it.
    """
    checked = _checked(measures)
    with transaction() as session:
        query = select(LabelFormat).where(LabelFormat.id == format_id)
        row = session.scalars(locked(query, LabelFormat)).one()
        with session.no_autoflush:
            row.revise(version=version, **checked)
            if row.kept_of_others:  # what two people changed must fit together
                row.revise(version=None, **_checked({n: getattr(row, n) for n in measures}))
            _refuse_duplicate(row.name, row.id)
    return row


def delete_format(format_id: int) -> None:
    """Forget a format. Batches printed with it can still be printed again."""
    with transaction() as session:
        session.delete(session.get_one(LabelFormat, format_id))


def _checked(measures: dict[str, Any]) -> dict[str, Any]:
    """Complete the measures of a roll, and refuse what the database would refuse."""
    full = measures | _of_roll(measures) if measures["kind"] == "roll" else measures
    width, height = SHORTEST_SIDES
    if full["label_width"] < width or full["label_height"] < height:
        raise Invalid("label_width", f"A label is at least {width} × {height} mm.")
    for pitch, size, count in (
        ("pitch_x", "label_width", "columns"),
        ("pitch_y", "label_height", "rows"),
    ):
        if full[count] > 1 and full[pitch] < full[size]:
            raise Invalid(pitch, "This is less than a label: they would lie on each other.")
    _refuse_outside(full, "page_width", "margin_left", "columns", "pitch_x", "label_width")
    _refuse_outside(full, "page_height", "margin_top", "rows", "pitch_y", "label_height")
    return full


def _of_roll(measures: dict[str, Any]) -> dict[str, Any]:
    """A label of a roll is its page."""
    size = {"page_width": measures["label_width"], "page_height": measures["label_height"]}
    nothing = dict.fromkeys(("margin_left", "margin_top", "pitch_x", "pitch_y"), Decimal(0))
    return size | nothing | {"columns": 1, "rows": 1}


def _refuse_outside(full: dict[str, Any], *names: str) -> None:
    page, margin, count, pitch, size = (full[name] for name in names)
    end = margin + (count - 1) * pitch + size
    if end > page:
        raise Invalid(names[0], f"The labels end at {end} mm, and the page at {page} mm.")


def _refuse_duplicate(name: str, format_id: int | None) -> None:
    known = {key.lower() for key in BUILT_IN}
    own = db.session.scalars(queries.format_named(name)).one_or_none()
    if name.lower() in known or (own is not None and own.id != format_id):
        raise AlreadyExists("name", f"There is a format “{name}” already.")
