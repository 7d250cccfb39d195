"""Background work of the hub."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import delete

from app.core.db import transaction
from app.core.jobs import Postponed, job
from app.integrations.hub import tokens
from app.integrations.hub.connector import connectors
from app.integrations.inbound import applying
from app.integrations.money.matching import match_sales
from app.integrations.outbox import services as outbox
from app.integrations.sync.mirror import delete_resolved
from app.integrations.sync.models import SyncRun, WebhookEvent
from app.integrations.sync.runner import run_sync
from app.integrations.sync.services import start_due_syncs

SIX_HOURS = 6 * 3600
PAUSES = (30, 120, 600)
KEEP = timedelta(days=90)


@job(queue="sync", label="Sync", timeout=SIX_HOURS, retry_after=PAUSES, has_alerts=True)
def sync(run_id: int) -> dict[str, Any]:
    """Carry out a sync run, from where it stopped."""
    return dict(run_sync(run_id, retry_after=PAUSES))


@job(queue="sync", label="Apply changes", timeout=SIX_HOURS, retry_after=PAUSES)
def apply_changes(connection_id: int) -> dict[str, Any]:
    """Let our records follow those of an outside system."""
    return dict(applying.apply_changes(connection_id))


@job(queue="sync", label="Deliver the outbox", timeout=600, retry_after=PAUSES)
def deliver_outbox(connection_id: int) -> None:
    """Send what waits; what has to wait longer is sent then."""
    if (due := outbox.deliver_outbox(connection_id)) is not None:
        raise Postponed(max(due, datetime.now(UTC) + timedelta(seconds=1)), "It waits.")


@job(queue="scheduled", label="Sync where somebody waits", timeout=60)
def sync_urgent() -> dict[str, Any]:
    """Start a sync of what has changed where somebody waits for it."""
    urgent = [one.system for one in connectors().values() if one.is_urgent]
    return {"started": len(start_due_syncs("changes", urgent))}


@job(queue="scheduled", label="Sync changes", timeout=60)
def sync_changes() -> dict[str, Any]:
    """Start a sync of what has changed, for every connection."""
    return {"started": len(start_due_syncs("changes"))}


@job(queue="scheduled", label="Sync everything", timeout=60)
def sync_everything() -> dict[str, Any]:
    """Start a full sync of every connection: it finds what has vanished."""
    return {"started": len(start_due_syncs("full"))}


@job(queue="scheduled", label="Refresh tokens", timeout=300)
def refresh_tokens() -> dict[str, Any]:
    """Refresh the tokens that end soon."""
    return {"ending": tokens.refresh_expiring()}


@job(queue="scheduled", label="Match sales elsewhere", timeout=600)
def match_money() -> dict[str, Any]:
    """Find the orders and invoices that came, or got their number, after their payment.

    By the clock and not by an event: invoices have none, and imports write orders in bulk.
    """
    return {"matched": match_sales()}


@job(queue="scheduled", label="Delete old syncs and webhooks", timeout=600)
def cleanup() -> None:
    """Delete notices, runs, and reasons of what was put right, after 90 days.

    A run that still asks what to do stays: somebody has to answer.
    """
    before = datetime.now(UTC) - KEEP
    over = SyncRun.finished_at < before, SyncRun.state != "asking"
    with transaction() as session:
        session.execute(delete(WebhookEvent).where(WebhookEvent.created_at < before))
        session.execute(delete(SyncRun).where(*over))
    delete_resolved(before)
