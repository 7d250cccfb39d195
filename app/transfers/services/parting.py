"""What a step is made of: parts of lines, lot by lot, and the movements they post."""

from collections import defaultdict
from decimal import Decimal
from typing import NamedTuple

from app.documents.errors import NotAllowed
from app.stock import services as stock
from app.transfers import queries
from app.transfers.models import Transfer, TransferLine, TransferPart, TransferStep

ZERO = Decimal(0)
REASON = "transferred"


class Source(NamedTuple):
    """Goods of one lot on the way, and what a piece cost when they left."""

    lot_id: int | None
    quantity: Decimal
    unit_cost: Decimal | None


def transit_of(transfer: Transfer) -> int:
    """Give where the goods of a transfer lie while they are on their way.

    Raises:
        NotAllowed: Nothing of it has been sent.
    """
    if transfer.transit_id is None:
        raise NotAllowed(f"{transfer.number}: nothing of it has been sent.")
    return transfer.transit_id


def sources_on_the_way(transfer: Transfer) -> dict[int, list[Source]]:
    """What of each line is on the way, lot by lot, what left first first."""
    sources: dict[int, list[Source]] = defaultdict(list)
    gone: dict[tuple[int, int | None], Decimal] = defaultdict(lambda: ZERO)
    for step in transfer.steps:
        for part in () if step.is_undone else step.parts:
            if step.kind == "sent" or part.word == "found":
                sources[part.line_id].append(Source(part.lot_id, part.quantity, part.unit_cost))
            else:
                gone[part.line_id, part.lot_id] += part.quantity
    for line_id, found in sources.items():
        for number, source in enumerate(found):
            less = min(gone[line_id, source.lot_id], source.quantity)
            gone[line_id, source.lot_id] -= less
            found[number] = source._replace(quantity=source.quantity - less)
    return sources


def drawn(sources: list[Source], quantity: Decimal) -> list[Source]:
    """Take so much of what is on the way; what is taken is not there any more."""
    drawn = []
    for number, source in enumerate(sources):
        part = min(source.quantity, quantity)
        if part > 0:
            drawn.append(source._replace(quantity=part))
            sources[number] = source._replace(quantity=source.quantity - part)
            quantity -= part
    return drawn


def part_of(
    step: TransferStep, line: TransferLine, source: Source, location_id: int, word: str = ""
) -> TransferPart:
    """Make a part of a step: so much of a lot of a line, at a place."""
    return TransferPart(
        step_id=step.id,
        line_id=line.id,
        lot_id=source.lot_id,
        location_id=location_id,
        quantity=source.quantity,
        unit_cost=source.unit_cost,
        word=word,
    )


def move_of(
    transfer: Transfer,
    step: TransferStep,
    line: TransferLine,
    part: TransferPart,
    ends: tuple[int, int],
    *,
    is_reserved: bool = False,
) -> stock.Move:
    """Make the movement that posts a part of a step, from one of its ends to the other."""
    start, end = ends
    return stock.Move(
        product_id=line.product_id,
        lot_id=part.lot_id,
        from_location_id=start,
        to_location_id=end,
        quantity=part.quantity,
        reason=part.word if step.kind == "explained" else REASON,
        note=step.note,
        document_type=queries.TRANSFER,
        document_id=transfer.id,
        unit_cost=part.unit_cost,
        is_reserved=is_reserved,
    )
