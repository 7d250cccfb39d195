"""Amazon for programs, by the names of the hub before ours; more is under `marketplaces`."""

from typing import Any

from app.core.api import Blueprint, page_of
from app.core.permissions import requires
from app.integrations.marketplaces import queries
from app.integrations.marketplaces.fields import (
    FeePageSchema,
    FeeQuery,
    StockPageSchema,
    StockQuery,
    asked,
)
from app.integrations.marketplaces.models import FeeEstimate, MarketplaceStock
from app.integrations.systems.amazon.connector import Amazon

bp = Blueprint(
    "amazon_api",
    __name__,
    url_prefix="/api/v1/amazon",
    description="Accounts of Amazon: what lies there, and what sales cost",
)


@bp.get("/inventory")
@requires("reconcile.view")
@bp.arguments(StockQuery, location="query")
@bp.response(200, StockPageSchema)
def list_inventory(query: dict[str, Any]) -> dict[str, Any]:
    """List what lies in Amazon's warehouses, as it said last."""
    found = queries.stock(**asked(query))
    mine = queries.of_system(found, MarketplaceStock, Amazon.system)
    return page_of(mine, query, sorts=queries.STOCK_SORTS)


@bp.get("/fees")
@requires("reconcile.view")
@bp.arguments(FeeQuery, location="query")
@bp.response(200, FeePageSchema)
def list_fees(query: dict[str, Any]) -> dict[str, Any]:
    """List what sales at Amazon are estimated to cost."""
    mine = queries.of_system(queries.fees(**asked(query)), FeeEstimate, Amazon.system)
    return page_of(mine, query, sorts=queries.FEE_SORTS)
