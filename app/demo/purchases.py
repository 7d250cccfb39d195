"""Purchase orders in every state, some late, with what has come of them."""

import random
from datetime import timedelta
from decimal import Decimal

from sqlalchemy import select

from app.catalog.breaks import parse_breaks
from app.catalog.models import Product, VendorPart
from app.core.days import today
from app.core.db import transaction
from app.core.quantities import MONEY_DECIMALS, half_up
from app.demo.locations import DemoLocations
from app.purchasing import services
from app.purchasing.models import PurchaseDraft, PurchaseOrder
from app.purchasing.services import Delivery, ReceivedItem

# How many are left in each state.
STATES = {
    "draft": 5,
    "approved": 3,
    "sent": 8,
    "confirmed": 8,
    "part_received": 6,
    "received": 12,
    "cancelled": 2,
}
LATE = 5  # of those that the vendor has
LINES = (1, 8)
PACKS = (2, 12)
SOON = (2, 25)  # days


def terms(rng: random.Random) -> None:
    """Let some vendors sell by the carton, and cheaper by many."""
    with transaction() as session:
        for part in session.scalars(select(VendorPart).order_by(VendorPart.id)):
            if part.price is None or rng.random() < 0.5:  # noqa: PLR2004
                continue
            pack = Decimal(rng.choice((6, 12, 24)))
            part.pack_quantity, part.purchase_unit = pack, "carton"
            part.price *= pack
            part.minimum_quantity = None
            if rng.random() < 0.5:  # noqa: PLR2004
                few = half_up(part.price * Decimal("0.95"), MONEY_DECIMALS)
                many = half_up(part.price * Decimal("0.9"), MONEY_DECIMALS)
                part.price_breaks = parse_breaks(f"10: {few}; 50: {many}")


def purchase_orders(rng: random.Random, products: list[Product], known: DemoLocations) -> int:
    """Make them, some for each state; gives how many."""
    by_vendor: dict[int, list[Product]] = {}
    for product in products:
        if product.supplier_id is not None and product.is_active:
            by_vendor.setdefault(product.supplier_id, []).append(product)
    vendors = [*by_vendor]
    states = [state for state, number in STATES.items() for _ in range(number)]
    late = {number for number, state in enumerate(states) if state in ("sent", "confirmed")}
    late = set(sorted(late)[-LATE:])
    dock = known.bins["CENTRAL"][0]
    with transaction():
        for number, state in enumerate(states):
            vendor_id = rng.choice(vendors)
            order = _draft(rng, vendor_id, by_vendor[vendor_id], dock.code)
            _bring(rng, order, state, is_late=number in late)
    return len(states)


def _draft(
    rng: random.Random, vendor_id: int, goods: list[Product], place: str
) -> PurchaseOrder:
    chosen = rng.sample(goods, min(len(goods), rng.randint(*LINES)))
    drafts = [PurchaseDraft(Decimal(rng.randint(*PACKS)), product_id=one.id) for one in chosen]
    return services.create_order(
        vendor_id=vendor_id, items=drafts, warehouse_id=services.find_warehouse(place)
    )


def _bring(rng: random.Random, order: PurchaseOrder, state: str, *, is_late: bool) -> None:
    """Take an order to a state, step by step, as people do."""
    if state == "draft":
        return
    if state == "cancelled":
        services.cancel_order(order.id, reason="The vendor cannot deliver before summer")
        return
    services.approve_order(order.id)
    if state == "approved":
        return
    services.mark_sent(order.id)
    days = -rng.randint(1, 9) if is_late else rng.randint(*SOON)
    if state != "sent" or is_late:
        services.confirm_order(
            order.id,
            confirmed_on=today() + timedelta(days),
            vendor_reference=f"AB-{rng.randrange(10**6):06}",
        )
    if state in ("part_received", "received"):
        _receive(rng, order, is_whole=state == "received")


def _receive(rng: random.Random, order: PurchaseOrder, *, is_whole: bool) -> None:
    """Take in all of it, or about half; now and then a piece is damaged."""
    items = []
    for line in order.lines:
        units = line.units_open if is_whole else max(line.units_open // 2, Decimal(1))
        broken = Decimal(1) if units > 1 and rng.random() < 0.1 else Decimal(0)  # noqa: PLR2004
        items += [
            ReceivedItem(units - broken, line_id=line.id),
            ReceivedItem(broken, line_id=line.id, condition="damaged"),
        ]
    slip = Delivery(delivery_note=f"LS-{rng.randrange(10**5):05}")
    services.receive_goods(order.id, items, slip, key=f"demo {order.number}")
