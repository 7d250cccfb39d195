"""Syncs of a connection: started, followed, stopped, answered."""

from typing import Any

from flask import url_for

from app.core.api import page_of, page_schema, sorted_query
from app.core.idempotency import idempotent
from app.core.jobs.services import cancel_run
from app.core.permissions import requires
from app.core.web import one_or_404
from app.integrations.api.blueprint import bp, one
from app.integrations.api.fields import (
    NewSyncSchema,
    SyncSchema,
)
from app.integrations.sync import deletions, services
from app.integrations.sync import queries as sync
from app.integrations.sync.models import SyncRun

LATEST = {"id": SyncRun.id}


@bp.get("/<int:connection_id>/syncs")
@requires("integrations.view")
@bp.arguments(sorted_query(LATEST, "-id"), location="query")
@bp.response(200, page_schema(SyncSchema))
def list_syncs(query: dict[str, Any], connection_id: int) -> dict[str, Any]:
    """List the syncs of a connection, the newest first."""
    return page_of(sync.runs(one(connection_id).id), query, sorts=LATEST)


@bp.post("/<int:connection_id>/syncs")
@requires("integrations.sync")
@idempotent
@bp.arguments(NewSyncSchema)
@bp.response(201, SyncSchema)
def create_sync(given: dict[str, Any], connection_id: int) -> Any:
    """Sync now, or give the sync that is under way; everything is read the first time."""
    one(connection_id)
    run = services.start_sync(connection_id, mode=given["mode"], cause="person")
    at = url_for(".show_sync", connection_id=connection_id, sync_id=run.id)
    return run, 201, {"Location": at}


@bp.get("/<int:connection_id>/syncs/<int:sync_id>")
@requires("integrations.view")
@bp.response(200, SyncSchema)
def show_sync(connection_id: int, sync_id: int) -> SyncRun:
    """Show one sync with its log."""
    return _run(connection_id, sync_id)


@bp.post("/<int:connection_id>/syncs/<int:sync_id>/cancel")
@requires("integrations.sync")
@idempotent
@bp.response(200, SyncSchema)
def cancel_sync(connection_id: int, sync_id: int) -> SyncRun:
    """Stop a sync at its next page; one that has ended stays as it is."""
    run = _run(connection_id, sync_id)
    if run.is_active:
        if run.job is not None and not run.job.is_finished:
            cancel_run(run.job.id)
        services.end_if_idle(sync_id)
    return _run(connection_id, sync_id)


@bp.post("/<int:connection_id>/syncs/<int:sync_id>/confirm")
@requires("integrations.manage")
@idempotent
@bp.response(200, SyncSchema)
def confirm_deletions(connection_id: int, sync_id: int) -> SyncRun:
    """Take it that what has vanished is gone, where a sync asks that."""
    _run(connection_id, sync_id)
    return deletions.confirm_deletions(sync_id)


@bp.post("/<int:connection_id>/syncs/<int:sync_id>/dismiss")
@requires("integrations.manage")
@idempotent
@bp.response(200, SyncSchema)
def dismiss_deletions(connection_id: int, sync_id: int) -> SyncRun:
    """Keep what has vanished; the next full sync looks again."""
    _run(connection_id, sync_id)
    return services.dismiss_deletions(sync_id)


def _run(connection_id: int, sync_id: int) -> SyncRun:
    fresh = sync.run(connection_id, sync_id).execution_options(populate_existing=True)
    return one_or_404(fresh)
