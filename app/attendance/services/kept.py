"""What is kept of somebody: all of it, for whoever it is about."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

import msgspec

from app.attendance.models import Employee
from app.attendance.queries.kept import KEPT, RATE
from app.attendance.services.retention import kept_since
from app.core.db import transaction
from app.core.permissions import may_see_field

TITLES = {
    "person": "Person",
    "contracts": "Contracts",
    "credentials": "Cards and fingers",
    "pins": "PIN",
    "consents": "Consents",
    "punches": "Punches",
    "sessions": "Time at work",
    "corrections": "Corrections",
    "absences": "Absences",
    "allowances": "Days to be away",
    "roster": "Roster",
    "account": "Time account",
    "entries": "Entered into the account",
    "overtime": "Overtime",
    "swaps": "Swaps of shifts",
    "payroll": "Given to payroll",
    "history": "Changes",
}
Row = Mapping[str, Any]


class Part(NamedTuple):
    """A table: how many rows it has, and those that were asked for, the newest first."""

    name: str
    title: str
    columns: Sequence[str]
    number: int
    rows: Sequence[Row]


def what_is_kept(
    employee: Employee, *, is_own: bool = False, most: int | None = None
) -> list[Part]:
    """Give what is kept of somebody, of each kind at most so many rows.

    Of a card a keyed hash is kept besides, and of a PIN its hash: they say nothing to anybody.
    The rate of an hour is told to its owner, and to whoever may see rates.
    """
    hidden = set() if is_own or may_see_field("rate") else {column.key for column in RATE}
    with transaction() as session:
        found = {name: session.execute(asked(employee.id)) for name, asked in KEPT.items()}
        return [
            _part(name, [*result.keys()], result.mappings().all(), hidden, most)
            for name, result in found.items()
        ]


def _part(
    name: str, columns: Sequence[str], rows: Sequence[Any], hidden: set[str], most: int | None
) -> Part:
    shown = [column for column in columns if column not in hidden]
    some = [{column: row[column] for column in shown} for row in rows[:most]]
    return Part(name, TITLES[name], shown, len(rows), some)


def everything_kept(employee: Employee, *, is_own: bool = False) -> dict[str, Any]:
    """Give all that is kept of somebody as one record, with texts and numbers alone in it."""
    parts = what_is_kept(employee, is_own=is_own)
    now = datetime.now(UTC)
    return {
        "made_at": now,
        "kept_since": kept_since(employee, now.date()),
        "parts": {part.name: msgspec.to_builtins(part.rows) for part in parts},
    }
