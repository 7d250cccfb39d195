"""Forecasts for programs: read row by row, written cell by cell."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from flask_login import current_user
from sqlalchemy import func

from app.catalog.models import Customer, Product
from app.core.api import Blueprint, PageQuery, Sort, page_of, page_schema
from app.core.codes import normal_code
from app.core.idempotency import idempotent
from app.core.permissions import requires
from app.core.schemas import for_changes
from app.core.web import one_or_404
from app.planning import queries, services
from app.planning.access import own_only
from app.planning.api.cycles import find_cycle
from app.planning.api.fields import ForecastSchema, SubmissionSchema, SubmitSchema
from app.planning.cell_schemas import SavedCellsSchema, ValuedCellSchema, edits_of
from app.planning.models import ScopeRow, Submission
from app.planning.services.pricing import Priced, in_quantities, prices, prices_of
from app.planning.services.row_history import MonthTold, Told, forecasts_of

bp = Blueprint(
    "forecasts_api",
    __name__,
    url_prefix="/api/v1/forecasts",
    description="What reps forecast, by customer, product and month",
)


class ForecastsQuery(PageQuery):
    """Filters of forecasts."""

    cycle = ma.fields.Int(load_default=None, metadata={"description": "Its id"})
    customer = ma.fields.Str(load_default="", metadata={"description": "Its code"})
    product = ma.fields.Str(load_default="", metadata={"description": "Its SKU"})
    sort = Sort(queries.ROW_SORTS)


class SentCellsSchema(ma.Schema):
    """Cells of a cycle."""

    cycle_id = ma.fields.Int(required=True, strict=True)
    cells = ma.fields.List(
        ma.fields.Nested(ValuedCellSchema),
        required=True,
        validate=ma.validate.Length(min=1, max=services.MOST_CELLS),
    )


class SubmitAllSchema(SubmitSchema):
    """Which of your forecasts."""

    cycle_id = ma.fields.Int(required=True, strict=True)


def _row(row_id: int) -> ScopeRow:
    found, own = queries.row(row_id), own_only()
    return one_or_404(found if own is None else found.where(ScopeRow.user_id == own))


class _Worth:
    """What the goods of rows are worth, asked once for each cycle."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[str, Mapping[int, Priced]]] = {}

    def of(self, row: ScopeRow) -> tuple[str, Priced]:
        """The currency, and what one unit of a row's product is sold for and costs."""
        if row.cycle_id not in self._known:
            self._known[row.cycle_id] = (prices(row.cycle).currency, prices_of(row.cycle))
        currency, priced = self._known[row.cycle_id]
        return currency, priced[row.product_id]


def _shown(row: ScopeRow, told: Told, worth: _Worth) -> dict[str, Any]:
    baseline = told.baseline
    currency, priced = worth.of(row)
    return {
        "id": row.id,
        "cycle_id": row.cycle_id,
        "user_id": row.user_id,
        "customer_id": row.customer_id,
        "customer": row.customer.code,
        "product_id": row.product_id,
        "sku": row.product.sku,
        "method": baseline.method if baseline else "none",
        "method_reason": baseline.reason if baseline else "",
        "wape": baseline.wape if baseline else None,
        "currency": currency,
        "price": priced.price,
        "cost": priced.cost,
        "months": [_month(one, priced) for one in told.months],
    }


def _answer(row_id: int) -> dict[str, Any]:
    [told] = forecasts_of([_row(row_id)])
    return _shown(*told, _Worth())


def _month(one: MonthTold, priced: Priced) -> Mapping[str, Any]:
    cell = one.cell
    return {
        "month": one.month,
        "quantity": cell.quantity if cell else None,
        "version": cell.version if cell else 0,
        "reason": cell.reason if cell else "",
        "comment": cell.comment if cell else "",
        "baseline": one.baseline,
        "low": one.low,
        "high": one.high,
        "previous": one.previous,
        "total": one.total,
        "adjusted": one.adjusted,
        "consensus": one.consensus,
        "value": priced.figure("value", one.total),
        "margin": priced.figure("margin", one.total),
    }


