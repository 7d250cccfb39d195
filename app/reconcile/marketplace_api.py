"""Goods at marketplaces, for programs."""

from typing import Any

from app.core.api import Blueprint, page_of, page_schema
from app.core.permissions import requires
from app.integrations.marketplaces import fields, queries
from app.integrations.marketplaces.fields import asked

VIEW = "reconcile.view"
bp = Blueprint(
    "marketplaces_api",
    __name__,
    url_prefix="/api/v1/marketplaces",
    description="What marketplaces keep of ours, and what they say happened to it",
)


@bp.get("/stock")
@requires(VIEW)
@bp.arguments(fields.StockQuery, location="query")
@bp.response(200, fields.StockPageSchema)
def list_stock(query: dict[str, Any]) -> dict[str, Any]:
    """List what lies in the warehouses of marketplaces, as they said last."""
    return page_of(queries.stock(**asked(query)), query, sorts=queries.STOCK_SORTS)


@bp.get("/ledger")
@requires(VIEW)
@bp.arguments(fields.EventQuery, location="query")
@bp.response(200, page_schema(fields.LedgerEventSchema))
def list_ledger(query: dict[str, Any]) -> dict[str, Any]:
    """List the movements in the warehouses of marketplaces, the newest first."""
    return page_of(queries.events(**asked(query)), query, sorts=queries.EVENT_SORTS)


@bp.get("/days")
@requires(VIEW)
@bp.arguments(fields.DayQuery, location="query")
@bp.response(200, page_schema(fields.LedgerDaySchema))
def list_days(query: dict[str, Any]) -> dict[str, Any]:
    """List what each SKU's day began and ended with, the newest first."""
    return page_of(queries.days(**asked(query)), query, sorts=queries.DAY_SORTS)


@bp.get("/reimbursements")
@requires(VIEW)
@bp.arguments(fields.ReimbursementQuery, location="query")
@bp.response(200, page_schema(fields.ReimbursementSchema))
def list_reimbursements(query: dict[str, Any]) -> dict[str, Any]:
    """List what marketplaces paid for goods, the newest first."""
    found = queries.reimbursements(**asked(query))
    return page_of(found, query, sorts=queries.REIMBURSEMENT_SORTS)


@bp.get("/returns")
@requires(VIEW)
@bp.arguments(fields.ReturnQuery, location="query")
@bp.response(200, page_schema(fields.MarketplaceReturnSchema))
def list_returns(query: dict[str, Any]) -> dict[str, Any]:
    """List what buyers have sent back to marketplaces, the newest first."""
    return page_of(queries.returns(**asked(query)), query, sorts=queries.RETURN_SORTS)


@bp.get("/removals")
@requires(VIEW)
@bp.arguments(fields.RemovalQuery, location="query")
@bp.response(200, page_schema(fields.RemovalSchema))
def list_removals(query: dict[str, Any]) -> dict[str, Any]:
    """List what we had sent back from marketplaces or disposed of, the newest first."""
    return page_of(queries.removals(**asked(query)), query, sorts=queries.REMOVAL_SORTS)


@bp.get("/shipments")
@requires(VIEW)
@bp.arguments(fields.ShipmentQuery, location="query")
@bp.response(200, page_schema(fields.ShipmentLineSchema))
def list_shipments(query: dict[str, Any]) -> dict[str, Any]:
    """List what is in shipments to marketplaces, line by line."""
    found = queries.shipment_lines(**asked(query))
    page = page_of(found, query, sorts=queries.LINE_SORTS, rows=True)
    names = fields.ShipmentLineSchema().fields
    page["items"] = [
        {name: getattr(line, name, None) for name in names}
        | {"name": title, "warehouse": warehouse, "status": status}
        for line, title, warehouse, status in page["items"]
    ]
    return page


@bp.get("/fees")
@requires(VIEW)
@bp.arguments(fields.FeeQuery, location="query")
@bp.response(200, fields.FeePageSchema)
def list_fees(query: dict[str, Any]) -> dict[str, Any]:
    """List what sales at marketplaces are estimated to cost."""
    return page_of(queries.fees(**asked(query)), query, sorts=queries.FEE_SORTS)
