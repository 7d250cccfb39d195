"""The calls about connections, and what they share."""

from app.core.api import Blueprint
from app.core.web import one_or_404
from app.integrations.hub import queries
from app.integrations.hub.models import Connection

bp = Blueprint(
    "connections_api",
    __name__,
    url_prefix="/api/v1/connections",
    description="Outside systems: connections, syncs, and what waits for a decision",
)


def one(connection_id: int) -> Connection:
    """Give the connection that an address names; else 404."""
    return one_or_404(queries.connection(connection_id))
