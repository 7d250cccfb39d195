"""Reservations: goods reserved for something, until they are released or leave for it."""

from collections.abc import Sequence

from sqlalchemy import update

from app.core.actors import current_actor_id
from app.core.db import db, retried, transaction
from app.stock import ledger
from app.stock.ledger import Move, Posted
from app.stock.models import Posting, Reservation
from app.stock.reservations.balances import (
    ReservedQuantity,
    reserve_balances,
    unreserve_balances,
)
from app.stock.reservations.locking import lock_reservations, part_of, reduce, refuse_ended


@retried
def reserve(
    quantity: ReservedQuantity,
    *,
    key: str,
    note: str = "",
    document: tuple[str, int] | None = None,
) -> Reservation:
    """Reserve goods that lie at a location, once per key; `document` names a document.

    Raises:
        InsufficientStock: Fewer are available there.
        Invalid: The product, location or quantity cannot be used.
        KeyReused: The key belongs to another request.
    """
    request = f"reserve {quantity} {note} {document}"
    with transaction() as session:
        posting_id = ledger.claim(key, request)
        if posting_id is None:
            return _reserved(key, request)
        reserve_balances([quantity])
        document_type, document_id = document or (None, None)
        reservation = Reservation(
            **quantity._asdict(),
            note=note,
            document_type=document_type,
            document_id=document_id,
            actor_id=current_actor_id(),
        )
        session.add(reservation)
        session.flush()
        answer = [{"reservation_id": reservation.id}]
        session.execute(update(Posting).where(Posting.id == posting_id).values(result=answer))
    return reservation


@retried
def release(reservation_id: int) -> Reservation:
    """Take a reservation back: the goods are available again.

    Raises:
        ReservationEnded: It has been released or fulfilled already.
    """
    with transaction():
        [reservation] = lock_reservations([reservation_id]).values()
        refuse_ended(reservation)
        unreserve_balances([part_of(reservation, reservation.quantity)])
        reduce(reservation, reservation.quantity, state="released")
    return reservation


@retried
def fulfil(
    reservation_ids: Sequence[int], *, to_location_id: int, key: str, reason: str = "shipped"
) -> Posted:
    """Let reserved goods leave for what they were reserved for, all in one posting.

    Raises:
        ReservationEnded: One of them has been released or fulfilled already.
        Invalid: The goods cannot go there.
    """
    request = f"fulfil {sorted(reservation_ids)} {to_location_id} {reason}"
    with transaction():
        found = lock_reservations(reservation_ids).values()
        if again := ledger.earlier(key, request):
            return again
        for reservation in found:
            refuse_ended(reservation)
        moves = [_leaving(reservation, to_location_id, reason) for reservation in found]
        posted = ledger.post(moves, key=key, request=request)
        for reservation in found:
            reduce(reservation, reservation.quantity, state="fulfilled")
    return posted


def _reserved(key: str, request: str) -> Reservation:
    answer = ledger.kept(key, request)
    return db.session.get_one(Reservation, answer.result[0]["reservation_id"])


def _leaving(reservation: Reservation, to_location_id: int, reason: str) -> Move:
    return Move(
        product_id=reservation.product_id,
        lot_id=reservation.lot_id,
        from_location_id=reservation.location_id,
        to_location_id=to_location_id,
        quantity=reservation.quantity,
        reason=reason,
        note=reservation.note,
        document_type=reservation.document_type,
        document_id=reservation.document_id,
        is_reserved=True,
    )
