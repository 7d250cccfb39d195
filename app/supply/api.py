"""Supply plans for programs."""

from typing import Any

import marshmallow as ma
from flask import url_for

from app.catalog.api.fields import Number
from app.core.api import Blueprint, PageQuery, Sort, page_of, page_schema
from app.core.idempotency import idempotent
from app.core.permissions import requires
from app.core.quantities import QUANTITY_DECIMALS
from app.core.web import one_or_404
from app.planning.models import LONGEST_HORIZON
from app.supply import queries, services
from app.supply.jobs import make_supply_plan
from app.supply.models import EXCEPTIONS, NETTINGS, SOURCES, SupplyPlan, SupplyRow

VIEW = "supply.view"

bp = Blueprint(
    "supply_plans_api",
    __name__,
    url_prefix="/api/v1/supply-plans",
    description="What to buy and build for what is forecast and ordered, and why",
)


def _quantity(**more: Any) -> Number:
    return Number(decimals=QUANTITY_DECIMALS, **more)


def _by_month(description: str) -> Any:
    return ma.fields.List(_quantity(), metadata={"description": description})


class NewSupplyPlanSchema(ma.Schema):
    """By which forecast a plan is made."""

    cycle_id = ma.fields.Int(
        strict=True,
        load_default=None,
        allow_none=True,
        metadata={"description": "Without one the latest that was opened"},
    )
    months = ma.fields.Int(
        strict=True, load_default=12, validate=ma.validate.Range(1, LONGEST_HORIZON)
    )


class SupplyPlanSchema(ma.Schema):
    """A plan; as long as it is being made, `made_at` is null."""

    id = ma.fields.Int()
    cycle_id = ma.fields.Int()
    first_on = ma.fields.Date(metadata={"description": "The day as of which it is made"})
    months = ma.fields.List(ma.fields.Date(), attribute="horizon")
    netting = ma.fields.Str(
        validate=ma.validate.OneOf([*NETTINGS]),
        metadata={"description": "Whose orders consume the forecast of a customer"},
    )
    made_at = ma.fields.DateTime(allow_none=True)
    products = ma.fields.Int()
    suggestions = ma.fields.Int()
    left_out = ma.fields.Int(
        metadata={"description": "Products with stock of which nothing is wanted"}
    )
    blanks = ma.fields.Int(metadata={"description": "Cells of the forecast without a figure"})
    uncovered = ma.fields.List(
        ma.fields.Date(), metadata={"description": "Months that no cycle forecasts"}
    )
    job_id = ma.fields.Int(allow_none=True)


class StartedSupplyPlanSchema(ma.Schema):
    """Where to ask how it fares."""

    id = ma.fields.Int()
    job_id = ma.fields.Int(allow_none=True)
    status_url = ma.fields.Str()


class SupplyPullSchema(ma.Schema):
    """What comes and is to come sooner; of what is late `wanted` is empty: at once."""

    document = ma.fields.Str()
    quantity = ma.fields.Str()
    due = ma.fields.Str()
    wanted = ma.fields.Str()


class SupplyRowSchema(ma.Schema):
    """A product of a plan; lists are by month."""

    product_id = ma.fields.Int()
    sku = ma.fields.Str(attribute="product.sku")
    name = ma.fields.Str(attribute="product.name")
    source = ma.fields.Str(validate=ma.validate.OneOf([*SOURCES]))
    vendor_id = ma.fields.Int(allow_none=True)
    on_hand = _quantity()
    safety_stock = _quantity()
    lead_days = ma.fields.Int()
    ordered = _by_month("What customers have ordered and is not shipped")
    forecast = _by_month("What is forecast and nobody has ordered yet")
    dependent = _by_month("For what it goes into")
    incoming = _by_month("What comes, and what drafts say")
    suggested = _by_month("What the suggestions bring")
    projected = _by_month("Stock at the end without the suggestions")
    planned = _by_month("Stock at the end with them")
    out_on = ma.fields.Date(allow_none=True)
    out_quantity = _quantity()
    excess = _quantity()
    exceptions = ma.fields.List(ma.fields.Str(validate=ma.validate.OneOf([*EXCEPTIONS])))
    pulls = ma.fields.List(ma.fields.Nested(SupplyPullSchema))


class SupplyPegSchema(ma.Schema):
    """Which demand it serves: an order, a forecast, what it goes into, or the safety stock."""

    kind = ma.fields.Str()
    number = ma.fields.Int(metadata={"description": "Id of the order or the product"})
    document = ma.fields.Str(metadata={"description": "Number of the order, month, or SKU"})
    quantity = ma.fields.Str()


class SupplySuggestionSchema(ma.Schema):
    """So much is to be bought or built, why, and for what."""

    id = ma.fields.Int()
    product_id = ma.fields.Int()
    sku = ma.fields.Str(attribute="product.sku")
    source = ma.fields.Str(validate=ma.validate.OneOf(["buy", "build"]))
    vendor_id = ma.fields.Int(allow_none=True)
    quantity = _quantity()
    due_on = ma.fields.Date(metadata={"description": "The day on which it is wanted"})
    begin_on = ma.fields.Date()
    arrives_on = ma.fields.Date(metadata={"description": "Later than wanted: expedite"})
    why = ma.fields.Str()
    pegs = ma.fields.List(ma.fields.Nested(SupplyPegSchema))
    order_id = ma.fields.Int(allow_none=True)


