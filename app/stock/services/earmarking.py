"""Reservations of a document's lines: many at once, made, trimmed, carried and used up.

They are known by their source: `source_type` names the kind of line, `source_id` the line.
All of it happens in the caller's unit of work, which has locked the document first. Then come
the reservations by id, then the balances in the ledger's order: nobody waits in a circle.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import Select, select

from app.core.db import db, locked, transaction
from app.core.errors import Invalid
from app.core.people import current_actor_id
from app.stock import ledger
from app.stock.errors import InsufficientStock, ReservationEnded
from app.stock.ledger import Move, Posted, Promise, Wish
from app.stock.models import Reservation

ZERO = Decimal(0)


class Take(NamedTuple):
    """So much of a reservation is used."""

    reservation_id: int
    quantity: Decimal


class Purpose(NamedTuple):
    """Why reserved goods leave their place, and the document that their movements name."""

    reason: str
    source: tuple[str, int]


def earmark(
    wishes: Mapping[int, Wish],
    *,
    source_type: str,
    note: str = "",
    avoid: Collection[int] = (),
) -> list[Reservation]:
    """Reserve as much as there is for each source id, wherever it lies.

    `avoid` are locations where somebody has looked in vain.

    Raises:
        Invalid: A quantity cannot be used.
    """
    with transaction() as session:
        session.flush()
        allotted = zip(wishes, ledger.allot([*wishes.values()], avoid=avoid), strict=True)
        made = [
            Reservation(
                **promise._asdict(),
                note=note,
                source_type=source_type,
                source_id=source_id,
                actor_id=current_actor_id(),
            )
            for source_id, promises in allotted
            for promise in promises
        ]
        session.add_all(made)
        session.flush()
    return made


def trim(most: Mapping[int, Decimal], *, source_type: str) -> None:
    """Release what is reserved beyond `most` for each source id, the latest first.

    Zero releases all. What was reserved first stays where it is.
    """
    with transaction() as session:
        found = session.scalars(_active_of(source_type, most)).all()
        freed = [*_beyond(found, dict(most))]
        if not freed:
            return
        ledger.unpromise([_part(reservation, part) for reservation, part in freed])
        for reservation, part in freed:
            _lessen(reservation, part, "released")
        session.flush()


def carry_reserved(
    takes: Sequence[Take], *, to_location_id: int, key: str, purpose: Purpose
) -> Posted:
    """Carry reserved goods to another place, where they stay reserved for the same.

    Picking into a tote is this. Once per key.

    Raises:
        ReservationEnded: One has been released or fulfilled already.
        InsufficientStock: One is for less than is to be carried.
        Invalid: The goods cannot go there.
    """
    request = f"carry {_said(takes)} {to_location_id} {purpose}"
    with transaction() as session:
        found = _locked(takes)
        if again := ledger.earlier(key, request):
            return again
        moves = [
            _leaving(found[take.reservation_id], take, to_location_id, purpose, stays=True)
            for take in _checked(takes, found)
        ]
        posted = ledger.post(moves, key=key, request=request)
        there = _standing([*found.values()], to_location_id)
        for take in takes:
            reservation = found[take.reservation_id]
            if other := there.get((reservation.source_id, reservation.lot_id)):
                other.quantity += take.quantity  # piece by piece it is still one promise
                _lessen(reservation, take.quantity, "fulfilled")
            else:
                session.add(_carried(reservation, take.quantity, to_location_id))
        session.flush()
    return posted


def use_reserved(
    takes: Sequence[Take],
    *,
    to_location_id: int,
    key: str,
    purpose: Purpose,
    request: str | None = None,
) -> Posted:
    """Let reserved goods leave for what they were promised to: all or part, once per key.

    `request` says what was asked for, where the takes follow from more than that.

    Raises:
        ReservationEnded: One has been released or fulfilled already.
        InsufficientStock: One is for less than is to leave.
        Invalid: The goods cannot go there.
    """
    request = request or f"use {_said(takes)} {to_location_id} {purpose}"
    with transaction() as session:
        found = _locked(takes)
        if again := ledger.earlier(key, request):
            return again
        moves = [
            _leaving(found[take.reservation_id], take, to_location_id, purpose, stays=False)
            for take in _checked(takes, found)
        ]
        posted = ledger.post(moves, key=key, request=request)
        for take in takes:
            _lessen(found[take.reservation_id], take.quantity, "fulfilled")
        session.flush()
    return posted


def _active_of(source_type: str, source_ids: Iterable[int]) -> Select[Reservation]:
    query = select(Reservation).where(
        Reservation.source_type == source_type,
        Reservation.source_id.in_([*source_ids]),
        Reservation.state == "active",
    )
    return locked(query.order_by(Reservation.id), Reservation)


def _beyond(
    found: Sequence[Reservation], room: dict[int, Decimal]
) -> Iterable[tuple[Reservation, Decimal]]:
    """What each reservation holds beyond the room that the earlier ones have left."""
    for reservation in found:
        source_id = reservation.source_id or 0
        kept = min(room[source_id], reservation.quantity)
        room[source_id] -= kept
        if reservation.quantity > kept:
            yield reservation, reservation.quantity - kept


def _locked(takes: Sequence[Take]) -> dict[int, Reservation]:
    wanted = {take.reservation_id for take in takes}
    if len(wanted) < len(takes):
        raise Invalid("reservations", "Each reservation is named once.")
    query = select(Reservation).where(Reservation.id.in_(wanted)).order_by(Reservation.id)
    found = {row.id: row for row in db.session.scalars(locked(query, Reservation))}
    if len(found) < len(wanted):
        raise ReservationEnded("There is no such reservation.")
    return found


def _checked(takes: Sequence[Take], found: Mapping[int, Reservation]) -> Iterable[Take]:
    for take in takes:
        reservation = found[take.reservation_id]
        if reservation.state != "active":
            raise ReservationEnded(f"This reservation has been {reservation.state} already.")
        if take.quantity > reservation.quantity:
            raise InsufficientStock(f"Only {reservation.quantity:f} are reserved there.")
        yield take


def _standing(
    found: Sequence[Reservation], location_id: int
) -> dict[tuple[int | None, int | None], Reservation]:
    """What is reserved at a place already for the same sources, by source id and lot."""
    query = select(Reservation).where(
        Reservation.source_type.in_({one.source_type for one in found}),
        Reservation.source_id.in_({one.source_id for one in found}),
        Reservation.location_id == location_id,
        Reservation.state == "active",
    )
    rows = db.session.scalars(locked(query.order_by(Reservation.id), Reservation))
    return {(row.source_id, row.lot_id): row for row in rows}


def _leaving(
    reservation: Reservation, take: Take, to_location_id: int, purpose: Purpose, *, stays: bool
) -> Move:
    source_type, source_id = purpose.source
    return Move(
        product_id=reservation.product_id,
        lot_id=reservation.lot_id,
        from_location_id=reservation.location_id,
        to_location_id=to_location_id,
        quantity=take.quantity,
        reason=purpose.reason,
        note=reservation.note,
        source_type=source_type,
        source_id=source_id,
        is_promised=True,
        stays_promised=stays,
    )


def _carried(reservation: Reservation, quantity: Decimal, location_id: int) -> Reservation:
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
        source_type=reservation.source_type,
        source_id=reservation.source_id,
        actor_id=current_actor_id(),
    )


def _lessen(reservation: Reservation, part: Decimal, state: str) -> None:
    """Take a part out of it; with the last part it ends."""
    if part == reservation.quantity:
        reservation.state, reservation.ended_at = state, datetime.now(UTC)
    else:
        reservation.quantity -= part


def _part(reservation: Reservation, quantity: Decimal) -> Promise:
    place = reservation.product_id, reservation.location_id, reservation.lot_id
    return Promise(*place, quantity)


def _said(takes: Sequence[Take]) -> str:
    return " ".join(f"{take.reservation_id}:{take.quantity:f}" for take in sorted(takes))
