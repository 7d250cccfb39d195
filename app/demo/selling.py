"""Sales orders in every state, as an ordinary Monday finds them."""

import random
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import select

from app.catalog.models import Customer, Product
from app.core.db import db, transaction
from app.orders import queries, services
from app.orders.models import ItemDraft, SalesOrder
from app.stock import services as stock
from app.stock.models import Location, Reservation

# How many are left in each state; of those on backorder, nothing or not all is there.
STATES = {
    "draft": 8,
    "confirmed": 3,
    "part_allocated": 6,
    "allocated": 16,
    "on_hold": 3,
    "picking": 3,
    "picked": 2,
    "short": 1,
    "packing": 1,
    "packed": 2,
    "shipped": 18,
    "cancelled": 3,
}
LINES = (1, 7)
TOO_MANY = Decimal(5_000)


def orders(
    dice: random.Random, customers: list[Customer], products: list[Product], last: datetime
) -> int:
    """Make them, some for each state; gives how many."""
    with transaction() as session:
        tote = Location(code="TOTE-01", kind="tote", path="TOTE-01/", name="Red tote")
        session.add(tote)
        session.flush()
        states = [state for state, number in STATES.items() for _ in range(number)]
        dice.shuffle(states)
        for number, state in enumerate(states):
            order = _draft(dice, dice.choice(customers), products, state, last)
            _bring(order, state, number, tote)
    return len(states)


def _draft(
    dice: random.Random,
    customer: Customer,
    products: list[Product],
    state: str,
    last: datetime,
) -> SalesOrder:
    sold = dice.sample(products, dice.randint(*LINES))
    items = [
        ItemDraft(_quantity(dice, state, number), product_id=product.id)
        for number, product in enumerate(sold)
    ]
    ordered = last - timedelta(days=dice.randint(0, 9))
    return services.create_order(
        customer_id=customer.id,
        items=items,
        order_date=ordered.date(),
        delivery_date=(ordered + timedelta(days=dice.randint(2, 8))).date(),
        ship_by=last + timedelta(hours=dice.randint(-6, 80)),
        customer_po=dice.choice(("", f"PO-{dice.randint(1000, 9999)}")),
        tax_rate=Decimal(19),
        notes=dice.choice(
            ("", "", "", "Please call before delivery.", "Leave at the back door.")
        ),
    )


def _quantity(dice: random.Random, state: str, number: int) -> Decimal:
    is_too_much = state == "confirmed" or (state == "part_allocated" and not number)
    return TOO_MANY if is_too_much else Decimal(dice.choice((1, 1, 2, 3, 6)))


def _bring(order: SalesOrder, state: str, number: int, tote: Location) -> None:
    """Bring a draft into a state, the way that people do."""
    if state == "draft":
        return
    if state == "cancelled":
        services.cancel_order(order.id, reason="The customer ordered twice.")
        return
    order = services.confirm_order(order.id)
    if state == "on_hold":
        services.hold_order(order.id, reason="Waits for the payment.")
    elif state == "shipped" and order.status == "allocated":
        services.ship_order(order.id, key=f"demo-order-{number}")
    elif order.status in {"allocated", "part_allocated"}:
        _pick(order, state, number, tote)


PICKED = {
    "picking": ("picking",),
    "picked": ("picking", "picked"),
    "short": ("picking", "short"),
    "packing": ("picking", "picked", "packing"),
    "packed": ("picking", "picked", "packing", "packed"),
}


def _pick(order: SalesOrder, state: str, number: int, tote: Location) -> None:
    """Carry what is reserved into a tote, as a picker does."""
    for step in PICKED.get(state, ()):
        if step in {"picked", "short"}:
            _carry(order, number, tote)
        order.move_to(step)
    services.tell(order)


def _carry(order: SalesOrder, number: int, tote: Location) -> None:
    lines = {line.id: line for line in order.lines}
    held = db.session.scalars(
        select(Reservation).where(
            Reservation.source_type == queries.LINE,
            Reservation.source_id.in_(lines),
            Reservation.state == "active",
        )
    ).all()
    stock.carry_reserved(
        [stock.Take(one.id, one.quantity) for one in held],
        to_location_id=tote.id,
        key=f"demo-pick-{number}",
        purpose=stock.Purpose("moved", (queries.ORDER, order.id)),
    )
    for one in held:
        lines[one.source_id or 0].quantity_picked += one.quantity
