"""Telling people of syncs that wait for long, and for what."""

from datetime import timedelta

from sqlalchemy import Select, func, select

from app.core.alerts import close_alert, keep_alert
from app.core.db import db
from app.core.settings import setting
from app.integrations.hub.models import Connection
from app.integrations.sync.models import SyncPage, SyncRun
from app.integrations.sync.services import now

KEY = "connections:waiting"
NAMED = 3
NO_WORKER = "No worker has taken it."


def watch_syncs() -> None:
    """Keep one alert with the number of syncs that wait, while there are any."""
    found = db.session.execute(_waiting(setting("sync_wait_hours"))).all()
    if not found:
        close_alert(KEY)
        return
    said = [f"{name}: {run.problem or NO_WORKER}" for run, name in found[:NAMED]]
    what = "One sync waits" if len(found) == 1 else f"{len(found):,} syncs wait"
    only = f"/connections/{found[0][0].connection_id}" if len(found) == 1 else "/connections"
    keep_alert(
        kind="connection.waiting",
        key=KEY,
        title=f"{what} for more than {setting('sync_wait_hours')} hours",
        text=" ".join(said),
        href=only,
    )


def _waiting(hours: int) -> Select[SyncRun, str]:
    """Runs that wait and have read no page for so long, with their connections' names."""
    pages = select(func.max(SyncPage.created_at)).where(SyncPage.run_id == SyncRun.id)
    since = func.coalesce(pages.scalar_subquery(), SyncRun.created_at)
    return (
        select(SyncRun, Connection.name)
        .join(Connection, Connection.id == SyncRun.connection_id)
        .where(SyncRun.state.in_(("queued", "waiting")), Connection.state == "connected")
        .where(Connection.paused_at.is_(None))
        .where(since < now() - timedelta(hours=hours))
        .order_by(SyncRun.id)
    )
