"""What only the connection of a shop has: the source that its stock is published to."""

from flask import Blueprint, request, url_for
from werkzeug import Response

from app.core.permissions import requires
from app.core.web import one_or_404, respond_saved
from app.integrations.hub import queries
from app.integrations.hub.events import CHANGED
from app.integrations.systems.magento.stock import set_stock_source

bp = Blueprint("magento", __name__, url_prefix="/connections")


@bp.post("/<int:connection_id>/stock-source")
@requires("integrations.manage")
def update_stock_source(connection_id: int) -> Response:
    """Say which source stock is published to; nothing: none."""
    one_or_404(queries.connection(connection_id))
    source = " ".join(request.form.get("source", "").split())
    set_stock_source(connection_id, source)
    said = f"Stock goes to the source “{source}”." if source else "Stock is told no more."
    return respond_saved(
        url_for("connections.show", connection_id=connection_id), said, event=CHANGED
    )
