"""Reservations: goods promised to something, until they are released or leave for it."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import select, update

from app.core.db import db, locked, retried, transaction
from app.core.people import current_actor_id
from app.stock import ledger
from app.stock.errors import ReservationEnded
from app.stock.ledger import Move, Posted, Promise
from app.stock.models import Posting, Reservation


@retried
def reserve(
    promised: Promise, *, key: str, note: str = "", source: tuple[str, int] | None = None
) -> Reservation:
    """Promise goods that lie at a location, once per key; `source` names a document.

    Raises:
        InsufficientStock: Fewer are available there.
        Invalid: The product, location or quantity cannot be used.
        KeyReused: The key belongs to another request.
    """
    request = f"reserve {promised} {note} {source}"
    with transaction() as session:
        posting_id = ledger.claim(key, request)
        if posting_id is None:
            return _reserved(key, request)
        ledger.promise([promised])
        source_type, source_id = source or (None, None)
        reservation = Reservation(
            **promised._asdict(),
            note=note,
            source_type=source_type,
            source_id=source_id,
            actor_id=current_actor_id(),
        )
        session.add(reservation)
        session.flush()
        answer = [{"reservation_id": reservation.id}]
        session.execute(update(Posting).where(Posting.id == posting_id).values(result=answer))
    return reservation


@retried
def release(reservation_id: int) -> Reservation:
    """Take a promise back: the goods are available again.

    Raises:
        ReservationEnded: It has been released or fulfilled already.
    """
    with transaction():
        [reservation] = _active([reservation_id])
        ledger.unpromise([_promise(reservation)])
        _end(reservation, "released")
    return reservation


@retried
def fulfil(
    reservation_ids: Sequence[int], *, to_location_id: int, key: str, reason: str = "shipped"
) -> Posted:
    """Let reserved goods leave for what they were promised to, all in one posting.

    Raises:
        ReservationEnded: One of them has been released or fulfilled already.
        Invalid: The goods cannot go there.
    """
    request = f"fulfil {sorted(reservation_ids)} {to_location_id} {reason}"
    with transaction():
        found = _locked_reservations(reservation_ids)
        if again := ledger.earlier(key, request):
            return again
        _refuse_ended(found, reservation_ids)
        moves = [_leaving(reservation, to_location_id, reason) for reservation in found]
        posted = ledger.post(moves, key=key, request=request)
        for reservation in found:
            _end(reservation, "fulfilled")
    return posted


def _reserved(key: str, request: str) -> Reservation:
    answer = ledger.kept(key, request)
    return db.session.get_one(Reservation, answer.result[0]["reservation_id"])


def _active(reservation_ids: Sequence[int]) -> Sequence[Reservation]:
    found = _locked_reservations(reservation_ids)
    _refuse_ended(found, reservation_ids)
    return found


def _locked_reservations(reservation_ids: Sequence[int]) -> Sequence[Reservation]:
    """Lock them by id, and always before any balance, so that nobody waits in a circle."""
    query = select(Reservation).where(Reservation.id.in_(reservation_ids))
    return db.session.scalars(locked(query.order_by(Reservation.id), Reservation)).all()


def _refuse_ended(found: Sequence[Reservation], wanted: Sequence[int]) -> None:
    if len(found) < len(set(wanted)):
        raise ReservationEnded("There is no such reservation.")
    for reservation in found:
        if reservation.state != "active":
            raise ReservationEnded(f"This reservation has been {reservation.state} already.")


def _promise(reservation: Reservation) -> Promise:
    return Promise(
        reservation.product_id,
        reservation.location_id,
        reservation.lot_id,
        reservation.quantity,
    )


def _leaving(reservation: Reservation, to_location_id: int, reason: str) -> Move:
    return Move(
        product_id=reservation.product_id,
        lot_id=reservation.lot_id,
        from_location_id=reservation.location_id,
        to_location_id=to_location_id,
        quantity=reservation.quantity,
        reason=reason,
        note=reservation.note,
        source_type=reservation.source_type,
        source_id=reservation.source_id,
        is_promised=True,
    )


def _end(reservation: Reservation, state: str) -> None:
    reservation.state, reservation.ended_at = state, datetime.now(UTC)
