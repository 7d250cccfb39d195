"""Background work of webhooks."""

from datetime import UTC, datetime, timedelta
from typing import Any

from app.core.db import db
from app.core.jobs import job
from app.webhooks import queries, services

KEEP = timedelta(days=30)


@job(queue="sync", label="Tell a webhook", timeout=600)
def deliver_webhooks(endpoint_id: int) -> dict[str, Any]:
    """Tell an endpoint what is due."""
    return {"taken": services.deliver(endpoint_id)}


@job(queue="scheduled", label="Tell webhooks again", timeout=60)
def deliver_due_webhooks() -> dict[str, Any]:
    """Start the attempts whose time has come, and those that were cut off."""
    due = db.session.scalars(queries.due()).all()
    for endpoint_id in due:
        deliver_webhooks.enqueue(endpoint_id=endpoint_id)
    return {"endpoints": len(due)}


@job(queue="scheduled", label="Delete old webhook deliveries", timeout=600)
def delete_old_deliveries() -> dict[str, Any]:
    """Forget after 30 days what was told."""
    return {"deleted": services.delete_old(datetime.now(UTC) - KEEP)}
