"""People are told while records of a connection are rejected."""

from sqlalchemy import func, select

from app.core.alerts import close_alert, raise_alert
from app.core.db import transaction
from app.integrations.hub.connector import find_connector
from app.integrations.hub.models import Connection
from app.integrations.sync import queries
from app.integrations.sync.models import RejectedRecord


def update_alert(connection_id: int) -> None:
    """Tell of rejected records with the newest reason; nothing any more without any."""
    key = f"connection:{connection_id}:rejected"
    with transaction() as session:
        session.flush()
        waiting = queries.rejected(connection_id)
        count = session.scalar(select(func.count()).select_from(waiting.subquery())) or 0
        if not count:
            close_alert(key)
            return
        newest = session.scalars(waiting.order_by(RejectedRecord.id.desc()).limit(1)).one()
        connection = session.get_one(Connection, connection_id)
        label = find_connector(connection.system).label
        number = "One record" if count == 1 else f"{count:,} records"
        what = newest.kind.replace("_", " ").capitalize()
        raise_alert(
            kind="connection.rejected",
            key=key,
            title=f"{number} of {label} could not be taken over",
            text=f"{what} {newest.external_id}: {newest.reason}",
            href=f"/connections/{connection_id}/rejected",
        )
