"""Selects over cycles, their rows and what is written in them."""

from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, TextClause, func, or_, select, text
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from app.accounts.models import User
from app.accounts.queries import users_who_may
from app.catalog.models import Customer, Product
from app.core.search import has_part
from app.planning.models import (
    WRITABLE,
    Adjustment,
    AdjustmentCell,
    CellChange,
    Cycle,
    Scenario,
    ScopeRow,
    Submission,
)

CYCLE_SORTS = {"id": Cycle.id, "month": Cycle.month}
ROW_SORTS = {"id": ScopeRow.id}
ROWS_IN_ORDER = (func.lower(Customer.name), Customer.id, func.lower(Product.name), Product.id)
CHANGE_SORTS = {"id": CellChange.id}


def cycles(*, status: str = "", rep_id: int | None = None) -> Select[Cycle]:
    """Cycles with who takes part; `rep_id` leaves those of one rep."""
    handed_in = selectinload(Cycle.submissions).options(
        joinedload(Submission.user), joinedload(Submission.cycle)
    )
    query = select(Cycle).options(handed_in)
    if status:
        query = query.where(Cycle.status == status)
    if rep_id is not None:
        query = query.where(Cycle.submissions.any(Submission.user_id == rep_id))
    return query


def cycle(cycle_id: int) -> Select[Cycle]:
    """One cycle with who takes part."""
    return cycles().where(Cycle.id == cycle_id)


def newest_cycle() -> Select[Cycle]:
    """The cycle of the latest month."""
    return select(Cycle).order_by(Cycle.month.desc()).limit(1)


def cycle_before(month: date) -> Select[Cycle]:
    """The last cycle before a month that was opened."""
    opened = select(Cycle).where(Cycle.month < month, Cycle.status != "draft")
    return opened.order_by(Cycle.month.desc()).limit(1)


def reps() -> Select[User]:
    """Users who may write forecasts."""
    return users_who_may("forecasts.edit")


def rep_ids(cycle_id: int) -> Select[int]:
    """Ids of the users who take part."""
    found = select(Submission.user_id).where(Submission.cycle_id == cycle_id)
    return found.order_by(Submission.user_id)


def rep_names(cycle_id: int) -> Select[str]:
    """Names of the users who take part."""
    taking = Submission.user_id == User.id
    found = select(User.name).join(Submission, taking).where(Submission.cycle_id == cycle_id)
    return found.order_by(User.id)


def who_took_part() -> Select[int, str]:
    """Ids and names of all who took part in a cycle, by name."""
    taking = select(Submission.user_id)
    found = select(User.id, User.name).where(User.id.in_(taking))
    return found.order_by(func.lower(User.name), User.id)


def reps_with_rows(cycle_id: int, user_ids: Collection[int]) -> Select[str]:
    """Names of those of some users who have rows."""
    has_rows = ScopeRow.user_id == User.id
    found = select(User.name).join(ScopeRow, has_rows).where(ScopeRow.cycle_id == cycle_id)
    return found.where(User.id.in_(user_ids)).distinct()


def products_of(cycle_id: int) -> Select[int, int]:
    """The product of each row, by the row's id."""
    return select(ScopeRow.id, ScopeRow.product_id).where(ScopeRow.cycle_id == cycle_id)


def row_count(cycle_id: int) -> Select[int]:
    """How many rows a cycle has."""
    return select(func.count()).select_from(ScopeRow).where(ScopeRow.cycle_id == cycle_id)


def rows(
    cycle_id: int | None, *, search: str = "", rep_id: int | None = None
) -> Select[ScopeRow]:
    """Rows of the matrix of a cycle, or of all, with what they name."""
    query = (
        select(ScopeRow)
        .join(ScopeRow.customer)
        .join(ScopeRow.product)
        .join(ScopeRow.user)
        .options(
            contains_eager(ScopeRow.customer),
            contains_eager(ScopeRow.product),
            contains_eager(ScopeRow.user),
            joinedload(ScopeRow.cycle),
        )
    )
    if cycle_id is not None:
        query = query.where(ScopeRow.cycle_id == cycle_id)
    if search:
        codes, names = (Customer.code, Product.sku), (Customer.name, Product.name)
        query = query.where(has_part(search, codes=codes, names=names))
    return query if rep_id is None else query.where(ScopeRow.user_id == rep_id)


def row(row_id: int) -> Select[ScopeRow]:
    """One row of a matrix with what it names."""
    return (
        select(ScopeRow)
        .where(ScopeRow.id == row_id)
        .options(
            joinedload(ScopeRow.customer),
            joinedload(ScopeRow.product),
            joinedload(ScopeRow.user),
            joinedload(ScopeRow.cycle),
        )
    )


def submission(submission_id: int) -> Select[Submission]:
    """What one rep hands in, with whose it is and of which cycle."""
    one = select(Submission).where(Submission.id == submission_id)
    return one.options(joinedload(Submission.user), joinedload(Submission.cycle))


def submission_of(cycle_id: int, user_id: int) -> Select[Submission]:
    """What a rep hands in, in a cycle."""
    one = select(Submission).where(
        Submission.cycle_id == cycle_id, Submission.user_id == user_id
    )
    return one.options(joinedload(Submission.user), joinedload(Submission.cycle))


