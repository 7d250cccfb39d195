"""What is written into cells: each change by its own version and its own number."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.core.actors import current_actor
from app.core.db import retried, transaction
from app.core.errors import Invalid, InvalidRow
from app.core.quantities import LARGEST_QUANTITY, QUANTITY_DECIMALS
from app.core.texts import parse_line
from app.planning import queries
from app.planning.errors import ForecastLocked, StaleCells
from app.planning.models import (
    SOURCES,
    CellChange,
    Cycle,
    ForecastCell,
    ScopeRow,
    Submission,
)
from app.planning.services.locking import share_open_cycle

MOST_CELLS = 5_000  # at once


@dataclass(frozen=True, slots=True, kw_only=True)
class CellEdit:
    """What somebody wants of one cell.

    `op_id` is a number of its own: sent twice, the edit counts once. `version` is the cell's
    that was seen, 0 where nothing was written yet. Without a quantity it falls back to the
    baseline; a reason or a comment that is None stays.
    """

    op_id: UUID
    row_id: int
    month: date
    version: int
    quantity: Decimal | None
    reason: str | None = None
    comment: str | None = None
    source: str = "typed"


class SavedCell(NamedTuple):
    """An edit that is done, and the version that the cell is in by it."""

    op_id: UUID
    row_id: int
    month: date
    version: int


class CellConflict(NamedTuple):
    """An edit that is not done, and what somebody else wrote meanwhile."""

    op_id: UUID
    row_id: int
    month: date
    version: int
    quantity: Decimal | None
    reason: str
    comment: str
    changed_by: str


@dataclass(slots=True)
class SavedCells:
    """What became of some edits."""

    saved: list[SavedCell] = field(default_factory=list)
    conflicts: list[CellConflict] = field(default_factory=list)


class _Cell(NamedTuple):
    """What a cell holds."""

    version: int
    quantity: Decimal | None
    reason: str
    comment: str
    changed_by: str


_GIVEN = """
    unnest(CAST(:op_ids AS uuid[]), CAST(:rows AS bigint[]), CAST(:months AS date[]),
           CAST(:versions AS bigint[]), CAST(:quantities AS numeric[]),
           CAST(:sources AS text[]), CAST(:reasons AS text[]), CAST(:comments AS text[]))
        AS g(op_id, scope_id, month, version, quantity, source, reason, comment)
