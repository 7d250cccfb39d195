"""Whose count it is, and the lock that every step of it begins with.

Everything is locked in one order: the count, orders by id, then reservations and balances.
"""

from dataclasses import dataclass
from datetime import datetime

from app.core.db import db, locked
from app.core.events import publish
from app.counting import queries
from app.counting.events import CountChanged
from app.counting.models import CountTask
from app.scanning.errors import WrongScan

COUNT = queries.COUNT  # the task type of scans


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """Somebody with a tablet."""

    user_id: int
    device: str


def locked_count(count_id: int) -> CountTask:
    """Lock a count: whoever holds it may change its lines."""
    return db.session.scalars(locked(queries.count(count_id), CountTask)).one()


def own_count(count_id: int, counter: Counter) -> CountTask:
    """Lock a count for a step of whoever has it, and renew the lease.

    Raises:
        WrongScan: Another person or another tablet has it, or it is in nobody's hands.
    """
    task = locked_count(count_id)
    if task.state != "counting":
        raise WrongScan(f"Nothing is taken for this count: {task.state_label.lower()}.")
    if task.claimed_by_id != counter.user_id:
        raise WrongScan("Somebody else has taken this count. Go back and take another.")
    if task.device != counter.device:
        raise WrongScan("You went on with this on another tablet. Open it again to continue.")
    task.renew()
    return task


def last_counts(task: CountTask) -> dict[tuple[int, int | None], datetime]:
    """When the goods in the bin were last counted, by product and lot."""
    rows = db.session.execute(queries.last_counts(task.location_id))
    return {(product_id, lot_id): moment for product_id, lot_id, moment in rows}


def publish_change(task: CountTask) -> None:
    """Write what has changed, and publish it."""
    db.session.flush()
    publish(CountChanged(count_id=task.id))
