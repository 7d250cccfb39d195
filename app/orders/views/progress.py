"""How far an order is, line by line, and what can be done with it now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.core.db import db
from app.orders import queries, services
from app.orders.deliveries import VendorDelivery, deliveries_of
from app.orders.models import SalesOrder
from app.stock.models import Reservation


@dataclass(frozen=True, kw_only=True)
class OrderProgress:
    """What is reserved and missing of each line; `places` are the reservations by line."""

    order: SalesOrder
    places: Mapping[int, list[Reservation]]
    reserved: Mapping[int, Decimal]
    missing: Mapping[int, Decimal]
    can_undo: bool = False  # something has left that may never have gone out of the door
    deliveries: Sequence[VendorDelivery] = ()

    @property
    def can_ship(self) -> bool:
        """Tell whether something may leave."""
        is_there = self._has_some or self.order.waits_for_no_goods
        return self.order.status in services.SHIPPABLE and is_there

    @property
    def can_backorder(self) -> bool:
        """Tell whether a part of it could go without the rest."""
        return self.order.is_waiting and self._has_some and bool(self.missing)

    @property
    def can_split(self) -> bool:
        """Tell whether lines may become an order of their own."""
        return self.order.is_editable and self._has_left

    @property
    def can_drop_ship(self) -> bool:
        """Tell whether vendors may deliver some of it to the customer."""
        is_taken_on = self.order.confirmed_at is not None and self.order.is_editable
        return is_taken_on and any(line.quantity_untouched > 0 for line in self.order.goods)

    @property
    def can_close(self) -> bool:
        """Tell whether less may be taken for enough."""
        return self.order.is_open and self._has_left

    @property
    def can_cancel(self) -> bool:
        """Tell whether it may be given up."""
        return self.order.may_become("cancelled") and not self.order.is_partly_shipped

    @property
    def can_return(self) -> bool:
        """Tell whether something may come back."""
        return any(line.quantity_returnable for line in self.order.single_lines)

    @property
    def _has_some(self) -> bool:
        return any(self.reserved.values())

    @property
    def _has_left(self) -> bool:
        return any(line.quantity_wanted > line.quantity_handled for line in self.order.lines)


def progress_of(order: SalesOrder) -> OrderProgress:
    """Look at what is reserved for an order: one query; what has left of it is another."""
    services.load_components([order])
    ids = [line.id for line in order.single_lines]
    held = db.session.scalars(queries.reservations_of(ids)).all()
    places: dict[int, list[Reservation]] = {}
    reserved = dict.fromkeys(ids, Decimal(0))
    for reservation in held:
        places.setdefault(reservation.document_id or 0, []).append(reservation)
        reserved[reservation.document_id or 0] += reservation.quantity
    missing = {line.id: part for line, part in services.missing_of(order, reserved)}
    missing |= {line.id: part for line, part in services.missing_wholes(order, missing)}
    has_left = any(line.quantity_returnable for line in order.single_lines)
    return OrderProgress(
        order=order,
        places=places,
        reserved=services.with_bundles(order, reserved),
        missing=missing,
        deliveries=deliveries_of(order.id),
        can_undo=has_left and any(not one.refusal for one in services.shipments_of(order)),
    )
