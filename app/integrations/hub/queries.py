"""Selects over connections."""

from sqlalchemy import Select, select

from app.integrations.hub.models import Connection


def connections() -> Select[Connection]:
    """Every connection, the live ones first."""
    is_over = Connection.state == "disconnected"
    return select(Connection).order_by(Connection.system, is_over, Connection.id.desc())


def connection(connection_id: int) -> Select[Connection]:
    """One connection, without its tokens."""
    return select(Connection).where(Connection.id == connection_id)


def working_connections() -> Select[Connection]:
    """The connections that are synced and told."""
    working = Connection.state == "connected", Connection.paused_at.is_(None)
    return select(Connection).where(*working).order_by(Connection.id)


def live_connections(system: str) -> Select[Connection]:
    """The connections of a system that are not ended; some may need a new sign-in."""
    live = select(Connection).where(
        Connection.system == system, Connection.state != "disconnected"
    )
    return live.order_by(Connection.id)
