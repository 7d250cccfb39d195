"""The list of purchase orders."""

from typing import Any

from flask import url_for
from sqlalchemy import Select

from app.catalog.choices import vendor_name
from app.core.days import today
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
from app.purchasing import queries, services
from app.purchasing.models import STATUSES, PurchaseOrder
from app.purchasing.prices import COSTS
from app.purchasing.views.blueprint import CHANGED, bp

CHOICES = {"open": "Open", "late": "Late", **STATUSES}
NEW = Link(
    label="New purchase order",
    endpoint="purchase_orders.new",
    permission="purchase_orders.edit",
    kind="primary",
    icon="plus",
)


def _orders(asked: Asked) -> Select[Any]:
    return queries.orders(
        search=asked["search"],
        status=asked["status"],
        vendor_id=asked["vendor"],
        since=asked["from"],
        until=asked["to"],
        today=today(),
    )


ORDERS = ListPage(
    name="purchase_orders",
    title="Purchase orders",
    permission="purchase_orders.view",
    query=_orders,
    key=PurchaseOrder.id,
    sort="-number",
    href=lambda order: url_for("purchase_orders.show", purchase_order_id=order.id),
    filters=(
        Search(label="Number, vendor or their number"),
        Choice(name="status", label="State", options=CHOICES, everything="All states"),
        Day(name="from", label="From"),
        Day(name="to", label="To"),
        Reference(name="vendor", label="Vendor", shows=vendor_name, chip="Vendor: {}"),
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
            name="vendor",
            title="Vendor",
            value="vendor_name",
            sort=queries.SORTS["vendor"],
            place="name",
        ),
        Column(
            name="vendor_reference", title="Their number", place="wide desk", is_shown=False
        ),
        Column(
            name="date",
            title="Date",
            kind="day",
            value="order_date",
            sort=queries.SORTS["date"],
            place="meta",
        ),
        Column(
            name="due",
            title="Due",
            kind="cell",
            value="due_on",
            cell="purchasing/_cells.html:due",
            sort=queries.SORTS["due"],
            place="desk",
        ),
        Column(
            name="total",
            title="Total",
            kind="money",
            unit="currency",
            sort=queries.SORTS["total"],
            place="figure",
            permission=COSTS,
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
            cell="purchasing/_cells.html:state",
            export=lambda order: STATUSES[order.status],
            place="status",
        ),
    ),
    topic="purchase_orders",
    importer="purchase_orders",
    links=(NEW,),
    events=(CHANGED,),
    nouns=("purchase order", "purchase orders"),
    row_id=PurchaseOrder.id,
    row_name=PurchaseOrder.number,
    tick=lambda order: (order.id, order.number),
    actions=(
        BulkAction(
            name="approve",
            label="Approve",
            permission="purchase_orders.approve",
            question="Approve {count}?",
            act=services.approve_order,
        ),
        BulkAction(
            name="mark-sent",
            label="Mark as sent",
            permission="purchase_orders.send",
            question="Have the vendors got {count}? They count as incoming then.",
            act=services.mark_sent,
        ),
    ),
    unmatched=Nothing(
        title="Nothing matches.",
        advice="Try fewer letters, other dates or another state.",
        action="Show all purchase orders",
    ),
    nothing=Nothing(
        title="No purchase orders yet.",
        advice="Write the first one, import a file, or let what runs low write them.",
        link=NEW,
        icon="truck",
    ),
)

ORDERS.add_to(bp)
