"""Sales orders in every state, as an ordinary Monday finds them."""

import random
from datetime import datetime, timedelta
from decimal import Decimal

from app.catalog.models import Customer, Product
from app.core.db import transaction
from app.demo import picking
from app.orders import services
from app.orders.models import ItemDraft, SalesOrder

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
    "shipped": 18,
    "cancelled": 3,
}
LINES = (1, 7)
TOO_MANY, SOME = Decimal(5_000), Decimal(3)


def orders(
    rng: random.Random, customers: list[Customer], products: list[Product], last: datetime
) -> int:
    """Make them, some for each state; gives how many."""
    with transaction():
        picking.totes()
        plenty, pickers = picking.plentiful(products), picking.Pickers()
        states = [state for state, number in STATES.items() for _ in range(number)]
        rng.shuffle(states)
        drafts = []
        for state in states:
            sold = plenty if state in picking.PICKED_STATES else products
            drafts.append(_draft(rng, rng.choice(customers), sold, state, last))
        # Those that are picked come first: nothing else is ready then.
        for number in sorted(range(len(states)), key=lambda one: _rank(states[one])):
            _bring(drafts[number], states[number], number, pickers)
    return len(states)


def _rank(state: str) -> int:
    ranks = picking.PICKED_STATES
    return ranks.index(state) if state in ranks else len(ranks)


def _draft(
    rng: random.Random,
    customer: Customer,
    products: list[Product],
    state: str,
    last: datetime,
) -> SalesOrder:
    sold = rng.sample(products, rng.randint(*LINES))
    items = [
        ItemDraft(_quantity(rng, state, number), product_id=product.id)
        for number, product in enumerate(sold)
    ]
    ordered = last - timedelta(days=rng.randint(0, 9))
    return services.create_order(
        customer_id=customer.id,
        items=items,
        order_date=ordered.date(),
        delivery_date=(ordered + timedelta(days=rng.randint(2, 8))).date(),
        ship_by=last + timedelta(hours=rng.randint(-6, 80)),
        customer_po=rng.choice(("", f"PO-{rng.randint(1000, 9999)}")),
        tax_rate=Decimal(19),
        notes=rng.choice(
            ("", "", "", "Please call before delivery.", "Leave at the back door.")
        ),
    )


def _quantity(rng: random.Random, state: str, number: int) -> Decimal:
    is_too_much = state == "confirmed" or (state == "part_allocated" and not number)
    if state in {"short", "picking"} and not number:
        return SOME
    return TOO_MANY if is_too_much else Decimal(rng.choice((1, 1, 2, 3, 6)))


def _bring(order: SalesOrder, state: str, number: int, pickers: picking.Pickers) -> None:
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
    elif state in picking.PICKED_STATES:
        pickers.bring(state)
