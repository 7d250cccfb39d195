"""What goods have cost, and what they are worth, for programs."""

from typing import Any

import marshmallow as ma

from app.catalog.api.fields import Number
from app.core.api import Blueprint, PageQuery, Sort, page_of, page_schema
from app.core.days import day_after, day_begin
from app.core.db import db, retried
from app.core.idempotency import idempotent
from app.core.permissions import requires
from app.core.quantities import MONEY_DECIMALS, parse_decimal, plain
from app.core.web import one_or_404
from app.purchasing import queries, services
from app.purchasing.api.receipts import bp as receipts
from app.purchasing.models import LANDED, SPREADS, LandedCost, ProductCost
from app.purchasing.prices import COSTS
from app.purchasing.queries.adjustments import ADJUSTMENT_SORTS, VALUED_REASONS
from app.stock.models import Location

bp = Blueprint(
    "costs_api",
    __name__,
    url_prefix="/api/v1/costs",
    description="What goods have cost, and what they are worth where they lie",
)


class Amount(ma.fields.Decimal):
    """An amount that may be less than zero, as a decimal string."""

    def __init__(self, **kwargs: Any) -> None:
        metadata = {"type": "string", "format": "decimal", **kwargs.pop("metadata", {})}
        super().__init__(as_string=True, metadata=metadata, **kwargs)

    def _serialize(self, value: Any, *_rest: Any, **_more: Any) -> str | None:
        return None if value is None else plain(value)

    def _deserialize(self, value: Any, *_rest: Any, **_more: Any) -> Any:
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise ma.ValidationError("This is not a number.")
        try:
            return parse_decimal(str(value), decimals=MONEY_DECIMALS)
        except ValueError as error:
            raise ma.ValidationError(str(error)) from error


class ProductCostSchema(ma.Schema):
    """What a product has cost last, and on average, in its own currency."""

    product_id = ma.fields.Int()
    sku = ma.fields.Str(attribute="product.sku")
    currency = ma.fields.Str(attribute="product.currency")
    last_cost = Number(decimals=MONEY_DECIMALS, attribute="last")
    average_cost = Number(decimals=MONEY_DECIMALS, attribute="average")


class ProductCostQuery(PageQuery):
    """Filters of the list."""

    sort = Sort({"product": ProductCost.product_id})
    product = ma.fields.Int(load_default=None, metadata={"description": "Its id"})


class StockValueSchema(ma.Schema):
    """What lies at a place, and what it is worth."""

    location_id = ma.fields.Int(attribute="id")
    location = ma.fields.Str(attribute="code")
    currency = ma.fields.Str()
    quantity = Amount()
    value = Amount()


class SumSchema(ma.Schema):
    """What all that the filters let through is worth in a currency."""

    currency = ma.fields.Str()
    value = Amount()


class StockValuePageSchema(page_schema(StockValueSchema)):  # type: ignore[misc]
    """A page of the list, and the sums of all its pages."""

    sums = ma.fields.List(ma.fields.Nested(SumSchema), required=True)


class StockValueQuery(PageQuery):
    """Filters of the list."""

    sort = Sort({"location": Location.code})
    q = ma.fields.Str(load_default="", metadata={"description": "Part of a location's path"})
    on = ma.fields.Date(load_default=None, metadata={"description": "At the end of that day"})


class ValuedAdjustmentSchema(ma.Schema):
    """A movement that made stock more or less; what went is below zero."""

    movement_id = ma.fields.Int(attribute="id")
    product_id = ma.fields.Int()
    sku = ma.fields.Str()
    location = ma.fields.Str()
    reason = ma.fields.Str(validate=ma.validate.OneOf(VALUED_REASONS))
    reverses_id = ma.fields.Int(
        allow_none=True, metadata={"description": "The movement that it takes back"}
    )
    occurred_at = ma.fields.DateTime()
    quantity = Amount()
    unit_cost = Amount()
    value = Amount()
    currency = ma.fields.Str()


class ValuedAdjustmentPageSchema(page_schema(ValuedAdjustmentSchema)):  # type: ignore[misc]
    """A page of the list, and the sums of all its pages."""

    sums = ma.fields.List(ma.fields.Nested(SumSchema), required=True)


class ValuedAdjustmentQuery(PageQuery):
    """Filters of the list."""

    sort = Sort(ADJUSTMENT_SORTS)
    q = ma.fields.Str(load_default="", metadata={"description": "SKU, name or location"})
    reason = ma.fields.Str(load_default="", validate=ma.validate.OneOf(["", *VALUED_REASONS]))
    since = ma.fields.Date(data_key="from", load_default=None)
    until = ma.fields.Date(data_key="to", load_default=None)


class LandedCostSchema(ma.Schema):
    """Freight, duty and the like of a receipt, in the currency of its order."""

    id = ma.fields.Int(dump_only=True)
    kind = ma.fields.Str(required=True, validate=ma.validate.OneOf(LANDED))
    amount = Amount(required=True, metadata={"description": "A credit is less than zero"})
    currency = ma.fields.Str(dump_only=True)
    spread = ma.fields.Str(load_default="value", validate=ma.validate.OneOf(SPREADS))
    note = ma.fields.Str(load_default="", validate=ma.validate.Length(max=500))


@bp.get("")
@requires(COSTS)
@bp.arguments(ProductCostQuery, location="query")
@bp.response(200, page_schema(ProductCostSchema))
def list_product_costs(query: dict[str, Any]) -> dict[str, Any]:
    """List what products have cost, as far as any of them were received."""
    found = queries.product_costs(product_id=query.pop("product"))
    return page_of(found, query, sorts={"product": ProductCost.product_id})


@bp.get("/stock-value")
@requires(COSTS)
@bp.arguments(StockValueQuery, location="query")
@bp.response(200, StockValuePageSchema)
def list_stock_value(query: dict[str, Any]) -> dict[str, Any]:
    """List what lies at each place and what it is worth, now or at the end of a day."""
    day = query.pop("on")
    found = queries.stock_value(search=query.pop("q"), until=day_after(day) if day else None)
    sums = db.session.execute(queries.sums_of(found)).all()
    page = page_of(found, query, sorts={"location": Location.code}, rows=True)
    return page | {"sums": sums}


@bp.get("/adjustments")
@requires(COSTS)
@bp.arguments(ValuedAdjustmentQuery, location="query")
@bp.response(200, ValuedAdjustmentPageSchema)
def list_valued_adjustments(query: dict[str, Any]) -> dict[str, Any]:
    """List what was written off, found or counted otherwise, and what that is worth."""
    since, until = query.pop("since"), query.pop("until")
    found = queries.valued_adjustments(
        search=query.pop("q"),
        reason=query.pop("reason"),
        since=day_begin(since) if since else None,
        until=day_after(until) if until else None,
    )
    sums = db.session.execute(queries.sums_of(found)).all()
    return page_of(found, query, sorts=ADJUSTMENT_SORTS, rows=True) | {"sums": sums}


@receipts.post("/<int:receipt_id>/landed-costs")
@requires(COSTS)
@retried
@idempotent
@receipts.arguments(LandedCostSchema)
@receipts.response(201, LandedCostSchema)
@receipts.alt_response(409, description="The receipt is undone, or has cost nothing known")
def create_landed_cost(body: dict[str, Any], receipt_id: int) -> LandedCost:
    """Spread freight, duty or a credit over what a receipt brought."""
    one_or_404(queries.receipt(receipt_id))
    return services.add_landed_cost(receipt_id, **body)
