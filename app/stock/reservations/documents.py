"""Reservations of a document's lines: many at once, made and reduced.

A reservation names its document: `document_type` is the kind of line, `document_id` the line.
All of it happens in the caller's unit of work, which has locked the document first. Then come
the reservations by id, then the balances in the ledger's order: nobody waits in a circle.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal

from sqlalchemy import Select, select

from app.core.actors import current_actor_id
from app.core.db import locked, transaction, unit_of_work
from app.stock.models import Reservation
from app.stock.reservations.allocating import Demand, allocate
from app.stock.reservations.balances import unreserve_balances
from app.stock.reservations.locking import part_of, reduce


def reserve_available(
    demands: Mapping[int, Demand],
    *,
    document_type: str,
    note: str = "",
    notes: Mapping[int, str] | None = None,
    avoid: Collection[int] = (),
) -> list[Reservation]:
    """Reserve as much as there is for each document id, wherever it lies.

    The caller writes the reservations, with what else follows.

    `notes` say something else of each than `note` says of all.
    `avoid` are locations where somebody has looked in vain.

    Raises:
        Invalid: A quantity cannot be used.
    """
    with unit_of_work() as session:
        session.flush()
        allocated = zip(demands, allocate([*demands.values()], avoid=avoid), strict=True)
        made = [
            Reservation(
                **quantity._asdict(),
                note=(notes or {}).get(document_id, note),
                document_type=document_type,
                document_id=document_id,
                actor_id=current_actor_id(),
            )
            for document_id, reservations in allocated
            for quantity in reservations
        ]
        session.add_all(made)
    return made


def reduce_reservations(most: Mapping[int, Decimal], *, document_type: str) -> None:
    """Release what is reserved beyond `most` for each document id, the latest first.

    Zero releases all. What was reserved first stays where it is.
    """
    with transaction() as session:
        found = session.scalars(_active_of(document_type, most)).all()
        freed = [*_beyond(found, dict(most))]
        if not freed:
            return
        unreserve_balances([part_of(reservation, part) for reservation, part in freed])
        for reservation, part in freed:
            reduce(reservation, part, state="released")
        session.flush()


def _active_of(document_type: str, document_ids: Iterable[int]) -> Select[Reservation]:
    query = select(Reservation).where(
        Reservation.document_type == document_type,
        Reservation.document_id.in_([*document_ids]),
        Reservation.state == "active",
    )
    return locked(query.order_by(Reservation.id), Reservation)


def _beyond(
    found: Sequence[Reservation], room: dict[int, Decimal]
) -> Iterable[tuple[Reservation, Decimal]]:
    """What each reservation holds beyond the room that the earlier ones have left."""
    for reservation in found:
        document_id = reservation.document_id or 0
        kept = min(room[document_id], reservation.quantity)
        room[document_id] -= kept
        if reservation.quantity > kept:
            yield reservation, reservation.quantity - kept
