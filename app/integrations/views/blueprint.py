"""The blueprint of connections, and what its views share."""

from flask import Blueprint

from app.core.web import one_or_404
from app.integrations.hub import queries
from app.integrations.hub.events import CHANGED
from app.integrations.hub.models import Connection

__all__ = ["CHANGED", "bp", "one"]

bp = Blueprint("connections", __name__, url_prefix="/connections")


def one(connection_id: int) -> Connection:
    """Give the connection that an address names."""
    return one_or_404(queries.connection(connection_id))
