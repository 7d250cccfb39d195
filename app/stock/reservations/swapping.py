"""Another lot in place of the one that is reserved: somebody has it in hand."""

from collections.abc import Sequence
from decimal import Decimal

from app.core.actors import current_actor_id
from app.core.db import transaction
from app.stock.errors import InsufficientStock, LotUnfit
from app.stock.ledger.balances import BalanceKey, lock
from app.stock.ledger.references import load_lots
from app.stock.models import Lot, Reservation
from app.stock.reservations.balances import write_reserved
from app.stock.reservations.locking import reduce


def swap_lot(held: Sequence[Reservation], lot: Lot, *, quantity: Decimal) -> Decimal:
    """Reserve as much of a lot as lies free at the place of reservations, in their stead.

    `held` are active reservations of one product at one place for one document, which the
    caller has locked by id. Gives how much was swapped: at most `quantity`.

    Raises:
        InsufficientStock: Nothing of it is free there.
        LotUnfit: It is blocked, or expires too soon.
    """
    first = held[0]
    with transaction() as session:
        known = load_lots([(first.product_id, lot.id)])
        if why := known[lot.id].withheld:
            raise LotUnfit(f"{lot.label} {why}.")
        wanted = BalanceKey(first.product_id, first.location_id, lot.id)
        old = {one.id: _key(one) for one in held}
        balances = lock([wanted, *old.values()])
        part = min(quantity, balances[wanted].available)
        if part <= 0:
            raise InsufficientStock(f"{lot.label} is reserved for others, or lies elsewhere.")
        rest = part
        for one in held:
            if taken := min(rest, one.quantity):
                balances[old[one.id]].unreserve(taken)
                reduce(one, taken, state="released")
                rest -= taken
        balances[wanted].reserve(part - rest)
        write_reserved(balances.values())
        session.add(_like(first, lot, part - rest))
        session.flush()
    return part - rest


def _key(reservation: Reservation) -> BalanceKey:
    return BalanceKey(reservation.product_id, reservation.location_id, reservation.lot_id or 0)


def _like(reservation: Reservation, lot: Lot, quantity: Decimal) -> Reservation:
    return Reservation(
        product_id=reservation.product_id,
        location_id=reservation.location_id,
        lot_id=lot.id,
        quantity=quantity,
        note=reservation.note,
        document_type=reservation.document_type,
        document_id=reservation.document_id,
        actor_id=current_actor_id(),
    )