class ChosenSuggestionsSchema(ma.Schema):
    """Which suggestions are ordered."""

    suggestion_ids = ma.fields.List(
        ma.fields.Int(strict=True), required=True, validate=ma.validate.Length(1, 1000)
    )


class RefusedSuggestionSchema(ma.Schema):
    """What is in no order, and why."""

    record = ma.fields.Str(metadata={"description": "The SKU"})
    reason = ma.fields.Str()


class OrderedSuggestionsSchema(ma.Schema):
    """What became of suggestions."""

    done = ma.fields.Int()
    refused = ma.fields.Int()
    orders = ma.fields.List(ma.fields.Str(), metadata={"description": "Numbers of the drafts"})
    errors = ma.fields.List(ma.fields.Nested(RefusedSuggestionSchema))


class PlansQuery(PageQuery):
    """The order of plans."""

    sort = Sort({"id": SupplyPlan.id})


class RowsQuery(PageQuery):
    """Filters of the products of a plan."""

    sort = Sort(queries.ROW_SORTS)
    q = ma.fields.Str(load_default="", validate=ma.validate.Length(max=100))
    exception = ma.fields.Str(load_default="", validate=ma.validate.OneOf(["", *EXCEPTIONS]))
    vendor = ma.fields.Int(load_default=None, metadata={"description": "Its id"})


class SuggestionsQuery(PageQuery):
    """Filters of suggestions."""

    sort = Sort(queries.SUGGESTION_SORTS)
    q = ma.fields.Str(load_default="", validate=ma.validate.Length(max=100))
    source = ma.fields.Str(load_default="", validate=ma.validate.OneOf(["", "buy", "build"]))
    vendor = ma.fields.Int(load_default=None, metadata={"description": "Its id"})
    until = ma.fields.Date(
        load_default=None, metadata={"description": "To be begun on this day or before"}
    )
    is_open = ma.fields.Bool(load_default=False, metadata={"description": "Not ordered yet"})


@bp.get("")
@requires(VIEW)
@bp.arguments(PlansQuery, location="query")
@bp.response(200, page_schema(SupplyPlanSchema))
def list_supply_plans(query: dict[str, Any]) -> dict[str, Any]:
    """List supply plans."""
    return page_of(queries.plans(), query, sorts={"id": SupplyPlan.id})


@bp.post("")
@requires("supply.make")
@idempotent
@bp.arguments(NewSupplyPlanSchema)
@bp.response(202, StartedSupplyPlanSchema)
def create_supply_plan(values: dict[str, Any]) -> dict[str, Any]:
    """Have a plan made, by the forecast of a cycle that was opened."""
    plan = services.create_plan(make_supply_plan, **values)
    status = url_for("jobs_api.show", run_id=plan.job_id)
    return {"id": plan.id, "job_id": plan.job_id, "status_url": status}


@bp.get("/<int:plan_id>")
@requires(VIEW)
@bp.response(200, SupplyPlanSchema)
def get_supply_plan(plan_id: int) -> SupplyPlan:
    """Show a plan."""
    return one_or_404(queries.plan(plan_id))


@bp.get("/<int:plan_id>/products")
@requires(VIEW)
@bp.arguments(RowsQuery, location="query")
@bp.response(200, page_schema(SupplyRowSchema))
def list_supply_plan_products(query: dict[str, Any], plan_id: int) -> dict[str, Any]:
    """List the products of a plan, month by month."""
    one_or_404(queries.plan(plan_id))
    found = queries.rows(
        plan_id,
        search=query.pop("q"),
        exception=query.pop("exception"),
        vendor_id=query.pop("vendor"),
    )
    return page_of(found, query, sorts=queries.ROW_SORTS)


@bp.get("/<int:plan_id>/products/<int:product_id>")
@requires(VIEW)
@bp.response(200, SupplyRowSchema)
def get_supply_plan_product(plan_id: int, product_id: int) -> SupplyRow:
    """Show what a plan says of a product."""
    return one_or_404(queries.row(plan_id, product_id))


@bp.get("/<int:plan_id>/suggestions")
@requires(VIEW)
@bp.arguments(SuggestionsQuery, location="query")
@bp.response(200, page_schema(SupplySuggestionSchema))
def list_supply_suggestions(query: dict[str, Any], plan_id: int) -> dict[str, Any]:
    """List what a plan suggests to buy and build, why, and which demand it serves."""
    one_or_404(queries.plan(plan_id))
    found = queries.suggestions(
        plan_id,
        search=query.pop("q"),
        vendor_id=query.pop("vendor"),
        **{name: query.pop(name) for name in ("source", "until", "is_open")},
    )
    return page_of(found, query, sorts=queries.SUGGESTION_SORTS)


@bp.post("/orders")
@requires("purchase_orders.edit")
@idempotent
@bp.arguments(ChosenSuggestionsSchema)
@bp.response(200, OrderedSuggestionsSchema)
def order_supply_suggestions(body: dict[str, Any]) -> dict[str, Any]:
    """Draft purchase orders of suggestions, one for each vendor; what cannot be is told."""
    return {"errors": [], **services.order_suggestions(body["suggestion_ids"])}
