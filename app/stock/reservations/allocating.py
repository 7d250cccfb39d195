"""Reserving what there is, wherever it lies: many demands at once, in one order of locks."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any, NamedTuple

from app.core.errors import Invalid
from app.stock.ledger import statements
from app.stock.ledger.balances import BalanceKey, LockedBalance, as_locked
from app.stock.ledger.lines import refuse_inexact
from app.stock.ledger.references import references_of
from app.stock.remaining_life import must_last_until
from app.stock.reservations.balances import ReservedQuantity, write_reserved


class Kit(NamedTuple):
    """What goes out in whole kits only: `each` of it is in one, and `had` is there already.

    Demands of one kit have its number, follow one upon another, and want different products.
    """

    number: int
    each: Decimal
    had: Decimal


class Demand(NamedTuple):
    """Somebody wants so much of a product, from wherever it may be picked."""

    product_id: int
    quantity: Decimal
    kit: Kit | None = None


def allocate(
    demands: Sequence[Demand],
    *,
    avoid: Collection[int] = (),
    within: str = "",
    with_inactive: bool = False,
) -> list[list[ReservedQuantity]]:
    """Reserve as much of each demand as is available, in the caller's unit of work.

    Demands are served in the order given. Goods are taken from bins and staging areas in use
    that are not blocked: those that are picked from first, there what expires first, then by
    pick sequence and code. Nothing is taken of a lot that is blocked or has expired; what
    lies in totes or is on its way is on its way to somebody, and what a picker has not found
    waits until it is counted. `avoid` are locations that somebody has found empty, and
    `within` is the path of a location, in which alone is looked. Products that are not in use
    any more are promised to nobody, unless `with_inactive`: they may leave for good. Of a kit
    no more is reserved than whole kits hold. Gives the reservations of each demand, which is
    an empty list where there is nothing.

    Raises:
        Invalid: A quantity cannot be used, or a place was blocked this very moment.
    """
    for demand in demands:
        refuse_inexact("quantity", demand.quantity)
        if demand.quantity <= 0:
            raise Invalid("quantity", "Enter a quantity above zero.")
    values = {
        "products": sorted({demand.product_id for demand in demands}),
        "avoid": [*avoid],
        "within": within,
        "with_inactive": with_inactive,
        "lasts_until": must_last_until(),
    }
    keys, balances = _locked(values)
    if not keys:
        return [[] for _demand in demands]
    of_product: dict[int, list[LockedBalance]] = {demand.product_id: [] for demand in demands}
    for key in keys:
        of_product[key.product_id].append(balances[key])
    allocated: list[list[ReservedQuantity]] = []
    for _kit, together in groupby(demands, key=_kit_of):
        allocated += _served_together([*together], of_product)
    taken = {reservation.key for reservations in allocated for reservation in reservations}
    if taken:
        write_reserved(balances[key] for key in taken)
    return allocated


def _locked(
    values: Mapping[str, Any],
) -> tuple[list[BalanceKey], dict[BalanceKey, LockedBalance]]:
    """Lock where products may be available; the keys are in the order of picking.

    Raises:
        Invalid: A place was blocked this very moment.
    """
    found = statements.run(statements.ALLOCATE, {**values}).one()
    keys = [BalanceKey(**row) for row in found.offered or ()]
    references_of(
        found.goods,
        found.places,
        {key.product_id for key in keys},
        {key.location_id for key in keys},
    )
    return keys, as_locked(found.balances or ())


def _kit_of(demand: Demand) -> int | None:
    return demand.kit.number if demand.kit else None


def _served_together(
    demands: Sequence[Demand], balances: Mapping[int, Iterable[LockedBalance]]
) -> list[list[ReservedQuantity]]:
    """Serve the demands of a kit as far as whole ones come of it, and others one by one."""
    there = {
        demand: sum((one.available for one in balances[demand.product_id]), Decimal(0))
        for demand in demands
        if demand.kit
    }
    kits = min(
        (
            (demand.kit.had + part) // demand.kit.each
            for demand, part in there.items()
            if demand.kit
        ),
        default=Decimal(0),
    )
    return [_served(_most(demand, kits), balances[demand.product_id]) for demand in demands]


def _most(demand: Demand, kits: Decimal) -> Decimal:
    if demand.kit is None:
        return demand.quantity
    return min(demand.quantity, kits * demand.kit.each - demand.kit.had)


def _served(most: Decimal, balances: Iterable[LockedBalance]) -> list[ReservedQuantity]:
    reservations, missing = [], most
    for balance in balances:
        part = min(missing, balance.available)
        if part > 0:
            balance.reserve(part)
            product_id, location_id, lot_id = balance.key
            reservations.append(ReservedQuantity(product_id, location_id, lot_id or None, part))
            missing -= part
    return reservations
