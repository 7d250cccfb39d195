"""Whose task it is, and the lock that every step of it begins with.

Everything is locked in one order: the task, its order, then reservations and balances.
"""

from collections.abc import Collection
from dataclasses import dataclass

from app.accounts.models import User
from app.core.db import db, locked
from app.core.events import publish
from app.fulfilment import queries
from app.fulfilment.events import PickChanged
from app.fulfilment.models import IN_WORK, PickLine, PickTask, PickTaskOrder
from app.scanning.errors import WrongScan

PICK = "pick"  # the task type of scans


@dataclass(frozen=True, slots=True, kw_only=True)
class Picker:
    """Somebody with a tablet."""

    user_id: int
    device: str


def locked_task(task_id: int) -> PickTask:
    """Lock a task: whoever holds it may change its lines."""
    return db.session.scalars(locked(queries.task(task_id), PickTask)).one()


def own_task(task_id: int, picker: Picker, *, states: Collection[str] = IN_WORK) -> PickTask:
    """Lock a task for a step of whoever has it, and renew the lease.

    `states` are those in which the step is possible.

    Raises:
        WrongScan: Another person or another tablet has it, or it is over.
    """
    task = locked_task(task_id)
    if task.state not in states:
        raise WrongScan(
            f"This pick task is {task.state_label.lower()}. Go back and take the next."
        )
    if task.claimed_by_id != picker.user_id:
        taker = name_of(task.claimed_by_id)
        raise WrongScan(f"{taker} has taken this pick task. Go back and take the next.")
    if task.device != picker.device:
        raise WrongScan("You went on with this on another tablet. Open it again to continue.")
    task.renew()
    return task


def name_of(user_id: int | None) -> str:
    """What people call the one who has a pick task."""
    user = db.session.get(User, user_id) if user_id else None
    return user.name if user else "Nobody"


def current_line(task: PickTask) -> PickLine | None:
    """The line that comes next: the one that waits for its tote, else the first at this bin."""
    if task.tote_line_id:
        return line_of(task, task.tote_line_id)
    to_do = [line for line in task.lines if line.is_to_do]
    here = [line for line in to_do if line.location_id == task.bin_id]
    return next(iter(here or to_do), None)


def line_of(task: PickTask, line_id: int | None) -> PickLine:
    """A line of a task by its id."""
    return next(line for line in task.lines if line.id == line_id)


def task_order_of(task: PickTask, order_id: int) -> PickTaskOrder:
    """The order of a task by its id."""
    return next(task_order for task_order in task.orders if task_order.order_id == order_id)


def publish_change(task: PickTask) -> None:
    """Write what has changed, and publish it."""
    db.session.flush()
    publish(PickChanged(task_id=task.id))
