"""What the audit tells of a record that is gone."""

from sqlalchemy import insert

from app.core.audit import AuditEntry
from app.core.db import Model, db
from app.core.people import current_actor


def note_deletion(record: Model) -> None:
    """Add the last entry to the history of a record."""
    actor = current_actor()
    entry = {
        "record_type": record.__tablename__,
        "record_id": record.id,
        "label": str(record),
        "action": "deleted",
        "actor_id": actor.id,
        "actor": actor.name,
        "address": actor.address,
        "changes": {"name": [str(record), ""]},
    }
    db.session.execute(insert(AuditEntry), [entry])
