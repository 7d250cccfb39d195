"""Reserved goods leave their place: into a tote, or for what they were reserved for."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import select

from app.core.actors import current_actor_id
from app.core.db import db, locked, transaction, unit_of_work
from app.core.errors import DomainError, Invalid
from app.stock import ledger
from app.stock.errors import InsufficientStock
from app.stock.ledger import Move, Posted
from app.stock.models import Reservation
from app.stock.reservations.locking import lock_reservations, reduce, refuse_ended


class ReservationPart(NamedTuple):
    """So much of a reservation is used."""

    reservation_id: int
    quantity: Decimal


class Purpose(NamedTuple):
    """Why reserved goods leave their place, and the document that their movements name."""

    reason: str
    document: tuple[str, int]


def move_reserved(
    parts: Sequence[ReservationPart],
    *,
    to_location_id: int,
    key: str,
    purpose: Purpose,
    held: Mapping[int, Reservation] | None = None,
) -> Posted:
    """Move reserved goods to another place, where they stay reserved for the same.

    Picking into a tote is this. Once per key, in a block of the caller's that is undone when it
    is refused. `held` are the reservations by id, where the caller has locked them, by id, in
    this unit of work: those of the parts, and those that are active for the same there already.

    Raises:
        ReservationEnded: One has been released or fulfilled already.
        InsufficientStock: One is for less than is to be moved.
        Invalid: The goods cannot go there.
    """
    request = f"move {_parts_text(parts)} {to_location_id} {purpose}"
    with unit_of_work() as session:
        found = held or _locked(parts)
        try:
            moves = [
                _leaving(found[part.reservation_id], part, to_location_id, purpose, stays=True)
                for part in _checked(parts, found)
            ]
        except DomainError:
            if again := ledger.earlier(key, request):
                return again  # they have gone with it
            raise
        posted = ledger.post_in_block(moves, key=key, request=request)
        if posted.is_repeat:
            return posted
        known = (
            _reserved_at([*found.values()], to_location_id) if held is None else held.values()
        )
        there = {
            (one.document_id, one.lot_id): one
            for one in known
            if one.location_id == to_location_id
        }
        for part in parts:
            reservation = found[part.reservation_id]
            if other := there.get((reservation.document_id, reservation.lot_id)):
                other.quantity += part.quantity  # piece by piece it is still one reservation
                reduce(reservation, part.quantity, state="fulfilled")
            else:
                session.add(_moved(reservation, part.quantity, to_location_id))
    return posted


def consume_reserved(
    parts: Sequence[ReservationPart],
    *,
    to_location_id: int,
    key: str,
    purpose: Purpose,
    request: str | None = None,
) -> Posted:
    """Let reserved goods leave for what they were reserved for: all or part, once per key.

    `request` says what was asked for, where the parts follow from more than that.

    Raises:
        ReservationEnded: One has been released or fulfilled already.
        InsufficientStock: One is for less than is to leave.
        Invalid: The goods cannot go there.
    """
    request = request or f"consume {_parts_text(parts)} {to_location_id} {purpose}"
    with transaction() as session:
        found = _locked(parts)
        if again := ledger.earlier(key, request):
            return again
        moves = [
            _leaving(found[part.reservation_id], part, to_location_id, purpose, stays=False)
            for part in _checked(parts, found)
        ]
        posted = ledger.post(moves, key=key, request=request)
        for part in parts:
            reduce(found[part.reservation_id], part.quantity, state="fulfilled")
        session.flush()
    return posted


def _locked(parts: Sequence[ReservationPart]) -> dict[int, Reservation]:
    wanted = {part.reservation_id for part in parts}
    if len(wanted) < len(parts):
        raise Invalid("reservations", "Each reservation is named once.")
    return lock_reservations(wanted)


def _checked(
    parts: Sequence[ReservationPart], found: Mapping[int, Reservation]
) -> Iterable[ReservationPart]:
    for part in parts:
        reservation = found[part.reservation_id]
        refuse_ended(reservation)
        if part.quantity > reservation.quantity:
            raise InsufficientStock(f"Only {reservation.quantity:f} are reserved there.")
        yield part


def _reserved_at(found: Sequence[Reservation], location_id: int) -> Sequence[Reservation]:
    """What is reserved at a place already for the same documents."""
    query = select(Reservation).where(
        Reservation.document_type.in_({one.document_type for one in found}),
        Reservation.document_id.in_({one.document_id for one in found}),
        Reservation.location_id == location_id,
        Reservation.state == "active",
    )
    return db.session.scalars(locked(query.order_by(Reservation.id), Reservation)).all()


def _leaving(
    reservation: Reservation,
    part: ReservationPart,
    to_location_id: int,
    purpose: Purpose,
    *,
    stays: bool,
) -> Move:
    document_type, document_id = purpose.document
    return Move(
        product_id=reservation.product_id,
        lot_id=reservation.lot_id,
        from_location_id=reservation.location_id,
        to_location_id=to_location_id,
        quantity=part.quantity,
        reason=purpose.reason,
        note=reservation.note,
        document_type=document_type,
        document_id=document_id,
        is_reserved=True,
        stays_reserved=stays,
    )


def _moved(reservation: Reservation, quantity: Decimal, location_id: int) -> Reservation:
    """The reservation at the other place: itself, or a part of it."""
    if quantity == reservation.quantity:
        reservation.location_id = location_id
        return reservation
    reservation.quantity -= quantity
    return Reservation(
        product_id=reservation.product_id,
        location_id=location_id,
        lot_id=reservation.lot_id,
        quantity=quantity,
        note=reservation.note,
        document_type=reservation.document_type,
        document_id=reservation.document_id,
        actor_id=current_actor_id(),
    )


def _parts_text(parts: Sequence[ReservationPart]) -> str:
    return " ".join(f"{part.reservation_id}:{part.quantity:f}" for part in sorted(parts))
