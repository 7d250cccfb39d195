"""The products of a plan: what each has and wants by month, and what is wrong."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from flask import abort, url_for
from sqlalchemy import Select

from app.catalog.choices import vendor_name, vendor_options
from app.catalog.models import Product
from app.core.db import db
from app.core.pages import (
    Asked,
    Choice,
    Column,
    ListPage,
    Nothing,
    RecordPage,
    Reference,
    Resource,
    Search,
)
from app.core.pages.charts import Chart, Series
from app.supply import queries
from app.supply.models import EXCEPTIONS, SOURCES, SupplyPlan, SupplyRow
from app.supply.views.plans import PLAN, VIEW

FIGURES = (
    ("ordered", "Ordered"),
    ("forecast", "Forecast not ordered yet"),
    ("dependent", "For what it goes into"),
    ("incoming", "Incoming"),
    ("suggested", "Suggested"),
    ("projected", "Stock at the end without them"),
    ("planned", "Stock at the end with them"),
)


def made_plan(plan_id: int) -> SupplyPlan:
    """Give a plan that can be read; 404 where it is not made."""
    plan: SupplyPlan = PLAN.find(plan_id)
    return plan if plan.is_made else abort(404)


def crumbs_of(plan_id: int) -> list[tuple[str, str]]:
    """Give the way back from what stands below a plan."""
    return [
        ("Supply plan", url_for("supply_plans.index")),
        ("Plan", url_for("supply_plans.show", plan_id=plan_id)),
    ]


def _rows(asked: Asked) -> Select[Any]:
    return queries.rows(
        made_plan(asked.about["plan_id"]).id,
        search=asked["search"],
        exception=asked["exception"],
        vendor_id=asked["vendor"],
    )


def _said(row: SupplyRow) -> str:
    return ", ".join(EXCEPTIONS[name] for name in row.exceptions)


def _wanted(row: SupplyRow) -> Decimal:
    return sum([*row.ordered, *row.forecast, *row.dependent], Decimal(0))


def _figure(name: str, title: str, **more: Any) -> Column:
    return Column(name=name, title=title, kind="quantity", **more)


ROWS = ListPage(
    name="supply_rows",
    title="Products of the plan",
    permission=VIEW,
    query=_rows,
    key=SupplyRow.id,
    sort="sku",
    href=lambda row: url_for(
        "supply_plans.product", plan_id=row.plan_id, product_id=row.product_id
    ),
    crumbs=lambda about: crumbs_of(about["plan_id"]),
    filters=(
        Search(label="SKU or name"),
        Choice(
            name="exception",
            label="Exception",
            options=EXCEPTIONS,
            everything="With and without exceptions",
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
            value=lambda row: row.vendor.name if row.vendor else SOURCES[row.source],
            place="meta",
        ),
        _figure("on_hand", "On hand", place="wide desk"),
        _figure("wanted", "Wanted", value=_wanted, place="wide desk"),
        _figure(
            "incoming",
            "Incoming",
            value=lambda row: sum(row.incoming, Decimal(0)),
            place="wide desk",
            is_shown=False,
        ),
        _figure(
            "suggested",
            "Suggested",
            value=lambda row: sum(row.suggested, Decimal(0)),
            place="figure",
        ),
        Column(name="out_on", title="Out on", kind="day", sort=SupplyRow.out_on),
        _figure("excess", "Too much", sort=SupplyRow.excess, is_shown=False),
        Column(name="exceptions", title="Exceptions", value=_said),
    ),
    nouns=("product", "products"),
    unmatched=Nothing(
        title="Nothing matches.",
        advice="Try fewer letters, or another exception.",
        action="Show all products",
    ),
    nothing=Nothing(
        title="The plan has no products.",
        advice="Nothing is forecast or ordered, nothing comes, and no safety stock is kept.",
        icon="list",
    ),
)


def _row(plan_id: int, product_id: int) -> Select[Any]:
    return queries.row(plan_id, product_id)


ROW = Resource(
    name="row",
    area="supply_plans",
    query=_row,
    rule="/<int:plan_id>/products/<int:product_id>",
    keys={"plan_id": "plan_id", "product_id": "product_id"},
    shown_at="product",
    event="supply-plans:changed",
)


def _chart(row: SupplyRow, months: Sequence[str]) -> Chart:
    series = [
        Series(label, tuple(getattr(row, name)))
        for name, label in (("projected", "Without suggestions"), ("planned", "With them"))
    ]
    return Chart(
        kind="line",
        title="Stock at the end of each month",
        category_label="Month",
        categories=tuple(months),
        series=tuple(series),
        unit=row.product.unit,
    )


def _context(row: SupplyRow) -> Mapping[str, Any]:
    found = queries.suggestions_of(row.plan_id, row.product_id)
    months = [f"{month:%b %y}" for month in row.plan.horizon]
    return {
        "suggestions": db.session.scalars(found).all(),
        "months": months,
        "figures": [(label, getattr(row, name)) for name, label in FIGURES],
        "exceptions": EXCEPTIONS,
        "source": SOURCES[row.source],
        "chart": _chart(row, months),
    }


row_page = RecordPage(
    resource=ROW,
    permission=VIEW,
    heading="{0.product.name}",
    subtitle="{0.product.sku} in the supply plan of {0.plan}",
    crumbs=lambda row: [
        *crumbs_of(row.plan_id),
        ("Products", url_for("supply_plans.products", plan_id=row.plan_id)),
    ],
    body="supply/rows/_row.html",
    context=_context,
    has_history=False,
    has_charts=True,
)
