"""Customers' orders follow from what their vendors have delivered, and are to deliver."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal

from app.core.db import db
from app.drop_shipping import queries
from app.drop_shipping.models import DropShipment
from app.orders.deliveries import VendorDelivery
from app.orders.models import OrderLine, SalesOrder
from app.orders.services import follow_vendors, locked_order
from app.purchasing.drop_shipping import CustomerOrder
from app.purchasing.models import PurchaseOrder

ZERO = Decimal(0)
OVER = ("received", "cancelled")
# What a purchase order says of goods that came to us, said of those that went to a customer.
STATE_OF = {"received": "Delivered", "part_received": "Partly delivered"}


class Following:
    """What purchasing asks for, as `app.purchasing.drop_shipping` says it."""

    def follow(self, order: PurchaseOrder) -> None:
        """Make customers' orders follow from a purchase order, which is locked."""
        come = {line.id: line.units_received for line in order.lines}
        shipments = db.session.scalars(queries.shipments_of(order.id)).all()
        groups: dict[int, list[DropShipment]] = defaultdict(list)
        for one in shipments:
            groups[one.order_line.order_id].append(one)
        for order_id in sorted(groups):
            sold, delivered = locked_order(order_id), dict[int, Decimal]()
            for one in groups[order_id]:
                more = come[one.purchase_line_id] - one.delivered
                delivered[one.order_line_id] = delivered.get(one.order_line_id, ZERO) + more
                one.delivered = come[one.purchase_line_id]
            outstanding = outstanding_of([one.order_line_id for one in groups[order_id]])
            if _differs(sold.single_lines, outstanding) or any(delivered.values()):
                posting_id = db.session.scalar(queries.last_posting_of(order.id))
                follow_vendors(sold, outstanding, delivered, posting_id=posting_id)

    def orders_of(self, order: PurchaseOrder) -> Sequence[CustomerOrder]:
        """Say for which customers' orders it is."""
        rows = db.session.execute(queries.customer_orders(order.id))
        return [CustomerOrder(number, f"/orders/{order_id}") for order_id, number in rows]

    def held_of(self, order: PurchaseOrder) -> Sequence[str]:
        """Give the numbers of those of them that are on hold."""
        return db.session.scalars(queries.held_orders(order.id)).all()


FOLLOWING = Following()


def outstanding_of(line_ids: Collection[int]) -> dict[int, Decimal]:
    """Say how much of each of some customers' lines vendors are to deliver still."""
    db.session.flush()
    rows = db.session.execute(queries.outstanding_of(line_ids)).all()
    found: dict[int, Decimal] = dict(rows)
    return {number: found.get(number, ZERO) for number in line_ids}


def deliveries_of(order_id: int) -> Sequence[VendorDelivery]:
    """Say which purchase orders deliver a customer's order, as `app.orders.deliveries` asks."""
    order = db.session.get_one(SalesOrder, order_id)
    return [
        VendorDelivery(
            number=one.number,
            href=f"/purchase-orders/{one.id}",
            vendor=one.vendor_name,
            state=STATE_OF.get(one.status, one.status_label),
            address=one.delivery_address,
            is_elsewhere=one.status not in OVER and one.delivery_address != address_of(order),
        )
        for one in db.session.scalars(queries.purchase_orders(order_id))
    ]


def address_of(order: SalesOrder) -> str:
    """Say where an order goes, as its vendors are told it."""
    return "\n".join([*order.address_lines, *filter(None, [order.ship_phone])])


def _differs(lines: Sequence[OrderLine], outstanding: Mapping[int, Decimal]) -> bool:
    return any(
        one.quantity_direct != outstanding.get(one.id, one.quantity_direct) for one in lines
    )
