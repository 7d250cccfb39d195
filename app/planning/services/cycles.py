"""Cycles: made, changed, opened and closed."""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import delete, insert, literal, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.core import audit
from app.core.db import transaction
from app.core.errors import AlreadyExists, DomainError, Invalid
from app.core.events import publish
from app.core.settings import setting
from app.planning import queries
from app.planning.errors import CycleNotDraft, CycleNotOpen
from app.planning.events import CycleOpened
from app.planning.models import Cycle, ScopeRow, Submission
from app.planning.models.cycles import LONGEST_HORIZON, MOST_PERCENT
from app.planning.months import months_after
from app.planning.services.freezing import freeze, take_snapshot
from app.planning.services.locking import lock_cycle, lock_draft
from app.planning.services.pricing import keep_prices
from app.planning.services.templates import SUBJECT, TEXT, check_template

HORIZON, THRESHOLD, DAYS = 12, 30, 10
ONLY_IN_DRAFT = ("month", "months")


class Proposed(NamedTuple):
    """What a new cycle begins with."""

    month: date
    months: int
    due_on: date
    threshold: int
    rep_ids: list[int]
    before: Cycle | None  # the newest there is: its matrix may be copied


def propose_cycle() -> Proposed:
    """Give what the next cycle probably is: the newest one, a month later."""
    today = datetime.now(ZoneInfo(str(setting("time_zone")))).date()
    with transaction() as session:
        before = session.scalars(queries.newest_cycle()).first()
        if before is None:
            month = months_after(today, 1)
            due = today + timedelta(days=DAYS)
            return Proposed(month, HORIZON, due, THRESHOLD, [], None)
        reps = [*session.scalars(queries.rep_ids(before.id))]
        month = months_after(before.month, 1)
        due = month - timedelta(days=1)
        return Proposed(month, before.months, due, before.threshold, reps, before)


def create_cycle(  # noqa: PLR0913  (all that a cycle says)
    *,
    month: date,
    months: int,
    due_on: date,
    threshold: int,
    rep_ids: Collection[int],
    note: str = "",
    copies: bool = False,
    reminder_subject: str | None = None,
    reminder_text: str | None = None,
) -> Cycle:
    """Make a draft; with `copies` its matrix is that of the newest cycle, of reps of both.

    `month` is any day of the first month that is forecast.

    Raises:
        Invalid: There is a cycle of this month, or somebody named may not forecast.
    """
    with transaction() as session:
        before = session.scalars(queries.newest_cycle()).first()
        cycle = Cycle(
            month=month.replace(day=1),
            months=_horizon(months),
            due_on=due_on,
            threshold=_percent(threshold),
            note=note,
            reminder_subject=reminder_subject
            or (before.reminder_subject if before else SUBJECT),
            reminder_text=reminder_text or (before.reminder_text if before else TEXT),
        )
        check_template("reminder_subject", cycle.reminder_subject)
        check_template("reminder_text", cycle.reminder_text)
        people = _reps(session, rep_ids)
        _add(session, cycle)
        session.add_all(Submission(cycle_id=cycle.id, user_id=one.id) for one in people)
        session.flush()
        if copies and before is not None:
            _copy_matrix(session, before.id, cycle.id)
    return cycle


def _add(session: Session, cycle: Cycle) -> None:
    try:
        with session.begin_nested():
            session.add(cycle)
    except IntegrityError:
        raise AlreadyExists("month", f"There is a cycle of {cycle} already.") from None


def _horizon(months: int) -> int:
    if not 1 <= months <= LONGEST_HORIZON:
        raise Invalid("months", f"From 1 to {LONGEST_HORIZON} months.")
    return months


def _percent(threshold: int) -> int:
    if not 0 <= threshold <= MOST_PERCENT:
        raise Invalid("threshold", f"From 0 to {MOST_PERCENT} percent.")
    return threshold


def _reps(session: Session, rep_ids: Collection[int]) -> Sequence[User]:
    """Find who takes part.

    Raises:
        Invalid: Nobody, or somebody who may not write forecasts.
    """
    wanted = {*rep_ids}
    found = [one for one in session.scalars(queries.reps()) if one.id in wanted]
    if len(found) < len(wanted):
        raise Invalid("rep_ids", "Somebody of these may not write forecasts.")
    if not found:
        raise Invalid("rep_ids", "Say who forecasts.")
    return found


def _copy_matrix(session: Session, source_id: int, target_id: int) -> None:
    names = ("user_id", "customer_id", "product_id")
    kept = select(literal(target_id), *(getattr(ScopeRow, name) for name in names)).where(
        ScopeRow.cycle_id == source_id,
        ScopeRow.user_id.in_(queries.rep_ids(target_id)),
    )
    session.execute(insert(ScopeRow).from_select(["cycle_id", *names], kept))