def unsubmitted(cycle_id: int) -> Select[Submission]:
    """What reps still write."""
    writing = Submission.cycle_id == cycle_id, Submission.status.in_(WRITABLE)
    return select(Submission).where(*writing).order_by(Submission.id)


def unsubmitted_until(due: date, *, reminded_before: datetime) -> Select[Submission]:
    """What is due until a day, is not submitted, and was not reminded of lately."""
    was_quiet = or_(Submission.reminded_at.is_(None), Submission.reminded_at < reminded_before)
    return (
        select(Submission)
        .join(Submission.cycle)
        .where(Cycle.status == "open", Cycle.due_on <= due)
        .where(Submission.status.in_(WRITABLE), was_quiet)
        .order_by(Submission.id)
    )


def adjustments(cycle_id: int | None = None) -> Select[Adjustment]:
    """What planners have adjusted, in a cycle or in all of them, with what it names.

    Those of scenarios are no part of what a cycle says: see `scenario_adjustments`.
    """
    found = select(Adjustment).options(
        joinedload(Adjustment.cycle, innerjoin=True),
        joinedload(Adjustment.rep),
        joinedload(Adjustment.customer),
        joinedload(Adjustment.product),
        joinedload(Adjustment.actor),
        joinedload(Adjustment.scenario),
    )
    if cycle_id is None:
        return found
    return found.where(Adjustment.cycle_id == cycle_id, Adjustment.scenario_id.is_(None))


def differences(row_ids: Collection[int]) -> Select[int, date, Decimal]:
    """What planners have adjusted of rows in the consensus: row, month, how much in all."""
    cell = AdjustmentCell
    counts = Adjustment.scenario_id.is_(None), Adjustment.undone_at.is_(None)
    return (
        select(cell.scope_id, cell.month, func.sum(cell.difference))
        .join(Adjustment, Adjustment.id == cell.adjustment_id)
        .where(cell.scope_id.in_(row_ids), *counts)
        .group_by(cell.scope_id, cell.month)
    )


def scenario_adjustments(scenario_id: int) -> Select[Adjustment]:
    """What planners have adjusted in a scenario, with what it names."""
    return adjustments().where(Adjustment.scenario_id == scenario_id)


def scenarios(cycle_id: int | None = None) -> Select[Scenario]:
    """Scenarios of a cycle or of all, with their cycle and who copied them."""
    found = select(Scenario).options(
        joinedload(Scenario.cycle, innerjoin=True)
        .selectinload(Cycle.submissions)
        .joinedload(Submission.user),
        joinedload(Scenario.actor),
    )
    return found if cycle_id is None else found.where(Scenario.cycle_id == cycle_id)


def changes(row_id: int, month: date) -> Select[CellChange]:
    """What was done to a cell, the newest first."""
    of_cell = CellChange.scope_id == row_id, CellChange.month == month
    found = select(CellChange).options(joinedload(CellChange.actor)).where(*of_cell)
    return found.order_by(CellChange.version.desc())


# A cell lies far off the baseline from the cycle's threshold on; at 0 nobody is asked why.
_CELLS = """
      FROM planning_scope s
      JOIN planning_cycle y ON y.id = s.cycle_id
      CROSS JOIN LATERAL generate_series(0, y.months - 1) AS m(place)
      LEFT JOIN planning_baseline b ON b.scope_id = s.id
      LEFT JOIN forecast_cell c ON c.scope_id = s.id
           AND c.month = CAST(y.month + m.place * interval '1 month' AS date)
     WHERE s.cycle_id = :cycle_id
"""
_BLANK = "c.quantity IS NULL AND b.quantities[m.place + 1] IS NULL"
_UNEXPLAINED = """
    y.threshold > 0 AND c.reason = ''
    AND c.quantity <> b.quantities[m.place + 1]
    AND abs(c.quantity - b.quantities[m.place + 1]) * 100
        >= y.threshold * b.quantities[m.place + 1]
"""
_GAPS = text(
    f"""
    SELECT count(*) FILTER (WHERE {_BLANK}) AS blanks,
           count(*) FILTER (WHERE {_UNEXPLAINED}) AS reasons
    {_CELLS} AND s.user_id = :user_id
    """
)
_TRACKING = text(
    f"""
    SELECT s.user_id, count(DISTINCT s.id) AS rows, count(*) AS cells,
           count(c.quantity) AS written, count(*) FILTER (WHERE {_BLANK}) AS blanks,
           count(*) FILTER (WHERE {_UNEXPLAINED}) AS reasons,
           sum(COALESCE(c.quantity, b.quantities[m.place + 1])) AS quantity,
           max(c.changed_at) AS changed_at
    {_CELLS} GROUP BY s.user_id
    """
)


def gaps(cycle_id: int, user_id: int) -> TextClause:
    """What keeps a rep from submitting: `blanks`, and missing `reasons`, counted in cells."""
    return _GAPS.bindparams(cycle_id=cycle_id, user_id=user_id)


def tracking(cycle_id: int) -> TextClause:
    """How far each rep is: rows, cells, those written, blanks, missing reasons, the total."""
    return _TRACKING.bindparams(cycle_id=cycle_id)


def named_rows(cycle_id: int, rep_id: int | None) -> Select[Any]:
    """Ids of the rows that somebody writes: a rep's own, or all of a cycle."""
    found = select(ScopeRow.id).where(ScopeRow.cycle_id == cycle_id)
    return found if rep_id is None else found.where(ScopeRow.user_id == rep_id)
