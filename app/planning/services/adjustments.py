"""Planners say what a level of the consensus comes to; it is spread down to its cells."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import Select, insert, select
from sqlalchemy.orm import Session

from app.catalog.models import Customer, Product
from app.core.actors import current_actor_id
from app.core.db import locked, transaction
from app.core.errors import Invalid
from app.core.quantities import QUANTITY_DECIMALS
from app.planning.errors import CycleNotOpen, ScenarioDecided
from app.planning.models import Adjustment, AdjustmentCell, Cycle, Scenario, ScopeRow
from app.planning.months import months_after
from app.planning.reckoning.spreading import spread
from app.planning.services.freezing import place_of, totals_of
from app.planning.services.locking import lock_cycle

MOST = Decimal(10) ** 11  # what a cell holds
ZERO = Decimal(0)
YEAR = 12
Said = Mapping[int, Sequence[Decimal | None]]  # by row: what it says in each month
NAMED = {
    "rep_id": ScopeRow.user_id,
    "customer_id": ScopeRow.customer_id,
    "product_id": ScopeRow.product_id,
}


class _Cell(NamedTuple):
    scope_id: int
    month: date
    now: Decimal | None
    a_year_before: Decimal


def adjust_consensus(
    cycle_id: int,
    *,
    total: Decimal,
    reason: str,
    month: date | None = None,
    **level: Any,
) -> Adjustment:
    """Let the rows of a level come to a total, in a month or in all of them.

    A level is any of `rep_id`, `customer_id`, `product_id`, `country` and `category`. The
    total is spread by what the rows say now, else by what was sold a year before, else
    evenly, and kept beside what reps wrote: they see theirs as it was.

    Raises:
        CycleNotOpen: It is a draft, or closed.
        Invalid: There are no such rows or months, or the total is no quantity.
    """
    with transaction() as session:
        cycle = _open(session, cycle_id)
        said = totals_of(session, cycle_id)
        return adjust_rows(
            session, cycle, said, total=total, reason=reason, month=month, **level
        )


def adjust_rows(
    session: Session,
    cycle: Cycle,
    said: Said,
    *,
    total: Decimal,
    reason: str,
    scenario_id: int | None = None,
    **where: Any,
) -> Adjustment:
    """Write an adjustment of a month and a level: `said` is what each row says now, by month.

    Raises:
        Invalid: There are no such rows or months, or the total is no quantity.
    """
    _check(total, reason)
    level = {name: value for name, value in where.items() if name != "month"}
    month = where.get("month")
    rows = session.scalars(_rows(cycle.id, **level)).all()
    cells = _cells(cycle, rows, month, said)
    adjustment = Adjustment(
        cycle_id=cycle.id,
        scenario_id=scenario_id,
        month=month,
        before=sum((cell.now or ZERO for cell in cells), ZERO),
        after=total,
        reason=reason.strip(),
        actor_id=current_actor_id(),
        **level,
    )
    session.add(adjustment)
    session.flush()
    _write(session, adjustment, cells)
    return adjustment


def _check(total: Decimal, reason: str) -> None:
    if not 0 <= total < MOST or total != round(total, QUANTITY_DECIMALS):
        raise Invalid("total", f"From 0 on, with at most {QUANTITY_DECIMALS} decimals.")
    if not reason.strip():
        raise Invalid("reason", "Say why.")


def _open(session: Session, cycle_id: int) -> Cycle:
    cycle = lock_cycle(session, cycle_id)
    if not cycle.is_open:
        raise CycleNotOpen(f"{cycle} is not open: its consensus stays as it is.")
    return cycle


def _rows(
    cycle_id: int, *, country: str = "", category: str = "", **ids: int | None
) -> Select[ScopeRow]:
    rows = select(ScopeRow).where(ScopeRow.cycle_id == cycle_id).order_by(ScopeRow.id)
    for name, column in NAMED.items():
        if (number := ids.pop(name, None)) is not None:
            rows = rows.where(column == number)
    if ids:
        raise TypeError(f"No level is called {min(ids)}.")
    if country:
        rows = rows.join(ScopeRow.customer).where(Customer.country == country)
    if category:
        rows = rows.join(ScopeRow.product).where(Product.category == category)
    return rows


def _cells(
    cycle: Cycle, rows: Sequence[ScopeRow], month: date | None, said: Said
) -> list[_Cell]:
    """Give the cells of rows: what they say now, with adjustments, and the year before."""
    if not rows:
        raise Invalid("rep_id", "No row of this cycle is of all of these.")
    if month is not None and month not in cycle.horizon:
        raise Invalid("month", "This is no month of the cycle.")
    begin = place_of(cycle, months_after(cycle.month, -YEAR)) - 1
    return [
        _Cell(row.id, each, said[row.id][place], max(_at(row.history, begin + place), ZERO))
        for row in rows
        for place, each in enumerate(cycle.horizon)
        if month in (None, each)
    ]


def _at(history: Sequence[Decimal], place: int) -> Decimal:
    return history[place] if 0 <= place < len(history) else ZERO


def _write(session: Session, adjustment: Adjustment, cells: Sequence[_Cell]) -> None:
    weights = [cell.now or ZERO for cell in cells]
    if not any(weights):
        weights = [cell.a_year_before for cell in cells]
    parts = spread(adjustment.after, weights)
    differing = [
        {
            "adjustment_id": adjustment.id,
            "scope_id": cell.scope_id,
            "month": cell.month,
            "difference": part - (cell.now or ZERO),
        }
        for cell, part in zip(cells, parts, strict=True)
        if part != (cell.now or ZERO)
    ]
    if differing:
        session.execute(insert(AdjustmentCell), differing)


def undo_adjustment(adjustment_id: int) -> Adjustment:
    """Let an adjustment count no more; it stays to be read. Done twice, it counts once.

    What others have adjusted since stays as they said it by difference.

    Raises:
        CycleNotOpen: The cycle is closed.
        ScenarioDecided: It is one of a scenario that was adopted or discarded.
    """
    with transaction() as session:
        one = select(Adjustment).where(Adjustment.id == adjustment_id)
        _open(session, session.scalars(one).one().cycle_id)
        adjustment = session.scalars(locked(one, Adjustment)).one()
        _refuse_decided(session, adjustment)
        if adjustment.counts:
            adjustment.undone_at = datetime.now(UTC)
            adjustment.undone_by_id = current_actor_id()
    return adjustment


def _refuse_decided(session: Session, adjustment: Adjustment) -> None:
    if adjustment.scenario_id is None:
        return
    one = select(Scenario).where(Scenario.id == adjustment.scenario_id)
    scenario = session.scalars(locked(one, Scenario)).one()
    if not scenario.is_open:
        raise ScenarioDecided(f"“{scenario}” was {scenario.status}: it stays as it is.")
