"""What has come of a transfer is taken in, and what has not is accounted for."""

from collections.abc import Sequence
from decimal import Decimal

from app.core.db import retried
from app.purchasing.services.putting import default_place, quarantine_place, usual_places
from app.stock import services as stock
from app.transfers.models import (
    CONDITIONS,
    EXPLANATIONS,
    Transfer,
    TransferLine,
    TransferStep,
)
from app.transfers.services.parting import (
    Source,
    drawn,
    move_of,
    part_of,
    sources_on_the_way,
    transit_of,
)
from app.transfers.services.stepping import (
    Made,
    Said,
    fingerprint,
    make_step,
    refuse_beyond,
    refuse_words,
    sums_of_lines,
)


@retried
def receive_transfer(
    transfer_id: int,
    items: Sequence[Said],
    *,
    key: str,
    location_id: int | None = None,
    note: str = "",
) -> Transfer:
    """Take in what has come: it lies where it is said, or where it lives in that warehouse.

    What is damaged is put aside there. What has not come stays on the way until it comes, or
    somebody says what became of it.

    Raises:
        NotAllowed: Nothing of it is on the way.
        Invalid: More has come than is on the way, or nothing at all.
        KeyReused: The key belongs to another request.
    """
    request = fingerprint(f"receive {transfer_id} {location_id} {note}", items)

    def arrive(transfer: Transfer, step: TransferStep) -> Made:
        refuse_words(items, CONDITIONS)
        refuse_beyond(transfer, sums_of_lines(transfer, items))
        return _arriving(transfer, step, items, location_id)

    return make_step(transfer_id, "received", arrive, key=key, request=request, note=note)


@retried
def explain_difference(
    transfer_id: int, items: Sequence[Said], *, key: str, note: str = ""
) -> Transfer:
    """Say what became of goods on the way: lost, damaged and stolen ones leave the books.

    What was found is more than was said to be sent: it is on the way from now on.

    Raises:
        NotAllowed: Nothing of it has been sent.
        Invalid: More is explained than is on the way, or nothing at all.
        KeyReused: The key belongs to another request.
    """
    request = fingerprint(f"explain {transfer_id} {note}", items)

    def account(transfer: Transfer, step: TransferStep) -> Made:
        refuse_words(items, EXPLANATIONS)
        transit_of(transfer)
        gone = [one for one in items if one.word != "found"]
        refuse_beyond(transfer, sums_of_lines(transfer, gone, may_be_none=True))
        sums_of_lines(transfer, items)
        return _explaining(transfer, step, items)

    return make_step(transfer_id, "explained", account, key=key, request=request, note=note)


def _arriving(
    transfer: Transfer, step: TransferStep, items: Sequence[Said], location_id: int | None
) -> Made:
    lines = {line.id: line for line in transfer.lines}
    warehouse = transfer.destination
    homes = usual_places(warehouse, {line.product_id for line in transfer.lines})
    on_the_way = sources_on_the_way(transfer)
    parts, moves = [], []
    for said in items:
        line = lines[said.line_id]
        for source in drawn(on_the_way[line.id], said.quantity):
            place = (
                quarantine_place(warehouse)
                if said.word == "damaged"
                else location_id or homes.get(line.product_id) or default_place(warehouse)
            )
            part = part_of(step, line, source, place, said.word)
            parts.append(part)
            moves.append(move_of(transfer, step, line, part, (transit_of(transfer), place)))
    return parts, moves


def _explaining(transfer: Transfer, step: TransferStep, items: Sequence[Said]) -> Made:
    lines = {line.id: line for line in transfer.lines}
    outside, transit = stock.virtual_location("adjustment"), transit_of(transfer)
    on_the_way = sources_on_the_way(transfer)
    parts, moves = [], []
    for said in items:
        line = lines[said.line_id]
        if said.word == "found":
            sources, ends = [_found(transfer, line, said.quantity)], (outside, transit)
        else:
            sources, ends = drawn(on_the_way[line.id], said.quantity), (transit, outside)
        for source in sources:
            part = part_of(step, line, source, outside, said.word)
            parts.append(part)
            moves.append(move_of(transfer, step, line, part, ends))
    return parts, moves


def _found(transfer: Transfer, line: TransferLine, quantity: Decimal) -> Source:
    """What is on the way beyond what was sent: it has cost what the first that left did."""
    sent = (part for step in transfer.steps if step.kind == "sent" for part in step.parts)
    cost = next((part.unit_cost for part in sent if part.line_id == line.id), None)
    return Source(None, quantity, cost)
