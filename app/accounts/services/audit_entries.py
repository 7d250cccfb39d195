"""What the audit tells of what no column holds: records that are gone, sign-ins."""

from sqlalchemy import insert

from app.accounts.models import User
from app.core.actors import current_actor
from app.core.audit import AuditEntry
from app.core.db import Model, db, transaction

SIGN_IN = "sign_in"  # the kind of record that the audit tells of; its id is the user's


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


def note_sign_in(user: User | None, action: str, *, address: str | None, **told: str) -> None:
    """Add a sign-in to the audit: that it succeeded, failed or ended, and what is told of it.

    Of a name that nobody has only the address is kept: people type passwords there.
    """
    actor = current_actor()
    is_theirs = user is not None and action == "succeeded"
    entry = {
        "record_type": SIGN_IN,
        "record_id": user.id if user else 0,
        "label": user.name if user else "Unknown name",
        "action": action,
        "actor_id": user.id if user and is_theirs else actor.id,
        "actor": user.name if user and is_theirs else actor.name,
        "address": address or actor.address,
        "changes": {name: ["", text] for name, text in told.items() if text},
    }
    with transaction() as session:
        session.execute(insert(AuditEntry), [entry])
