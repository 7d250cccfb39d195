"""Syncs: how each went, and what one asks."""

from datetime import datetime

from flask import url_for
from werkzeug import Response

from app.core.jobs.services import cancel_run
from app.core.permissions import requires
from app.core.tables import paginate
from app.core.web import one_or_404, render, respond_saved
from app.integrations.hub.connector import connectors
from app.integrations.sync import deletions, queries, services
from app.integrations.sync.models import SyncRun
from app.integrations.views.blueprint import CHANGED, bp, one


@bp.get("/<int:connection_id>/runs")
@requires("integrations.view")
def runs(connection_id: int) -> Response:
    """List the syncs of a connection."""
    page = paginate(queries.runs(connection_id), sorts=queries.RUN_SORTS, default="-id")
    return render(
        "connections/runs.html", fragment="results", page=page, connection=one(connection_id)
    )


@bp.get("/<int:connection_id>/runs/<int:sync_id>")
@requires("integrations.view")
def show_run(connection_id: int, sync_id: int) -> Response:
    """Show one sync: how far it is, or how it ended."""
    connection, run = one(connection_id), _run(connection_id, sync_id)
    return render(
        "connections/run.html",
        fragment="record",
        connection=connection,
        connector=connectors()[connection.system],
        run=run,
        log=[(datetime.fromisoformat(line["at"]), line["text"]) for line in run.log],
    )


@bp.post("/<int:connection_id>/runs/<int:sync_id>/cancellation")
@requires("integrations.sync")
def cancel(connection_id: int, sync_id: int) -> Response:
    """Stop a sync at its next page."""
    run = _run(connection_id, sync_id)
    if not run.is_active:
        return _saved(run, "It had ended already.")
    if run.job is not None and not run.job.is_finished:
        cancel_run(run.job.id)
    services.end_if_idle(sync_id)
    return _saved(run, "It stops at the next opportunity.")


@bp.post("/<int:connection_id>/runs/<int:sync_id>/confirmation")
@requires("integrations.manage")
def confirm(connection_id: int, sync_id: int) -> Response:
    """Take it that what has vanished is gone."""
    run = _run(connection_id, sync_id)
    deletions.confirm_deletions(sync_id)
    return _saved(run, "What had vanished is marked as gone.")


@bp.post("/<int:connection_id>/runs/<int:sync_id>/dismissal")
@requires("integrations.manage")
def dismiss(connection_id: int, sync_id: int) -> Response:
    """Keep what has vanished."""
    run = _run(connection_id, sync_id)
    services.dismiss_deletions(sync_id)
    return _saved(run, "Nothing is changed. The next full sync looks again.")


def _run(connection_id: int, sync_id: int) -> SyncRun:
    return one_or_404(queries.run(connection_id, sync_id))


def _saved(run: SyncRun, message: str) -> Response:
    address = url_for(".show_run", connection_id=run.connection_id, sync_id=run.id)
    return respond_saved(address, message, event=CHANGED)
