"""One container on its way, one that came, and what vendors deliver to customers themselves."""

from datetime import timedelta
from decimal import Decimal

from sqlalchemy import select

from app.catalog.models import Customer, Product
from app.core.days import today
from app.core.db import db, transaction
from app.core.settings import setting
from app.drop_shipping.services import drop_ship, offers_of
from app.orders.models import ItemDraft
from app.orders.services import confirm_order, create_order
from app.purchasing import services
from app.purchasing.models import GoodsReceipt, PurchaseOrder
from app.purchasing.queries import standing_of
from app.purchasing.services import ReceivedItem

SHIPMENTS, DROP_SHIPS = 2, 2
TOGETHER = 3  # orders in one container
ADDRESS = {
    "ship_street": "Harbour Road 5",
    "ship_city": "Bremen",
    "ship_postcode": "28195",
    "ship_country": "DE",
}


def shipments() -> int:
    """Make one that is under way with its freight, and one that has come; gives how many."""
    with transaction():
        coming = services.create_shipment(
            name="MSKU 482 113-7",
            carrier="Baltic Lines",
            tracking="BL-2026-48211",
            expected_on=today() + timedelta(9),
            order_ids=_orders("confirmed"),
        )
        _cost(coming.id, "freight", 640, "weight")
        services.send_off(coming.id)
        here = services.create_shipment(
            name="HLXU 207 990-1", carrier="Baltic Lines", order_ids=_orders("part_received")
        )
        _cost(here.id, "freight", 420, "weight")
        came = select(GoodsReceipt.id).where(
            GoodsReceipt.order_id.in_([one.id for one in here.orders])
        )
        services.note_arrival(here.id, receipt_ids=[*db.session.scalars(came)])
        _cost(here.id, "duty", 96, "value")  # the bill of the customs came later
    return SHIPMENTS


def drop_ships(products: list[Product], customers: list[Customer]) -> int:
    """Have vendors deliver to two customers: one has got a part of it; gives how many."""
    with transaction():
        terms = db.session.execute(standing_of([one.id for one in products])).all()
        sold = [row for row in terms if row.vendor_id is not None and row.part_id is not None]
        for number, (row, customer) in enumerate(zip(sold, customers, strict=False)):
            if number == DROP_SHIPS:
                break
            least = max(row.step, row.minimum_quantity or Decimal(0))
            wanted = -(-least // row.step) * row.step * 2
            made = create_order(
                customer_id=customer.id,
                items=[ItemDraft(wanted, product_id=row.product_id)],
                **ADDRESS,
            )
            order = confirm_order(made.id)
            [offer] = offers_of(order)
            [bought] = drop_ship(order.id, {offer.line.id: wanted})
            _deliver(bought, number)
    return DROP_SHIPS


def _deliver(order: PurchaseOrder, number: int) -> None:
    """The first has been delivered in part; the vendor has the second."""
    services.approve_order(order.id)
    services.mark_sent(order.id)
    if number == 0:
        [line] = order.lines
        half = ReceivedItem(line.units_ordered / 2, line_id=line.id)
        services.receive_goods(order.id, [half], key=f"demo drop ship {order.number}")


def _orders(status: str) -> list[int]:
    found = select(PurchaseOrder.id).where(PurchaseOrder.status == status)
    return [*db.session.scalars(found.order_by(PurchaseOrder.id).limit(TOGETHER))]


def _cost(shipment_id: int, kind: str, amount: int, spread: str) -> None:
    currency = str(setting("currency"))
    services.add_shipment_cost(
        shipment_id, kind=kind, amount=Decimal(amount), currency=currency, spread=spread
    )