@bp.get("")
@requires("forecasts.view")
@bp.arguments(ForecastsQuery, location="query")
@bp.response(200, page_schema(ForecastSchema))
def list_forecasts(query: dict[str, Any]) -> dict[str, Any]:
    """List forecasts; who plans nothing sees their own."""
    customer, product = query.pop("customer"), query.pop("product")
    found = queries.rows(query.pop("cycle"), rep_id=own_only())
    if customer:
        found = found.where(func.lower(Customer.code) == customer.lower())
    if product:
        found = found.where(func.normal_code(Product.sku) == normal_code(product))
    page = page_of(found, query, sorts=queries.ROW_SORTS)
    worth = _Worth()
    return page | {"items": [_shown(*told, worth) for told in forecasts_of(page["items"])]}


@bp.post("")
@requires("forecasts.edit")
@idempotent
@bp.arguments(SentCellsSchema)
@bp.response(200, SavedCellsSchema)
@bp.alt_response(404, description="There is no such cycle")
@bp.alt_response(409, description="The cycle is not open, or the forecast is submitted")
def create_forecasts(given: dict[str, Any]) -> services.SavedCells:
    """Save cells, one or many; those that others changed meanwhile are told and left."""
    cycle = find_cycle(given["cycle_id"])
    cells = in_quantities(cycle, given["cells"])
    edits = edits_of([{"source": "api", **cell} for cell in cells])
    return services.save_cells(cycle.id, edits, rep_id=own_only())


@bp.get("/<int:row_id>")
@requires("forecasts.view")
@bp.response(200, ForecastSchema)
def get_forecast(row_id: int) -> dict[str, Any]:
    """Show a forecast."""
    return _answer(row_id)


@bp.put("/<int:row_id>")
@requires("forecasts.edit")
@idempotent
@bp.arguments(for_changes(ForecastSchema))
@bp.response(200, ForecastSchema)
@bp.alt_response(
    409, description="Not open, submitted, or somebody was faster: nothing is done"
)
def update_forecast(given: dict[str, Any], row_id: int) -> dict[str, Any]:
    """Change months of a forecast, all of them or none; months that are not named stay."""
    row = _row(row_id)
    edits = edits_of(given.get("months", ()), row_id=row_id, source="api")
    services.save_cells(row.cycle_id, edits, rep_id=own_only(), is_whole=True)
    return _answer(row_id)


@bp.post("/<int:row_id>/submit")
@requires("forecasts.edit")
@idempotent
@bp.arguments(SubmitSchema)
@bp.response(200, SubmissionSchema)
@bp.alt_response(409, description="Reasons or quantities are missing, or it is submitted")
def submit_forecast(given: dict[str, Any], row_id: int) -> Submission:
    """Hand in the forecast that a row is part of, with all its rows."""
    row = _row(row_id)
    return _submitted(row.cycle_id, row.user_id, **given)


@bp.post("/submit")
@requires("forecasts.edit")
@idempotent
@bp.arguments(SubmitAllSchema)
@bp.doc(operationId="submit_forecasts")
@bp.response(200, SubmissionSchema)
@bp.alt_response(404, description="You take no part in such a cycle")
@bp.alt_response(409, description="Reasons or quantities are missing, or it is submitted")
def submit_forecasts(given: dict[str, Any]) -> Submission:
    """Hand in all of yours in a cycle."""
    return _submitted(given.pop("cycle_id"), current_user.id, **given)


def _submitted(cycle_id: int, user_id: int, *, accepts_blanks: bool) -> Submission:
    found = one_or_404(queries.submission_of(cycle_id, user_id))
    services.submit_forecast(found.id, accepts_blanks=accepts_blanks)
    return one_or_404(queries.submission(found.id))
