"""What becomes of a difference: somebody approves it, has it counted again, or gives it up."""

from app.core.actors import current_actor_id
from app.core.db import retried, transaction
from app.counting.errors import NotAllowed
from app.counting.models import CountLine, CountTask
from app.counting.services.conflicts import (
    lock_orders,
    refuse_conflicts,
    release_conflicts,
    requeue_orders,
)
from app.counting.services.finishing import update_status
from app.counting.services.locking import last_counts, locked_count, publish_change
from app.counting.services.posting import post_lines
from app.stock import services as stock


@retried
def approve(count_id: int, *, reason: str, releases: bool = False) -> CountTask:
    """Post the differences of a count, all in one posting, once however often it is asked for.

    A line is counted again instead if somebody has posted a count of the same goods since, or
    if fewer are on hand now than it would take away: both have corrected it already, perhaps.
    `releases` ends reservations that nothing is left for; their orders wait for goods again.

    Raises:
        NotAllowed: It does not wait for approval, or somebody else was faster.
        ReservationsNotCovered: Fewer would be left than are reserved.
        Invalid: The bin or a product is out of use and takes no postings.
    """
    with transaction():
        task = locked_count(count_id)
        if task.state == "done" and task.approved_by_id == current_actor_id():
            return task  # the same tap, sent twice
        _refuse_other(task, "review")
        lines = _to_approve(task)
        if releases:
            lock_orders(task, lines)
        held = stock.lock_balances(_balance_key(task, line) for line in lines)
        postable = _postable(task, lines, held)
        lost = release_conflicts(task, postable, held) if releases else set()
        if not releases:
            refuse_conflicts(task, postable, held)
        post_lines(task, postable, key="approved", note=reason)
        for line in postable:
            line.state = "posted"
        requeue_orders(lost, [line.product_id for line in postable])
        task.reason, task.approved_by_id = reason, current_actor_id()
        update_status(task)
    return task


@retried
def request_recount(count_id: int) -> CountTask:
    """Have what differs counted again.

    Raises:
        NotAllowed: It does not wait for approval.
    """
    with transaction():
        task = locked_count(count_id)
        _refuse_other(task, "review")
        for line in _to_approve(task):
            line.state, line.recount_reason = "recount", "asked"
        update_status(task)
    return task


@retried
def cancel(count_id: int, *, reason: str = "") -> CountTask:
    """Give a count up: nothing of it is posted any more, the books stay as they are.

    Raises:
        NotAllowed: It is over.
    """
    with transaction() as session:
        task = locked_count(count_id)
        if not task.is_open:
            raise NotAllowed(f"{task} is over: {task.state_label.lower()}.")
        for line in task.lines:
            if line.state == "open":
                session.delete(line)  # half a count says nothing
            elif line.state in ("review", "recount"):
                line.state = "dropped"
        task.reason = reason
        task.unassign("cancelled")
        publish_change(task)
    return task


def _refuse_other(task: CountTask, state: str) -> None:
    if task.state == state:
        return
    if task.state == "done" and task.approved_by:
        raise NotAllowed(f"{task.approved_by} has approved {task} already.")
    raise NotAllowed(f"{task} does not wait for approval: {task.state_label.lower()}.")


def _to_approve(task: CountTask) -> list[CountLine]:
    return [line for line in task.results if line.state == "review"]


def _postable(
    task: CountTask, lines: list[CountLine], held: stock.BalanceSnapshots
) -> list[CountLine]:
    """Set aside for a recount what something has overtaken since; give the others."""
    last = last_counts(task)
    postable = []
    for line in lines:
        left = held[_balance_key(task, line)].on_hand + line.difference
        is_recounted = last.get((line.product_id, line.lot_id)) != line.counted_before
        if left < 0 or is_recounted:
            line.state, line.recount_reason = "recount", "moved"
        else:
            postable.append(line)
    return postable


def _balance_key(task: CountTask, line: CountLine) -> stock.Place:
    return line.product_id, task.location_id, line.lot_id
