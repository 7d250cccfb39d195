"""The list of orders."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from flask import url_for
from sqlalchemy import Select

from app.catalog.models import Customer
from app.core.db import db
from app.core.pages import (
    Asked,
    BulkAction,
    Choice,
    Column,
    Day,
    Link,
    ListPage,
    Nothing,
    Reference,
    Search,
)
from app.orders import queries, services
from app.orders.forms import HoldForm
from app.orders.models import STATUSES, SalesOrder
from app.orders.views.blueprint import CHANGED, bp
from app.orders.views.bulk import print_packing_slips

CHOICES = {"open": "Open", "late": "Late", **STATUSES}
NEW = Link(
    label="New order",
    endpoint="orders.new",
    permission="orders.edit",
    kind="primary",
    icon="plus",
)


def _orders(asked: Asked) -> Select[Any]:
    return queries.orders(
        search=asked["search"],
        status=asked["status"],
        customer_id=asked["customer"],
        since=asked["from"],
        until=asked["to"],
        now=datetime.now(UTC),
    )


def _customer_name(customer_id: int) -> str:
    return str(db.session.get(Customer, customer_id) or "unknown")


def _sums(orders: Iterable[SalesOrder]) -> Mapping[str, Any]:
    """Totals of the page, by currency; what is cancelled is not owed."""
    sums: dict[str, Decimal] = {}
    for order in orders:
        if order.status != "cancelled":
            sums[order.currency] = sums.get(order.currency, Decimal(0)) + order.total
    return {"sums": sums}


ORDERS = ListPage(
    name="orders",
    title="Orders",
    permission="orders.view",
    query=_orders,
    key=SalesOrder.id,
    sort="-number",
    href=lambda order: url_for("orders.show", order_id=order.id),
    filters=(
        Search(label="Number, customer or order number"),
        Choice(name="status", label="State", options=CHOICES, everything="All states"),
        Day(name="from", label="From"),
        Day(name="to", label="To"),
        Reference(name="customer", label="Customer", shows=_customer_name, chip="Customer: {}"),
    ),
    columns=(
        Column(
            name="number",
            title="Number",
            kind="code",
            sort=queries.SORTS["number"],
            is_link=True,
            is_required=True,
        ),
        Column(
            name="customer",
            title="Customer",
            value="customer_name",
            sort=queries.SORTS["customer"],
            place="name",
        ),
        Column(name="customer_po", title="Order number", place="wide desk"),
        Column(
            name="date",
            title="Date",
            kind="day",
            value="order_date",
            sort=queries.SORTS["date"],
            place="meta",
        ),
        Column(
            name="ship_by",
            title="Ship by",
            kind="cell",
            cell="orders/_cells.html:ship_by",
            sort=queries.SORTS["ship_by"],
            place="wide desk",
        ),
        Column(
            name="subtotal",
            title="Subtotal",
            kind="money",
            unit="currency",
            place="wide desk",
            is_shown=False,
        ),
        Column(
            name="tax",
            title="Tax",
            kind="money",
            unit="currency",
            place="wide desk",
            is_shown=False,
        ),
        Column(
            name="total",
            title="Total",
            kind="money",
            unit="currency",
            sort=queries.SORTS["total"],
            place="figure",
        ),
        Column(name="currency", title="Currency", place="wide desk", is_shown=False),
        Column(
            name="created_at",
            title="Entered",
            kind="moment",
            place="wide desk",
            is_shown=False,
        ),
        Column(
            name="status",
            title="State",
            kind="cell",
            cell="orders/_cells.html:state",
            export=lambda order: STATUSES[order.status],
            place="status",
        ),
    ),
    topic="orders",
    importer="orders",
    links=(NEW,),
    events=(CHANGED,),
    context=_sums,
    below="orders/_sums.html",
    nouns=("order", "orders"),
    row_id=SalesOrder.id,
    row_name=SalesOrder.number,
    tick=lambda order: (order.id, order.number),
    actions=(
        BulkAction(
            name="confirm",
            label="Confirm",
            permission="orders.confirm",
            question="Confirm {count}, and reserve what there is?",
            act=services.confirm_order,
        ),
        BulkAction(
            name="hold",
            label="Hold",
            permission="orders.confirm",
            question="Let {count} wait?",
            form=HoldForm,
            act=services.hold_order,
        ),
        BulkAction(
            name="packing-slips",
            label="Print packing slips",
            permission="orders.view",
            question="Print the packing slips of {count} into one PDF?",
            act_on_all=print_packing_slips,
        ),
    ),
    unmatched=Nothing(
        title="Nothing matches.",
        advice="Try fewer letters, other dates or another state.",
        action="Show all orders",
    ),
    nothing=Nothing(
        title="No orders yet.",
        advice="Write the first one, import a file, or let your shop send them.",
        link=NEW,
        icon="file",
    ),
)

ORDERS.add_to(bp)
