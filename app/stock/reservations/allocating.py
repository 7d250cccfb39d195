"""Reserving what there is, wherever it lies: many demands at once, in one order of locks."""

from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from app.core.errors import Invalid
from app.stock.ledger import statements
from app.stock.ledger.balances import BalanceKey, LockedBalance, lock
from app.stock.ledger.lines import refuse_inexact
from app.stock.ledger.references import load_references
from app.stock.reservations.balances import ReservedQuantity, write_reserved


class Demand(NamedTuple):
    """Somebody wants so much of a product, from wherever it may be picked."""

    product_id: int
    quantity: Decimal


def allocate(
    demands: Sequence[Demand], *, avoid: Collection[int] = ()
) -> list[list[ReservedQuantity]]:
    """Reserve as much of each demand as is available, in the caller's unit of work.

    Demands are served in the order given. Goods are taken from bins and staging areas in use
    that are not blocked: those that are picked from first, then by pick sequence and code; what
    lies in totes or is on its way is on its way to somebody, and what a picker has not found
    waits until it is counted. `avoid` are locations that somebody has found empty. Gives the
    reservations of each demand, which is an empty list where there is nothing.

    Raises:
        Invalid: A quantity cannot be used, or a place was blocked this very moment.
    """
    for demand in demands:
        refuse_inexact("quantity", demand.quantity)
        if demand.quantity <= 0:
            raise Invalid("quantity", "Enter a quantity above zero.")
    offered = _offered({demand.product_id for demand in demands})
    keys = [key for key in offered if key.location_id not in avoid]
    if not keys:
        return [[] for _demand in demands]
    load_references(
        (key.product_id for key in keys),
        (key.location_id for key in keys),
    )
    balances = lock(keys)
    of_product: dict[int, list[LockedBalance]] = {demand.product_id: [] for demand in demands}
    for key in keys:
        of_product[key.product_id].append(balances[key])
    allocated = [_served(demand, of_product[demand.product_id]) for demand in demands]
    taken = {reservation.key for reservations in allocated for reservation in reservations}
    if taken:
        write_reserved(balances[key] for key in taken)
    return allocated


def _offered(product_ids: Iterable[int]) -> list[BalanceKey]:
    """Where some of the products may be available, in the order of picking."""
    rows = statements.run(statements.OFFERED, {"products": sorted(product_ids)})
    return [BalanceKey._make(row) for row in rows]


def _served(demand: Demand, balances: Iterable[LockedBalance]) -> list[ReservedQuantity]:
    reservations, missing = [], demand.quantity
    for balance in balances:
        part = min(missing, balance.available)
        if part > 0:
            balance.reserve(part)
            product_id, location_id, lot_id = balance.key
            reservations.append(ReservedQuantity(product_id, location_id, lot_id or None, part))
            missing -= part
    return reservations