def update_cycle(
    cycle_id: int,
    *,
    version: int | None,
    rep_ids: Collection[int] | None = None,
    **changes: Any,
) -> Cycle:
    """Change a cycle; once it is open its month, its horizon and its reps stay.

    Raises:
        Invalid: A value does not fit, or a rep who is taken out has rows.
        CycleNotDraft: It is open, and this is no more to be changed.
        StaleVersion: Others have changed the same.
    """
    with transaction() as session:
        cycle = lock_cycle(session, cycle_id)
        _check_changes(cycle, changes)
        if "month" in changes:
            _refuse_month(session, cycle, changes["month"])
        if rep_ids is not None:
            _change_reps(session, cycle, rep_ids)
        cycle.revise(version=version, **changes)
    return cycle


def _check_changes(cycle: Cycle, changes: dict[str, Any]) -> None:
    if "month" in changes:
        changes["month"] = changes["month"].replace(day=1)
    if "months" in changes:
        _horizon(changes["months"])
    if "threshold" in changes:
        _percent(changes["threshold"])
    for name in ("reminder_subject", "reminder_text"):
        if name in changes:
            check_template(name, changes[name])
    fixed = [
        name for name in ONLY_IN_DRAFT if changes.get(name) not in (None, getattr(cycle, name))
    ]
    if fixed and not cycle.is_draft:
        raise CycleNotDraft(f"{cycle} was opened: its months stay as they are.")


def _refuse_month(session: Session, cycle: Cycle, month: date) -> None:
    taken = select(Cycle.id).where(Cycle.month == month, Cycle.id != cycle.id)
    if session.scalar(taken):
        raise AlreadyExists("month", f"There is a cycle of {month:%B %Y} already.")


def _change_reps(session: Session, cycle: Cycle, rep_ids: Collection[int]) -> None:
    present = {*session.scalars(queries.rep_ids(cycle.id))}
    if present == {*rep_ids}:
        return
    if not cycle.is_draft:
        raise CycleNotDraft(f"{cycle} was opened: its reps stay as they are.")
    people = {one.id: one for one in _reps(session, rep_ids)}
    gone = present - people.keys()
    if busy := session.scalars(queries.reps_with_rows(cycle.id, gone)).all():
        names = " and ".join(busy)
        raise Invalid("rep_ids", f"{names} still has rows: give them to others first.")
    before = ", ".join(session.scalars(queries.rep_names(cycle.id)))
    session.execute(
        delete(Submission).where(Submission.cycle_id == cycle.id, Submission.user_id.in_(gone))
    )
    session.add_all(
        Submission(cycle_id=cycle.id, user_id=one) for one in people if one not in present
    )
    audit.note(cycle, "Reps", before, ", ".join(one.name for one in people.values()))
    cycle.version += 1


def delete_cycle(cycle_id: int) -> None:
    """Delete a draft with its matrix.

    Raises:
        CycleNotDraft: It was opened.
    """
    with transaction() as session:
        cycle = lock_draft(session, cycle_id)
        for model in (ScopeRow, Submission):
            session.execute(delete(model).where(model.cycle_id == cycle_id))
        session.delete(cycle)


def open_cycle(cycle_id: int) -> Cycle:
    """Let reps write: the matrix and what was sold before are frozen as they are now.

    The job that makes the baselines follows.

    Raises:
        CycleNotDraft: It was opened already.
        Invalid: There is nothing to forecast.
    """
    with transaction() as session:
        cycle = lock_draft(session, cycle_id)
        if not session.scalar(queries.row_count(cycle_id)):
            raise DomainError("Nobody has a row to forecast: fill the matrix first.")
        cycle.status, cycle.opened_at = "open", datetime.now(UTC)
        freeze(session, cycle)
        cycle.version += 1
        publish(CycleOpened(cycle_id=cycle_id))
    return cycle


def close_cycle(cycle_id: int) -> Cycle:
    """Let nobody write any more; what there is now is the consensus, at the prices of now.

    Raises:
        CycleNotOpen: It is a draft, or closed already.
    """
    with transaction() as session:
        cycle = lock_cycle(session, cycle_id)
        if not cycle.is_open:
            raise CycleNotOpen(f"{cycle} is not open.")
        session.flush()
        take_snapshot(session, cycle, "consensus")
        keep_prices(session, cycle)
        cycle.status, cycle.closed_at = "closed", datetime.now(UTC)
        cycle.version += 1
    return cycle
