"""Cycles under lock: what is written in one waits for its opening and closing."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.db import locked
from app.planning.errors import CycleNotDraft, CycleNotOpen
from app.planning.models import Cycle, Submission


def lock_cycle(session: Session, cycle_id: int) -> Cycle:
    """Lock a cycle for a change of its own."""
    one = select(Cycle).where(Cycle.id == cycle_id)
    return session.scalars(locked(one, Cycle)).one()


def lock_draft(session: Session, cycle_id: int) -> Cycle:
    """Lock a cycle that is a draft.

    Raises:
        CycleNotDraft: It was opened.
    """
    cycle = lock_cycle(session, cycle_id)
    if not cycle.is_draft:
        raise CycleNotDraft(f"{cycle} was opened: this stays as it is.")
    return cycle


def share_open_cycle(session: Session, cycle_id: int) -> Cycle:
    """Keep a cycle open while something is written in it; others write meanwhile.

    Raises:
        CycleNotOpen: It is a draft, or closed.
    """
    one = select(Cycle).where(Cycle.id == cycle_id).with_for_update(read=True)
    cycle = session.scalars(one.execution_options(populate_existing=True)).one()
    if not cycle.is_open:
        state = "closed" if cycle.closed_at else "not open yet"
        raise CycleNotOpen(f"{cycle} is {state}: nothing can be written in it.")
    return cycle


def lock_submission(session: Session, submission_id: int) -> Submission:
    """Lock what a rep hands in."""
    one = select(Submission).where(Submission.id == submission_id)
    return session.scalars(locked(one, Submission)).one()
