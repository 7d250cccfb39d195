"""Who counts: taking a bin, going on with it elsewhere, giving it back."""

from uuid import UUID

from app.accounts.models import User
from app.core import audit
from app.core.db import retried, transaction
from app.counting import queries
from app.counting.errors import NotAllowed
from app.counting.models import TO_COUNT, CountTask
from app.counting.services.locking import COUNT, Counter, locked_count, publish_change
from app.scanning.services import ActionResult, TabletAction, lock_user, perform_once


@retried
def claim(count_id: int, counter: Counter) -> CountTask:
    """Take a count, or go on with one's own on this tablet, at the same piece.

    One that nobody has scanned for since its lease ended may be taken over; what its counter
    has found stays.

    Raises:
        NotAllowed: Somebody else has it, it is not to be counted, or one has another in work.
    """
    with transaction() as session:
        lock_user(counter.user_id)
        task = locked_count(count_id)
        if task.state == "counting":
            _refuse_taken(task, counter)
        elif task.state not in TO_COUNT:
            raise NotAllowed(f"{task} is not to be counted: {task.state_label.lower()}.")
        other = session.scalar(queries.count_of(counter.user_id))
        if other is not None and other.id != task.id:
            raise NotAllowed(f"You have {other} in work: finish it or give it back first.")
        before = task.claimed_by.name if task.claimed_by else ""
        audit.note(task, "counter", before, session.get_one(User, counter.user_id).name)
        task.assign_to(counter.user_id, counter.device)
        publish_change(task)
    return task


@retried
def release(count_id: int, *, user_id: int | None = None) -> CountTask:
    """Give a count back; it begins anew, because nobody knows what moves meanwhile.

    `user_id` is whose it must be; None is the office.

    Raises:
        NotAllowed: Nobody has it, or somebody else.
    """
    with transaction() as session:
        task = locked_count(count_id)
        if task.state != "counting":
            raise NotAllowed(f"Nobody is counting {task}.")
        if user_id is not None and task.claimed_by_id != user_id:
            raise NotAllowed("Somebody else has taken this count.")
        for line in task.current_lines:
            session.delete(line)
        for one in task.rounds:
            if one.number == task.round:
                session.delete(one)
        task.unassign("recount" if task.is_recount else "open")
        publish_change(task)
    return task


def release_once(count_id: int, counter: Counter, *, scan_id: UUID) -> ActionResult:
    """Give one's own count back by a tap, once per id."""
    action = TabletAction(id=scan_id, task_type=COUNT, task_id=count_id, kind="leave")
    return perform_once(action, lambda: _release_once(count_id, counter))


def _release_once(count_id: int, counter: Counter) -> ActionResult:
    release(count_id, user_id=counter.user_id)
    return ActionResult(message="Given back. Whoever takes it begins anew.")


def _refuse_taken(task: CountTask, counter: Counter) -> None:
    if task.claimed_by_id != counter.user_id and not task.is_idle():
        raise NotAllowed(f"{task.claimed_by} is counting {task.location.code}: take another.")
