"""A count was posted that should not have been: the books say again what they said before.

Each difference goes back through the ledger, as it came; what has moved since stays moved.
Nothing else of the count is forgotten: its lines stay, and are not posted any more.
"""

from collections.abc import Sequence

from app.core.actors import current_actor_id
from app.core.db import db, retried, transaction
from app.counting import queries
from app.counting.errors import NotAllowed
from app.counting.models import CountTask
from app.counting.services.locking import COUNT, last_counts, locked_count, publish_change
from app.stock import services as stock
from app.stock.models import Movement


@retried
def undo_count(count_id: int, *, reason: str) -> CountTask:
    """Take back the differences that a count has posted, all of them, once however often asked.

    Reservations that were released for it do not come back by themselves: their orders wait,
    and get the goods that are there again.

    Raises:
        NotAllowed: It has posted nothing, or somebody has counted the same goods since.
        InsufficientStock: What it had found has gone, or is reserved.
        Invalid: The bin is blocked, or out of use.
    """
    with transaction():
        task = locked_count(count_id)
        posted = db.session.scalars(queries.posted_by(count_id)).all()
        if task.state == "undone":
            return task  # the same tap, sent twice
        refuse_undoing(task)
        standing = _standing(posted)
        for posting_id in sorted({one.posting_id for one in standing}, reverse=True):
            stock.reverse_document_posting(
                posting_id,
                document=(COUNT, task.id),
                key=f"count:{task.id}:undo:{posting_id}",
                note=reason,
            )
        _refuse_overtaken(task, standing)
        for line in task.lines:
            if line.state == "posted":
                line.state = "dropped"
                stock.forget_count(
                    (line.product_id, task.location_id, line.lot_id), before=line.counted_before
                )
        task.reason, task.approved_by_id = reason, current_actor_id()
        task.state = "undone"
        publish_change(task)
    return task


def refuse_undoing(task: CountTask) -> None:
    """Refuse a count that has changed nothing in the books, or not yet.

    Raises:
        NotAllowed: With its state in words.
    """
    if task.state == "undone":
        raise NotAllowed(f"{task} is undone already.")
    if task.state != "done":
        state = task.state_label.lower()
        raise NotAllowed(f"{task} has nothing to undo: it is not posted but {state}.")
    if not task.is_posted:
        raise NotAllowed(f"{task} has nothing to undo: what it found is what the books said.")


def _standing(posted: Sequence[Movement]) -> list[Movement]:
    """What is neither undone nor an undo itself."""
    undone = {one.reverses_id for one in posted}
    return [one for one in posted if one.reverses_id is None and one.id not in undone]


def _refuse_overtaken(task: CountTask, standing: Sequence[Movement]) -> None:
    """Whoever counted later has put right what this count did: undone, it would be wrong again.

    Raises:
        NotAllowed: With the SKUs.
    """
    last = last_counts(task)
    moments = {(one.product_id, one.lot_id): one.occurred_at for one in standing}
    later = [
        line.product.sku
        for line in task.lines
        if (key := (line.product_id, line.lot_id)) in moments
        and line.state == "posted"
        and (counted := last.get(key)) is not None
        and counted > moments[key]
    ]
    if later:
        skus = ", ".join(later)
        raise NotAllowed(f"{skus}: counted again since. That count stands; count once more.")
