"""What only the connection of a shop has, for programs."""

from typing import Any

import marshmallow as ma

from app.core.api import Blueprint
from app.core.idempotency import idempotent
from app.core.permissions import requires
from app.core.web import one_or_404
from app.integrations.hub import queries
from app.integrations.hub.models import Connection
from app.integrations.systems.magento.connector import Magento
from app.integrations.systems.magento.stock import set_stock_source, stock_source

bp = Blueprint(
    "magento_api",
    __name__,
    url_prefix="/api/v1/connections",
    description="Outside systems: connections, syncs, and what waits for a decision",
)


class StockSourceSchema(ma.Schema):
    """The source of a shop that our stock is told to; empty: it is told nothing."""

    source = ma.fields.Str(required=True)


@bp.get("/<int:connection_id>/stock-source")
@requires("integrations.manage")
@bp.response(200, StockSourceSchema)
def show_stock_source(connection_id: int) -> dict[str, str]:
    """Show which source of a shop our stock is told to."""
    _refuse_others(connection_id)
    return {"source": stock_source(connection_id)}


@bp.put("/<int:connection_id>/stock-source")
@requires("integrations.manage")
@idempotent
@bp.arguments(StockSourceSchema)
@bp.response(200, StockSourceSchema)
def update_stock_source(given: dict[str, Any], connection_id: int) -> dict[str, str]:
    """Tell our stock to a source from now on."""
    _refuse_others(connection_id)
    set_stock_source(connection_id, given["source"].strip())
    return {"source": stock_source(connection_id)}


def _refuse_others(connection_id: int) -> None:
    shops = queries.live_connections(Magento.system)
    one_or_404(shops.where(Connection.id == connection_id))
