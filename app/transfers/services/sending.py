"""Goods leave for another warehouse: they are on the way, and incoming there."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from app.core.db import db, retried
from app.core.errors import Invalid
from app.core.quantities import MONEY_DECIMALS, grouped, half_up, plain
from app.documents.errors import NotAllowed
from app.purchasing.services import average_costs
from app.stock import services as stock
from app.stock.errors import InsufficientStock
from app.stock.models import TRANSIT
from app.stock.reservations import allocate
from app.transfers import queries
from app.transfers.models import Transfer, TransferLine, TransferStep
from app.transfers.services.parting import ZERO, Source, move_of, part_of, transit_of
from app.transfers.services.stepping import (
    Made,
    Said,
    fingerprint,
    make_step,
    sums_of_lines,
)


@retried
def send_transfer(
    transfer_id: int,
    items: Sequence[Said],
    *,
    key: str,
    rest_follows: bool = False,
    note: str = "",
) -> Transfer:
    """Let goods leave for the other warehouse: they are on the way, and incoming there.

    They are taken from what is available in the source, in the order of picking, and carry
    what they cost on average. What is not sent now is not sent at all, unless `rest_follows`.

    Raises:
        NotAllowed: It is cancelled, or nothing of it is left to be sent.
        InsufficientStock: Fewer are available there, with what is missing of each.
        Invalid: More is sent than was asked for, or nothing at all.
        KeyReused: The key belongs to another request.
    """
    request = fingerprint(f"send {transfer_id} {rest_follows} {note}", items)

    def leave(transfer: Transfer, step: TransferStep) -> Made:
        if not transfer.may_be_sent:
            raise NotAllowed(f"{transfer.number}: nothing of it is left to be sent.")
        wanted = sums_of_lines(transfer, items)
        for line, quantity in wanted.items():
            if quantity > line.to_send:
                more = f"Of {line.product.sku} {plain(line.to_send)} are left to be sent"
                raise Invalid("items", f"{more}, not {plain(quantity)}.")
        transfer.transit_id = transfer.transit_id or _transit(transfer)
        transfer.is_complete = not rest_follows
        return _leaving(transfer, step, wanted)

    return make_step(transfer_id, "sent", leave, key=key, request=request, note=note)


def _leaving(
    transfer: Transfer, step: TransferStep, wanted: Mapping[TransferLine, Decimal]
) -> Made:
    demands = [stock.Demand(line.product_id, quantity) for line, quantity in wanted.items()]
    taken = allocate(demands, within=transfer.source.path)
    there = [sum((one.quantity for one in part), ZERO) for part in taken]
    _refuse_missing(transfer, wanted, there)
    transit = transit_of(transfer)
    costs = average_costs([line.product_id for line in wanted])
    parts, moves = [], []
    for line, reserved in zip(wanted, taken, strict=True):
        cost, currency = costs[line.product_id]
        worth = half_up(cost, MONEY_DECIMALS) if currency == line.product.currency else None
        for one in reserved:
            part = part_of(step, line, Source(one.lot_id, one.quantity, worth), one.location_id)
            parts.append(part)
            ends = one.location_id, transit
            moves.append(move_of(transfer, step, line, part, ends, is_reserved=True))
    return parts, moves


def _refuse_missing(
    transfer: Transfer, wanted: Mapping[TransferLine, Decimal], there: Sequence[Decimal]
) -> None:
    missing = [
        f"{grouped(quantity - found)} of {line.product.sku}"
        for (line, quantity), found in zip(wanted.items(), there, strict=True)
        if found < quantity
    ]
    if missing:
        where = f"In {transfer.source.code} there are missing"
        raise InsufficientStock(f"{where}: {', '.join(missing)}.")


def _transit(transfer: Transfer) -> int:
    """Give the place between two warehouses; the first transfer of the pair makes it."""
    pair = queries.transit_of(transfer.source_id, transfer.destination_id)
    if found := db.session.scalar(pair):
        return found
    source, destination = transfer.source, transfer.destination
    return stock.create_location(
        code=f"{source.code}-TO-{destination.code}",
        kind=TRANSIT,
        parent_id=None,
        name=f"On the way from {source.code} to {destination.code}",
        is_pickable=False,
    ).id
