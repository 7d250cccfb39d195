"""Counts go into the ledger: the difference at the moment of counting, once."""

from collections.abc import Sequence
from decimal import Decimal

from app.core.events import publish
from app.counting.events import CountPosted
from app.counting.models import CountLine, CountTask
from app.counting.services.locking import COUNT
from app.stock import services as stock

ZERO = Decimal(0)


def post_lines(
    task: CountTask, lines: Sequence[CountLine], *, key: str, note: str = ""
) -> None:
    """Post what was found of some lines, in the caller's unit of work, once per round and key.

    `seen` makes it the difference to what the books said then: see `finishing`.

    Raises:
        InsufficientStock: Reserved goods would no longer be covered.
        Invalid: The place or a product takes no postings.
    """
    if not lines:
        return
    against = stock.virtual_location("adjustment")
    entries = [
        stock.Count(
            product_id=line.product_id,
            lot_id=line.lot_id,
            location_id=task.location_id,
            against_id=against,
            counted=line.counted or ZERO,
            seen=line.on_hand,
            note=note or task.note,
            document_type=COUNT,
            document_id=task.id,
            unit_cost=line.unit_cost,
        )
        for line in lines
    ]
    stock.post(entries, key=f"count:{task.id}:{task.round}:{key}")
    publish(CountPosted(count_id=task.id, line_ids=[line.id for line in lines]))
