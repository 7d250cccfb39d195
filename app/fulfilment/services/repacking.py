"""Parcels are changed: pieces are taken out, go into another one, and empty ones go."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from app.core.db import db
from app.core.quantities import plain
from app.fulfilment import queries
from app.fulfilment.models import Parcel, ParcelLine, PickTaskOrder
from app.fulfilment.services.contents import contents_of
from app.fulfilment.services.packing import (
    PACK,
    add_to_parcel,
    lock_packable,
    new_parcel,
)
from app.scanning.errors import WrongScan
from app.scanning.services import ActionResult, TabletAction, perform_once

OUT, NEW = "out", "new"  # where pieces go besides into a parcel by its id


@dataclass(frozen=True, slots=True, kw_only=True)
class Repacking:
    """So much of a line of a parcel goes `to` the id of another one, NEW or OUT."""

    parcel_line_id: int
    quantity: Decimal
    to: str


def repack(task_order_id: int, wanted: Repacking, *, scan_id: UUID) -> ActionResult:
    """Take pieces out of a parcel, or put them into another one, once per id."""
    action = TabletAction(
        id=scan_id,
        task_type=PACK,
        task_id=task_order_id,
        kind="take_out" if wanted.to == OUT else "move",
        code=f"{wanted.parcel_line_id}: {plain(wanted.quantity)} {wanted.to}",
    )
    return perform_once(action, lambda: _repack(task_order_id, wanted))


def remove_parcel(task_order_id: int, parcel_id: int, *, scan_id: UUID) -> ActionResult:
    """Do without an empty parcel, once per id; those after it move up in number."""
    action = TabletAction(
        id=scan_id,
        task_type=PACK,
        task_id=task_order_id,
        kind="parcel",
        code=f"without {parcel_id}",
    )
    return perform_once(action, lambda: _remove_parcel(task_order_id, parcel_id))


def _repack(task_order_id: int, wanted: Repacking) -> ActionResult:
    task_order, _order = lock_packable(task_order_id)
    parcels = _parcels(task_order)
    source = next(
        (one for one in parcels if any(i.id == wanted.parcel_line_id for i in one.lines)), None
    )
    if source is None:
        raise WrongScan("This is not in the parcel any more.")
    inside = next(one for one in source.lines if one.id == wanted.parcel_line_id)
    if not 0 < wanted.quantity <= inside.quantity:
        raise WrongScan(f"From 1 to {plain(inside.quantity)}: so many are in this parcel.")
    sku = _sku(task_order, inside)
    target = _target(task_order, parcels, wanted.to)
    _take_out(inside, wanted.quantity)
    lot = f", {inside.lot.called}," if inside.lot else ""
    said = f"{plain(wanted.quantity)} x {sku}{lot}"
    if target is None:
        message = f"{said} is out of parcel {source.number}, and to be packed again."
    else:
        add_to_parcel(target, inside.order_line_id, wanted.quantity, lot_id=inside.lot_id)
        message = f"{said} is in parcel {target.number} now."
    db.session.flush()
    return ActionResult(message=message, quantity=wanted.quantity)


def _target(task_order: PickTaskOrder, parcels: list[Parcel], to: str) -> Parcel | None:
    if to == OUT:
        return None
    if to == NEW:
        return new_parcel(task_order, len(parcels) + 1)
    target = next((one for one in parcels if str(one.id) == to), None)
    if target is None:
        raise WrongScan("There is no such parcel any more.")
    return target


def _take_out(inside: ParcelLine, quantity: Decimal) -> None:
    if quantity == inside.quantity:
        db.session.delete(inside)
    else:
        inside.quantity -= quantity
    db.session.flush()


def _remove_parcel(task_order_id: int, parcel_id: int) -> ActionResult:
    task_order, _order = lock_packable(task_order_id)
    parcels = _parcels(task_order)
    parcel = next((one for one in parcels if one.id == parcel_id), None)
    if parcel is None:
        return ActionResult(message="This parcel is gone already.")
    if parcel.lines:
        raise WrongScan(f"Something is in parcel {parcel.number}: take it out first.")
    number = parcel.number
    db.session.delete(parcel)
    db.session.flush()
    for later in [one for one in parcels if one.number > number]:
        later.number -= 1
        db.session.flush()  # one after the other: two never have the same number
    return ActionResult(message=f"Parcel {number} is gone.")


def _parcels(task_order: PickTaskOrder) -> list[Parcel]:
    query = queries.parcels_of(task_order.id).execution_options(populate_existing=True)
    return [*db.session.scalars(query)]


def _sku(task_order: PickTaskOrder, inside: ParcelLine) -> str:
    contents = {one.order_line_id: one.product.sku for one in contents_of(task_order)}
    return contents[inside.order_line_id]
