"""What a plan suggests to buy and build, and drafting orders of that."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import url_for
from sqlalchemy import Select, select

from app.catalog.choices import vendor_name, vendor_options
from app.catalog.models import Product
from app.core.days import today
from app.core.db import db
from app.core.pages import (
    Asked,
    BulkAction,
    Choice,
    Column,
    ListPage,
    Nothing,
    Outcome,
    Reference,
    Search,
    Segments,
)
from app.purchasing import queries as purchasing
from app.supply import queries, services
from app.supply.models import SOURCES, SupplySuggestion
from app.supply.views.plans import VIEW
from app.supply.views.rows import crumbs_of, made_plan

SOON = {"0": "Now", "7": "Within a week", "30": "Within 30 days"}


def _suggestions(asked: Asked) -> Select[Any]:
    days = asked["begin"]
    return queries.suggestions(
        made_plan(asked.about["plan_id"]).id,
        search=asked["search"],
        source=asked["source"],
        vendor_id=asked["vendor"],
        until=today() + timedelta(days=days) if days != "" else None,
        is_open=asked["state"] == "open",
    )


def _drafted(result: Mapping[str, Any]) -> Outcome:
    """Say which drafts were made, as far as they are there."""
    numbers, refused = result["orders"], result["refused"]
    made = "1 draft" if len(numbers) == 1 else f"{len(numbers):,} drafts"
    told = f"{made} made" if numbers else "No draft was made"
    if refused:
        told += f", {SUGGESTIONS.counted(refused)} refused"
    found = db.session.execute(purchasing.orders_numbered(numbers)).all()
    links = [
        (row.number, url_for("purchase_orders.show", purchase_order_id=row.id)) for row in found
    ]
    return Outcome(f"{told}{':' if links else '.'}", links, ("done", "refused", "orders"))


def _day(name: str, title: str, **more: Any) -> Column:
    """Make a column of a day; the sentence that says why has it too."""
    return Column(name=name, title=title, kind="day", is_shown=False, **more)


SUGGESTIONS = ListPage(
    name="supply_suggestions",
    title="Suggestions of the plan",
    permission=VIEW,
    query=_suggestions,
    key=SupplySuggestion.id,
    css="reasoned",
    sort="begin_on",
    href=lambda one: url_for(
        "supply_plans.product", plan_id=one.plan_id, product_id=one.product_id
    ),
    crumbs=lambda about: crumbs_of(about["plan_id"]),
    filters=(
        Search(label="SKU or name"),
        Segments(
            name="begin", label="To begin", options=SOON, everything="Any time", parse=int
        ),
        Choice(
            name="source",
            label="Supply",
            options={name: SOURCES[name] for name in ("buy", "build")},
            everything="Bought and built",
        ),
        Choice(
            name="state",
            label="State",
            options={"open": "Not ordered yet"},
            everything="Ordered or not",
        ),
        Reference(
            name="vendor",
            label="Vendor",
            options=vendor_options,
            everything="All vendors",
            shows=vendor_name,
            chip="Vendor: {}",
        ),
    ),
    columns=(
        Column(name="sku", title="SKU", kind="code", value="product.sku", sort=Product.sku),
        Column(
            name="name",
            title="Product",
            value="product.name",
            place="name",
            is_link=True,
            is_required=True,
        ),
        Column(
            name="source",
            title="Supply",
            value=lambda one: one.vendor.name if one.vendor else SOURCES[one.source],
            place="meta",
        ),
        Column(
            name="quantity",
            title="Quantity",
            kind="quantity",
            unit="product.unit",
            place="figure",
        ),
        _day("begin_on", "Begin on", sort=SupplySuggestion.begin_on),
        _day("due_on", "Wanted on", sort=SupplySuggestion.due_on),
        _day("arrives_on", "Comes on"),
        Column(
            name="order",
            title="Order",
            value=lambda one: one.order.number if one.order else "",
            is_shown=False,
        ),
        Column(
            name="why", title="Why", kind="cell", cell="supply/_cells.html:why", place="wrap"
        ),
    ),
    events=("purchase-orders:changed",),
    nouns=("suggestion", "suggestions"),
    row_id=SupplySuggestion.id,
    row_name=select(Product.sku)
    .where(Product.id == SupplySuggestion.product_id)
    .scalar_subquery(),
    tick=lambda one: (one.id, one.product.sku),
    actions=(
        BulkAction(
            name="order",
            label="Draft purchase orders",
            permission="purchase_orders.edit",
            question="Draft purchase orders of {count}, one for each vendor?",
            act_on_all=services.order_suggestions,
            outcome=_drafted,
        ),
    ),
    unmatched=Nothing(
        title="Nothing matches.",
        advice="Try another time or vendor.",
        action="Show all suggestions",
    ),
    nothing=Nothing(
        title="Nothing is to be bought or built.",
        advice="What there is and what comes serves all that is wanted.",
        icon="check",
    ),
)
