"""A step of a transfer that was wrong is taken back: its goods lie where they lay before."""

from collections import defaultdict
from datetime import UTC, datetime
from decimal import Decimal

from app.core.actors import current_actor_id
from app.core.db import retried, transaction
from app.core.quantities import plain
from app.documents.errors import NotAllowed
from app.stock import services as stock
from app.transfers import queries
from app.transfers.models import Transfer, TransferPart, TransferStep
from app.transfers.services.locking import fresh_transfer, locked_transfer, recount
from app.transfers.services.parting import sources_on_the_way


@retried
def undo_step(transfer_id: int, step_id: int) -> Transfer:
    """Take a step of a transfer back; what rests on it has to be undone first.

    Raises:
        NotAllowed: It is undone already, or its goods have come, or are accounted for.
        InsufficientStock: What came has gone from where it was put, or is reserved.
    """
    with transaction() as session:
        transfer = locked_transfer(transfer_id)
        step = session.scalars(queries.step(transfer_id, step_id)).one()
        if step.is_undone or step.posting_id is None:
            raise NotAllowed(f"{step} has been undone already.")
        _refuse_resting(transfer, step)
        stock.reverse_document_posting(
            step.posting_id,
            document=(queries.TRANSFER, transfer.id),
            key=f"undo transfer step {step.id}",
        )
        step.undone_at, step.undone_by_id = datetime.now(UTC), current_actor_id()
        if step.kind == "sent":
            transfer.is_complete = False
        recount(transfer)
        return fresh_transfer(transfer_id)


def _refuse_resting(transfer: Transfer, step: TransferStep) -> None:
    """Refuse to undo what brought goods on their way that are not there any more."""
    lines = {line.id: line for line in transfer.lines}
    left: dict[tuple[int, int | None], Decimal] = defaultdict(Decimal)
    for line_id, sources in sources_on_the_way(transfer).items():
        for source in sources:
            left[line_id, source.lot_id] += source.quantity
    for part in step.parts:
        there = left[part.line_id, part.lot_id]
        if not _brought(step, part):
            continue
        if part.quantity > there:
            product = lines[part.line_id].product
            still = f"of {product.sku} only {plain(there)} are on the way still"
            advice = "undo what was received or explained first"
            raise NotAllowed(f"{transfer.number}: {still}; {advice}.")
        left[part.line_id, part.lot_id] = there - part.quantity


def _brought(step: TransferStep, part: TransferPart) -> bool:
    """Tell whether a part of a step brought goods on their way, not off it."""
    return step.kind == "sent" or part.word == "found"