"""
_CHANGES = text(
    f"""
    INSERT INTO cell_change
           (op_id, scope_id, month, version, quantity, source, reason, comment, actor_id)
    SELECT g.*, CAST(:actor_id AS bigint) FROM {_GIVEN}
    """  # noqa: S608  (our own words)
)
_CELLS = text(
    f"""
    INSERT INTO forecast_cell
           (scope_id, month, version, quantity, source, reason, comment, changed_by_id)
    SELECT g.scope_id, g.month, g.version, g.quantity, g.source, g.reason, g.comment,
           CAST(:actor_id AS bigint)
      FROM {_GIVEN}
    ON CONFLICT (scope_id, month) DO UPDATE
       SET version = EXCLUDED.version, quantity = EXCLUDED.quantity,
           source = EXCLUDED.source, reason = EXCLUDED.reason, comment = EXCLUDED.comment,
           changed_by_id = EXCLUDED.changed_by_id, changed_at = now()
    """  # noqa: S608
)
Key = tuple[int, date]
UNWRITTEN = _Cell(0, None, "", "", "")


@retried
def save_cells(
    cycle_id: int,
    edits: Sequence[CellEdit],
    *,
    rep_id: int | None,
    is_whole: bool = False,
) -> SavedCells:
    """Do edits in one transaction; only those of cells that others changed are left.

    `rep_id` is the rep whose rows may be written, None for all of them. What `is_whole` is done
    as a whole or not at all.

    Raises:
        CycleNotOpen: Nothing is written in a cycle that is not open.
        ForecastLocked: The rep has submitted it.
        InvalidRow: An edit names no cell that the person writes, or a value does not fit.
        StaleCells: Others changed a cell of what is to be done as a whole.
    """
    if len(edits) > MOST_CELLS:
        raise Invalid("cells", f"At most {MOST_CELLS:,} cells at once.")
    with transaction() as session:
        cycle = share_open_cycle(session, cycle_id)
        _refuse_locked(session, cycle, rep_id)
        checked = [*_checked(edits, cycle, _lock_rows(session, cycle, edits, rep_id))]
        done = _done_before(session, checked)
        cells = _cells(session, checked)
        result, changes = SavedCells(), list[CellEdit]()
        for edit in checked:
            if edit.op_id in done:
                result.saved.append(_again(edit, done[edit.op_id]))
            else:
                _apply(edit, cells, result, changes)
        if is_whole and result.conflicts:
            _refuse_stale(result.conflicts)
        _write(session, changes)
    return result


def _refuse_stale(conflicts: Sequence[CellConflict]) -> None:
    months = ", ".join(f"{one.month:%B %Y}" for one in conflicts)
    raise StaleCells(f"Somebody has written into {months} meanwhile.")


def _refuse_locked(session: Session, cycle: Cycle, rep_id: int | None) -> None:
    if rep_id is None:
        return
    mine = queries.submission_of(cycle.id, rep_id).execution_options(populate_existing=True)
    submission = session.scalars(mine.with_for_update(read=True, of=Submission)).one_or_none()
    if submission is not None and not submission.is_writable:
        raise ForecastLocked(
            f"Your forecast of {cycle} is {submission.status}: it stays as it is."
        )


def _lock_rows(
    session: Session, cycle: Cycle, edits: Sequence[CellEdit], rep_id: int | None
) -> set[int]:
    """Lock the rows that are written, in one order: so no cell is made twice."""
    wanted = {edit.row_id for edit in edits}
    mine = queries.named_rows(cycle.id, rep_id).where(ScopeRow.id.in_(wanted))
    return {*session.scalars(mine.order_by(ScopeRow.id).with_for_update(key_share=True))}


def _checked(edits: Sequence[CellEdit], cycle: Cycle, rows: set[int]) -> Iterator[CellEdit]:
    horizon = {*cycle.horizon}
    for number, edit in enumerate(edits):
        if edit.row_id not in rows:
            raise InvalidRow(
                "cells", number, "row_id", "there is no such row in this forecast."
            )
        if edit.month not in horizon:
            raise InvalidRow("cells", number, "month", "this month is not forecast here.")
        if edit.source not in SOURCES:
            raise InvalidRow("cells", number, "source", f"one of {', '.join(SOURCES)}.")
        _check_quantity(number, edit.quantity)
        yield replace(
            edit,
            reason=_line(number, "reason", edit.reason),
            comment=_line(number, "comment", edit.comment),
        )


def _check_quantity(number: int, quantity: Decimal | None) -> None:
    if quantity is None:
        return
    if quantity.is_finite() and 0 <= quantity < LARGEST_QUANTITY:
        if quantity == round(quantity, QUANTITY_DECIMALS):
            return
        raise InvalidRow("cells", number, "quantity", f"at most {QUANTITY_DECIMALS} decimals.")
    raise InvalidRow("cells", number, "quantity", "a forecast is a number from 0 on.")


def _line(number: int, name: str, words: str | None) -> str | None:
    try:
        return None if words is None else parse_line(words)
    except ValueError as error:
        raise InvalidRow("cells", number, name, str(error)) from error


def _done_before(session: Session, edits: Sequence[CellEdit]) -> dict[UUID, CellChange]:
    known = select(CellChange).where(CellChange.op_id.in_([edit.op_id for edit in edits]))
    return {change.op_id: change for change in session.scalars(known)}


def _again(edit: CellEdit, change: CellChange) -> SavedCell:
    """Answer what was done before as it was answered then.

    Raises:
        Invalid: The number belongs to another cell.
    """
    if (edit.row_id, edit.month) != (change.scope_id, change.month):
        raise Invalid("cells", "A number of an edit was used for another cell.")
    return SavedCell(edit.op_id, change.scope_id, change.month, change.version)


def _cells(session: Session, edits: Sequence[CellEdit]) -> dict[Key, _Cell]:
    cell = ForecastCell
    found = (
        select(
            *(cell.scope_id, cell.month, cell.version, cell.quantity, cell.reason),
            *(cell.comment, User.name),
        )
        .outerjoin(User, User.id == cell.changed_by_id)
        .where(cell.scope_id.in_({edit.row_id for edit in edits}))
    )
    return {
        (one.scope_id, one.month): _Cell(
            one.version, one.quantity, one.reason, one.comment, one.name or "Somebody"
        )
        for one in session.execute(found)
    }


def _apply(
    edit: CellEdit, cells: dict[Key, _Cell], result: SavedCells, changes: list[CellEdit]
) -> None:
    key = (edit.row_id, edit.month)
    cell = cells.get(key, UNWRITTEN)
    if edit.version != cell.version:
        result.conflicts.append(_conflict(edit, cell))
        return
    reason = cell.reason if edit.reason is None else edit.reason
    comment = cell.comment if edit.comment is None else edit.comment
    made = _Cell(cell.version + 1, edit.quantity, reason, comment, current_actor().name)
    if made[1:4] == cell[1:4]:
        made = cell
    else:
        cells[key] = made
        changes.append(replace(edit, version=made.version, reason=reason, comment=comment))
    result.saved.append(SavedCell(edit.op_id, *key, made.version))


def _conflict(edit: CellEdit, cell: _Cell) -> CellConflict:
    return CellConflict(
        op_id=edit.op_id, row_id=edit.row_id, month=edit.month, **cell._asdict()
    )


def _write(session: Session, changes: Sequence[CellEdit]) -> None:
    """Write changes, and what their cells hold now: a block of thousands is two statements."""
    if not changes:
        return
    actor = {"actor_id": current_actor().id}
    session.execute(_CHANGES, _columns(changes) | actor)
    last = {(edit.row_id, edit.month): edit for edit in changes}
    session.execute(_CELLS, _columns([*last.values()]) | actor)


def _columns(edits: Sequence[CellEdit]) -> dict[str, Any]:
    """Give edits column by column, as `unnest` takes them."""
    return {
        "op_ids": [str(edit.op_id) for edit in edits],
        "rows": [edit.row_id for edit in edits],
        "months": [edit.month for edit in edits],
        "versions": [edit.version for edit in edits],
        "quantities": [edit.quantity for edit in edits],
        "sources": [edit.source for edit in edits],
        "reasons": [edit.reason for edit in edits],
        "comments": [edit.comment for edit in edits],
    }
