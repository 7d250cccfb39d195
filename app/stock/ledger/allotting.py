"""Promising what there is, wherever it lies: many wishes at once, in one order of locks."""

from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from app.core.errors import Invalid
from app.stock.ledger import statements
from app.stock.ledger.entries import refuse_inexact
from app.stock.ledger.facts import gather
from app.stock.ledger.promising import Promise, write_promised
from app.stock.ledger.shelves import Shelf, Spot, lock


class Wish(NamedTuple):
    """Somebody wants so much of a product, from wherever it may be picked."""

    product_id: int
    quantity: Decimal


def allot(wishes: Sequence[Wish], *, avoid: Collection[int] = ()) -> list[list[Promise]]:
    """Promise as much of each wish as is available, in the caller's unit of work.

    Wishes are served in the order given. Goods are taken from bins and staging areas in use
    that are not blocked: those that are picked from first, then by pick sequence and code; what
    lies in totes or is on its way is on its way to somebody. `avoid` are locations that
    somebody has found empty. Gives the promises of each wish,
    which is an empty list where there is nothing.

    Raises:
        Invalid: A quantity cannot be used, or a place was blocked this very moment.
    """
    for wish in wishes:
        refuse_inexact("quantity", wish.quantity)
        if wish.quantity <= 0:
            raise Invalid("quantity", "Enter a quantity above zero.")
    offered = _offered({wish.product_id for wish in wishes})
    spots = [spot for spot in offered if spot.location_id not in avoid]
    if not spots:
        return [[] for _wish in wishes]
    gather((spot.product_id for spot in spots), (spot.location_id for spot in spots))
    shelves = lock(spots)
    of_product: dict[int, list[Shelf]] = {wish.product_id: [] for wish in wishes}
    for spot in spots:
        of_product[spot.product_id].append(shelves[spot])
    allotted = [_served(wish, of_product[wish.product_id]) for wish in wishes]
    taken = {promise.spot for promises in allotted for promise in promises}
    if taken:
        write_promised(shelves[spot] for spot in taken)
    return allotted


def _offered(product_ids: Iterable[int]) -> list[Spot]:
    """Where some of the products may be available, in the order of picking."""
    rows = statements.run(statements.OFFERED, {"products": sorted(product_ids)})
    return [Spot._make(row) for row in rows]


def _served(wish: Wish, shelves: Iterable[Shelf]) -> list[Promise]:
    promises, missing = [], wish.quantity
    for shelf in shelves:
        part = min(missing, shelf.on_hand - shelf.reserved)
        if part > 0:
            shelf.promise(part)
            product_id, location_id, lot_id = shelf.spot
            promises.append(Promise(product_id, location_id, lot_id or None, part))
            missing -= part
    return promises
