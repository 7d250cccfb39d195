"""Columns of files for payroll are written down, tried, changed and deleted."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.services.audit_entries import note_deletion
from app.attendance import queries
from app.attendance.models import PayrollMap
from app.attendance.reckoning.columns import (
    DAYS,
    ENCODINGS,
    MARKS,
    SEPARATORS,
    as_preset,
    parse_codes,
    parse_columns,
    parse_file_name,
)
from app.attendance.reckoning.payroll import Batch, Written
from app.attendance.services.payroll import pay_line, write_batch
from app.attendance.services.timesheets import report
from app.core.checks import Rule, checked, named_when_taken, needed
from app.core.db import locked, transaction
from app.core.errors import AlreadyExists, Invalid
from app.core.texts import parse_line, parse_text

PREVIEWED = 10  # people


def _one_of(words: Any) -> Rule:
    def check(value: Any) -> Any:
        if value not in words:
            raise ValueError(f"One of {', '.join(words)}.")
        return value

    return check


RULES: dict[str, Rule] = {
    "name": needed(parse_line),
    "separator": _one_of(SEPARATORS),
    "encoding": _one_of(ENCODINGS),
    "decimal_mark": _one_of(MARKS),
    "day_format": _one_of(DAYS),
    "above": parse_text,
    "columns": needed(parse_text),
    "codes": parse_text,
    "file_name": needed(parse_file_name),
}


@named_when_taken
def create_payroll_map(*, name: str, columns: str, file_name: str, **values: Any) -> PayrollMap:
    """Write down how a file for payroll looks.

    Raises:
        AlreadyExists: Another map has the name.
        Invalid: A value does not fit; of the columns it says which line.
    """
    given = {"name": name, "columns": columns, "file_name": file_name, **values}
    with transaction() as session:
        made = PayrollMap(**checked(given, RULES))
        _refuse_unfit(session, made)
        session.add(made)
    return made


@named_when_taken
def revise_payroll_map(map_id: int, *, version: int | None, **changes: Any) -> PayrollMap:
    """Change a map as it was in `version`; batches that are made stay as they were.

    Raises:
        StaleVersion: Somebody else was faster.
        AlreadyExists: Another map has the name.
        Invalid: A value does not fit; of the columns it says which line.
    """
    kept = checked(changes, RULES)
    with transaction() as session:
        found = session.scalars(locked(queries.payroll_map(map_id), PayrollMap)).one()
        with session.no_autoflush:
            if found.revise(version=version, **kept):
                _refuse_unfit(session, found)
        session.flush()
    return found


def delete_payroll_map(map_id: int) -> PayrollMap:
    """Delete a map; its batches can still be fetched."""
    with transaction() as session:
        found = session.scalars(locked(queries.payroll_map(map_id), PayrollMap)).one()
        note_deletion(found)
        session.delete(found)
    return found


def preview_payroll_map(map_id: int, first_day: date, last_day: date) -> Written:
    """Write the hours of some people as a map says; nothing is given to payroll by it.

    Raises:
        Invalid: The encoding has no sign for a letter, or days are out of order.
    """
    if last_day < first_day:
        raise Invalid("to", "The last day is not before the first.")
    with transaction() as session:
        one = session.scalars(queries.payroll_map(map_id)).one().by_value()
    sheets = report(first_day, last_day)
    lines = [line for line in map(pay_line, sheets) if any(line.minutes.values())]
    batch = Batch(0, first_day, last_day, lines[:PREVIEWED], {})
    return write_batch(as_preset(one.name, one), batch)


def _refuse_unfit(session: Session, one: PayrollMap) -> None:
    is_long = bool(one.is_long)
    checked(
        {"columns": one.columns, "codes": one.codes or ""},
        {
            "columns": lambda text: parse_columns(text, is_long=is_long),
            "codes": parse_codes,
        },
    )
    if is_long and not parse_codes(one.codes or ""):
        raise Invalid("codes", "Which kinds are written, and what are they called?")
    taken = select(PayrollMap.id).where(
        func.lower(PayrollMap.name) == func.lower(one.name),
        PayrollMap.id.is_distinct_from(one.id),
    )
    if session.scalar(taken) is not None:
        raise AlreadyExists("name", f"There is a map called {one.name} already.")


def maps_offered() -> Sequence[PayrollMap]:
    """Give all maps, by name."""
    with transaction() as session:
        found = queries.payroll_maps().order_by(func.lower(PayrollMap.name))
        return session.scalars(found).all()
