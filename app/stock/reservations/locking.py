"""Reservations under lock, and what happens to one in hand.

They are locked by id, and always before any balance, so that nobody waits in a circle.
"""

from collections.abc import Collection
from datetime import UTC, datetime
from decimal import Decimal

from sqlalchemy import select

from app.core.db import db, locked
from app.stock.errors import ReservationEnded
from app.stock.models import Reservation
from app.stock.reservations.balances import ReservedQuantity


def lock_reservations(reservation_ids: Collection[int]) -> dict[int, Reservation]:
    """Lock some reservations, in whatever state they are.

    Raises:
        ReservationEnded: One of them does not exist.
    """
    wanted = set(reservation_ids)
    query = select(Reservation).where(Reservation.id.in_(wanted)).order_by(Reservation.id)
    found = {row.id: row for row in db.session.scalars(locked(query, Reservation))}
    if len(found) < len(wanted):
        raise ReservationEnded("There is no such reservation.")
    return found


def refuse_ended(reservation: Reservation) -> None:
    """Refuse what is not reserved any more.

    Raises:
        ReservationEnded: It has been released or fulfilled already.
    """
    if reservation.state != "active":
        raise ReservationEnded(f"This reservation has been {reservation.state} already.")


def part_of(reservation: Reservation, quantity: Decimal) -> ReservedQuantity:
    """Give a part of what it reserves, as balances know it."""
    return ReservedQuantity(
        reservation.product_id, reservation.location_id, reservation.lot_id, quantity
    )


def reduce(reservation: Reservation, part: Decimal, *, state: str) -> None:
    """Take a part out of it; with the last part it ends, in the state given."""
    if part == reservation.quantity:
        reservation.state, reservation.ended_at = state, datetime.now(UTC)
    else:
        reservation.quantity -= part
