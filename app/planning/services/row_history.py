"""All that is known of rows: their months, what was sold, what was written and by whom."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.core.db import db
from app.planning import queries
from app.planning.models import Baseline, CellChange, ForecastCell, ScopeRow
from app.planning.months import months_after

SHOWN = 50  # changes, and
LAST_MONTHS = 24  # of what was sold


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthTold:
    """A month that is forecast: all is None where it is not known."""

    month: date
    baseline: Decimal | None
    low: Decimal | None
    high: Decimal | None
    previous: Decimal | None
    cell: ForecastCell | None
    adjusted: Decimal  # what planners have added in the consensus; below zero: taken off

    @property
    def consensus(self) -> Decimal | None:
        """What counts, with what planners have adjusted."""
        if not self.adjusted:
            return self.total
        return max((self.total or Decimal(0)) + self.adjusted, Decimal(0))

    @property
    def total(self) -> Decimal | None:
        """What counts: what was written, else the baseline."""
        if self.cell is not None and self.cell.quantity is not None:
            return self.cell.quantity
        return self.baseline


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a row forecasts: its months, and the baseline they begin with."""

    months: Sequence[MonthTold]
    baseline: Baseline | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RowTold:
    """A row with its months, what was sold before, and the newest changes."""

    months: Sequence[MonthTold]
    sold: Sequence[tuple[date, Decimal]]
    baseline: Baseline | None
    changes: Sequence[CellChange]


def row_history(row: ScopeRow) -> RowTold:
    """Tell all that is known of a row; its cycle is loaded."""
    [(_row, told)] = forecasts_of([row])
    changes = (
        select(CellChange)
        .options(joinedload(CellChange.actor))
        .where(CellChange.scope_id == row.id)
        .order_by(CellChange.id.desc())
        .limit(SHOWN)
    )
    first = row.cycle.history_first
    sold = (
        [(months_after(first, n), value) for n, value in enumerate(row.history)]
        if first
        else []
    )
    return RowTold(
        months=told.months,
        sold=sold[-LAST_MONTHS:],
        baseline=told.baseline,
        changes=db.session.scalars(changes).all(),
    )


def forecasts_of(rows: Sequence[ScopeRow]) -> list[tuple[ScopeRow, Told]]:
    """Tell of rows, whose cycles are loaded, what they forecast: in three queries for all."""
    session, ids = db.session(), [row.id for row in rows]
    made = select(Baseline).where(Baseline.scope_id.in_(ids))
    baselines = {one.scope_id: one for one in session.scalars(made)}
    cells: dict[int, dict[date, ForecastCell]] = defaultdict(dict)
    for cell in session.scalars(select(ForecastCell).where(ForecastCell.scope_id.in_(ids))):
        cells[cell.scope_id][cell.month] = cell
    adjusted: dict[int, dict[date, Decimal]] = defaultdict(dict)
    for scope_id, month, difference in session.execute(queries.differences(ids)):
        adjusted[scope_id][month] = difference
    return [
        (row, _told(row, baselines.get(row.id), cells[row.id], adjusted[row.id]))
        for row in rows
    ]


def _told(
    row: ScopeRow,
    baseline: Baseline | None,
    cells: Mapping[date, ForecastCell],
    adjusted: Mapping[date, Decimal],
) -> Told:
    months = [
        MonthTold(
            month=month,
            baseline=_at(baseline.quantities if baseline else (), place),
            low=_at(baseline.low if baseline else (), place),
            high=_at(baseline.high if baseline else (), place),
            previous=_at(row.previous, place),
            cell=cells.get(month),
            adjusted=adjusted.get(month, Decimal(0)),
        )
        for place, month in enumerate(row.cycle.horizon)
    ]
    return Told(months=months, baseline=baseline)


def _at(values: Sequence[Decimal | None], place: int) -> Decimal | None:
    return values[place] if place < len(values) else None
