"""Sales added up as somebody asks: by what, across what, beside the year before."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import cache, partial
from typing import Any

from sqlalchemy import func, select, true

from app.core.countries import countries
from app.core.db import db
from app.sales.models import KINDS
from app.sales.queries import NONE, TIMES, Wanted, figures_by, source_names, source_of

ROWS = {
    "month": "Month",
    "week": "Week",
    "product": "Product",
    "category": "Category",
    "customer": "Customer",
    "country": "Country",
    "rep": "Sales rep",
    "source": "Source",
    "kind": "Kind",
}
MEASURES = {"value": "Value", "quantity": "Quantity", "lines": "Lines"}
CLASSES = ((Decimal("0.8"), "A"), (Decimal("0.95"), "B"))  # shares of all, added up downwards
MOST_ROWS = 100  # of a page; a file has all of them
MOST_COLUMNS = 160
MEMORY = "64MB"  # of a step of a plan
ZERO = Decimal(0)
WEEKS_OF_A_YEAR = timedelta(weeks=52)


@dataclass(slots=True)
class PivotRow:
    """A row: its key, what people call it, its figures by column, and all of them together."""

    key: str
    label: str
    detail: str = ""
    cells: dict[str, Decimal] = field(default_factory=dict)
    total: Decimal = ZERO
    before: Decimal | None = None  # the same a year earlier
    is_known: bool = False  # False: no line of it has an exchange rate
    share: Decimal | None = None
    rank: str = ""  # A, B or C

    @property
    def change(self) -> Decimal | None:
        """By how much it grew within the year, of 1; None where there was nothing before."""
        if not self.before:
            return None
        return (self.total - self.before) / abs(self.before)


@dataclass(slots=True)
class Pivot:
    """The rows in their order, the columns, and the sums below."""

    wanted: Wanted
    rows: list[PivotRow]
    columns: list[str]
    total: Decimal
    before: Decimal | None
    unvalued: int  # lines that are in no sum of values

    @property
    def is_by_time(self) -> bool:
        """Tell whether its rows follow each other in time."""
        return self.wanted.rows in TIMES

    @property
    def sums(self) -> dict[str, Decimal]:
        """What each column comes to."""
        sums: defaultdict[str, Decimal] = defaultdict(Decimal)
        for row in self.rows:
            for name, value in row.cells.items():
                sums[name] += value
        return dict(sums)


def explore(wanted: Wanted) -> Pivot:
    """Add up what is asked for; rows of time in their order, others by what they come to."""
    _settle()
    rows, unvalued = _rows(wanted)
    columns = sorted({name for row in rows.values() for name in row.cells if name})
    if wanted.compares:
        _add_before(rows, wanted)
    _tell_apart(rows.values())
    ordered = _ordered([*rows.values()], wanted)
    total = sum((row.total for row in ordered), ZERO)
    before = sum((row.before or ZERO for row in ordered), ZERO) if wanted.compares else None
    _add_shares(ordered, total, wanted)
    return Pivot(wanted, ordered, columns, total, before, unvalued)


def _settle() -> None:
    """Let a pivot be added up in memory, by a plan that does not wait for a compiler.

    With the usual 4 MB 60,000 figures went to disk twice, and what costs much on paper was
    compiled first where PostgreSQL can: that took longer than the question.
    """
    session = db.session()
    for name, value in (("work_mem", MEMORY), ("jit", "off")):
        session.execute(select(func.set_config(name, value, true())))


def _tell_apart(rows: Iterable[PivotRow]) -> None:
    """Say whose a code is that several sources have: they may mean different things by it."""
    same: defaultdict[str, list[tuple[PivotRow, int]]] = defaultdict(list)
    for row in rows:
        if source := source_of(row.key):
            same[row.label].append((row, source))
    doubled = [one for found in same.values() if len(found) > 1 for one in found]
    names = dict(db.session.execute(source_names()).all()) if doubled else {}
    for row, source in doubled:
        row.detail = ", ".join(filter(None, (row.detail, f"in {names[source]}")))


def _rows(wanted: Wanted) -> tuple[dict[str, PivotRow], int]:
    rows: dict[str, PivotRow] = {}
    name_of = cache(partial(column_name, wanted.across))
    unvalued = 0
    for found in db.session.execute(figures_by(wanted)):
        key = _text(found.row)
        row = rows.get(key)
        if row is None:
            row = rows[key] = PivotRow(key, *_label(wanted.rows, key, found))
        unvalued += found.unvalued
        if wanted.measure == "value" and found.unvalued == found.lines:
            continue  # there is no figure: nought would be a wrong one
        figure = Decimal(getattr(found, wanted.measure))
        if wanted.across:
            column = name_of(found.across)
            row.cells[column] = row.cells.get(column, ZERO) + figure
        row.total, row.is_known = row.total + figure, True
    return rows, unvalued


def _add_before(rows: dict[str, PivotRow], wanted: Wanted) -> None:
    """Put the same days of the year before beside the rows."""
    for found in db.session.execute(figures_by(wanted.year_before())):
        key = _text(found.row)
        if wanted.rows in TIMES:
            key = _text(_a_year_later(wanted.rows, found.row))
        row = rows.setdefault(key, PivotRow(key, *_label(wanted.rows, key, found)))
        row.before = (row.before or ZERO) + Decimal(getattr(found, wanted.measure))


def _a_year_later(kind: str, first: date) -> date:
    """The period that stands beside one of the year before: 52 weeks, or 12 months later."""
    return first + WEEKS_OF_A_YEAR if kind == "week" else first.replace(year=first.year + 1)


def _ordered(rows: list[PivotRow], wanted: Wanted) -> list[PivotRow]:
    if wanted.rows in TIMES:
        return sorted(rows, key=lambda row: row.key)
    return sorted(rows, key=lambda row: (-row.total, row.label))


def _add_shares(rows: Sequence[PivotRow], total: Decimal, wanted: Wanted) -> None:
    """Say which part of the whole each row is, and its class; of nothing there are none."""
    if total <= 0:
        return
    so_far = ZERO
    for row in rows:
        row.share = row.total / total
        if wanted.rows not in TIMES:
            row.rank = next((name for most, name in CLASSES if so_far < most), "C")
            so_far += row.share


def column_name(kind: str, first: date) -> str:
    """Name a period so that names sort as periods do."""
    if kind == "week":
        year, week, _day = first.isocalendar()
        return f"{year}-W{week:02}"
    if kind == "quarter":
        return f"{first.year}-Q{(first.month + 2) // 3}"
    return f"{first:%Y-%m}" if kind == "month" else f"{first.year}"


def period_of(kind: str, first: date) -> tuple[date, date]:
    """The first and the last day of a week, month, quarter or year that begins on a day."""
    if kind == "week":
        return first, first + timedelta(days=6)
    months = {"month": 1, "quarter": 3, "year": 12}[kind]
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return first, date(year, month + 1, 1) - timedelta(days=1)


def _text(key: Any) -> str:
    return key.isoformat() if isinstance(key, date) else str(key)


def _label(kind: str, key: str, found: Any) -> tuple[str, str]:
    """Say what people call a row, and what else helps to know it."""
    if kind in TIMES:
        return column_name(kind, date.fromisoformat(key)), ""
    if kind in ("product", "customer"):
        return found.label or key, found.detail or ""
    if kind == "country":
        return countries().get(key, key) or NONE[kind], ""
    return (KINDS.get(key, key) if kind == "kind" else key) or NONE.get(kind, "—"), ""


def _rounded(part: Decimal | None) -> Decimal | None:
    """Write a part of 1 as the page does, which shows hundredths of a percent at most."""
    return None if part is None else round(part, 4)


def as_rows(pivot: Pivot) -> list[list[Any]]:
    """Give a pivot as a table for a file."""
    wanted = pivot.wanted
    is_named = wanted.rows in ("product", "customer")
    compared = ["Year before", "Change"] if wanted.compares else []
    head = [
        ROWS[wanted.rows],
        *(["Name"] if is_named else []),
        *pivot.columns,
        "Total",
        *compared,
        "Share",
        *([] if pivot.is_by_time else ["Class"]),
    ]
    lines: list[list[Any]] = [head]
    for row in pivot.rows:
        beside: Mapping[str, Any] = {"Year before": row.before, "Change": _rounded(row.change)}
        lines.append(
            [
                row.label,
                *([row.detail] if is_named else []),
                *(row.cells.get(name) for name in pivot.columns),
                row.total if row.is_known else None,
                *(beside[name] for name in compared),
                _rounded(row.share),
                *([] if pivot.is_by_time else [row.rank]),
            ]
        )
    return lines
