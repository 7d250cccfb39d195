"""What reps hand in: submitted, returned with a reason, approved."""

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from app.core.db import transaction
from app.core.errors import DomainError, Invalid
from app.core.texts import parse_line
from app.planning import queries
from app.planning.errors import ForecastIncomplete
from app.planning.models import Cycle, Submission
from app.planning.services.freezing import take_snapshot
from app.planning.services.locking import lock_submission, share_open_cycle


def submit_forecast(submission_id: int, *, accepts_blanks: bool = False) -> Submission:
    """Hand a forecast in: its rep writes no more in it unless it is returned.

    Raises:
        CycleNotOpen: The cycle is closed.
        ForecastIncomplete: A reason is missing; or a quantity, unless blanks are accepted.
    """
    with transaction() as session:
        submission = lock_submission(session, submission_id)
        cycle = share_open_cycle(session, submission.cycle_id)
        if not submission.is_writable:
            raise DomainError("This was submitted already.")
        _refuse_incomplete(session, submission, accepts_blanks=accepts_blanks)
        take_snapshot(session, cycle, "submitted", user_id=submission.user_id)
        submission.status, submission.reason = "submitted", ""
        submission.submitted_at, submission.decided_at = datetime.now(UTC), None
    return submission


def _refuse_incomplete(
    session: Session, submission: Submission, *, accepts_blanks: bool
) -> None:
    found = session.execute(queries.gaps(submission.cycle_id, submission.user_id)).one()
    if found.reasons:
        cells = "cell lies" if found.reasons == 1 else "cells lie"
        raise ForecastIncomplete(
            f"{found.reasons:,} {cells} far off the baseline without a reason."
        )
    if found.blanks and not accepts_blanks:
        cells = "cell is" if found.blanks == 1 else "cells are"
        raise ForecastIncomplete(
            f"{found.blanks:,} {cells} blank. Fill them, or say that they are meant to be."
        )


def return_submission(submission_id: int, *, reason: str) -> Submission:
    """Let the rep go on writing, and say why.

    Raises:
        CycleNotOpen: The cycle is closed.
        Invalid: There is no reason.
        DomainError: It was not handed in.
    """
    try:
        said = parse_line(reason)
    except ValueError as error:
        raise Invalid("reason", str(error)) from error
    if not said:
        raise Invalid("reason", "Say why.")
    return _decide(submission_id, "returned", said)


def approve_submission(submission_id: int) -> Submission:
    """Take it as it is.

    Raises:
        CycleNotOpen: The cycle is closed.
        DomainError: It was not handed in.
    """
    return _decide(submission_id, "approved", "")


def _decide(submission_id: int, status: str, reason: str) -> Submission:
    allowed = ("submitted", "approved") if status == "returned" else ("submitted",)
    with transaction() as session:
        submission = lock_submission(session, submission_id)
        _cycle: Cycle = share_open_cycle(session, submission.cycle_id)
        if submission.status not in allowed:
            raise DomainError("This is not handed in.")
        submission.status, submission.reason = status, reason
        submission.decided_at = datetime.now(UTC)
    return submission
