"""Starting a sync, and answering what one has asked."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from app.core.actors import current_actor
from app.core.alerts import close_alert
from app.core.db import db, locked, transaction
from app.core.events import publish
from app.core.jobs import Job
from app.core.jobs.definition import find_job
from app.core.jobs.services import cancel_run, retry_run
from app.integrations.hub import queries
from app.integrations.hub.errors import NotConnected, NothingToConfirm
from app.integrations.hub.events import ConnectionChanged
from app.integrations.hub.models import Connection
from app.integrations.sync.models import StreamState, SyncRun
from app.integrations.sync.models.runs import ACTIVE

JOB = "app.integrations.jobs:sync"


def start_sync(connection_id: int, *, mode: str, cause: str) -> SyncRun:
    """Start a sync, or give the one that is under way; one that stopped goes on.

    Changes are not asked for while everything is being read, and everything is read the
    first time.

    Raises:
        NotConnected: The connection is not live.
    """
    with transaction() as session:
        wanted = select(Connection).where(Connection.id == connection_id)
        connection = session.scalars(locked(wanted, Connection)).one()
        if not connection.is_live:
            raise NotConnected(_why_not(connection))
        mode = "full" if mode == "changes" and not known_streams(connection_id) else mode
        if run := _active_run(connection_id, mode):
            _resume(run)
            return run
        run = SyncRun(
            connection_id=connection_id, mode=mode, cause=cause, actor=current_actor().name
        )
        session.add(run)
        session.flush()
        run.job_run_id = _job().enqueue(run_id=run.id).id
        publish(ConnectionChanged(connection_id=connection_id))
    return run


def _why_not(connection: Connection) -> str:
    if connection.status == "paused":
        return f"{connection.name} is paused."
    return connection.problem or f"{connection.name} is not connected."


def stop_syncs(connection_id: int, *, why: str = "The connection was ended.") -> None:
    """Stop whatever is under way."""
    for run in db.session.scalars(_active(connection_id)).all():
        run.end("cancelled", why)
        if run.job is not None and not run.job.is_finished:
            cancel_run(run.job.id)


def dismiss_deletions(run_id: int) -> SyncRun:
    """Keep what has vanished: the next full sync will look again."""
    with transaction():
        run = unconfirmed_run(run_id)
        run.end("succeeded")
        run.note(f"{current_actor().name} kept the records that had vanished")
        close_alert(f"connection:{run.connection_id}:deletions")
        publish(ConnectionChanged(connection_id=run.connection_id))
    return run


def unconfirmed_run(run_id: int) -> SyncRun:
    """Lock a run that has asked something.

    Raises:
        NothingToConfirm: It has not, or somebody has answered already.
    """
    query = select(SyncRun).where(SyncRun.id == run_id, SyncRun.state == "asking")
    with transaction() as session:
        run = session.scalars(locked(query, SyncRun)).one_or_none()
    if run is None:
        raise NothingToConfirm("This sync asks nothing, or somebody has answered already.")
    return run


def known_streams(connection_id: int) -> set[str]:
    """Give the streams that have been read to their end once."""
    known = select(StreamState.stream).where(
        StreamState.connection_id == connection_id, StreamState.cursor.is_not(None)
    )
    with transaction() as session:
        return set(session.scalars(known))


def _active(connection_id: int) -> Select[SyncRun]:
    runs = select(SyncRun).where(
        SyncRun.connection_id == connection_id, SyncRun.state.in_(ACTIVE)
    )
    return runs.options(joinedload(SyncRun.job)).execution_options(populate_existing=True)


def _active_run(connection_id: int, mode: str) -> SyncRun | None:
    """The run that makes another one of this mode needless."""
    enough = (mode, "full") if mode == "changes" else (mode,)
    with transaction() as session:
        return session.scalars(
            _active(connection_id).where(SyncRun.mode.in_(enough)).order_by(SyncRun.id)
        ).first()


def _resume(run: SyncRun) -> None:
    """Wake a run whose job has ended without it: the worker died, or gave up."""
    if run.job is None:
        run.job_run_id = _job().enqueue(run_id=run.id).id
    elif run.job.state in {"failed", "cancelled"}:
        retry_run(run.job.id)
    elif run.job.state == "succeeded":  # it ended, but could not say so
        run.end("failed", "It ended without a result.")


def _job() -> Job[...]:
    """The job, by its name: it stands above us."""
    found = find_job(JOB)
    assert found is not None  # noqa: S101  (tests/test_architecture.py finds every job)
    return found


def start_due_syncs(mode: str, systems: Sequence[str] | None = None) -> list[SyncRun]:
    """Start a sync of every live connection, or those of some systems: on schedule."""
    live = queries.working_connections().with_only_columns(Connection.id)
    if systems is not None:
        live = live.where(Connection.system.in_(systems))
    ids = db.session.scalars(live).all()
    return [start_sync(number, mode=mode, cause="schedule") for number in ids]


def end_if_idle(run_id: int) -> None:
    """End a run that nobody works on: its job has ended, or was cancelled while it waited."""
    with transaction() as session:
        query = select(SyncRun).where(SyncRun.id == run_id).options(joinedload(SyncRun.job))
        run = session.scalars(locked(query, SyncRun)).one()
        if run.is_active and (run.job is None or run.job.is_finished):
            run.end("cancelled", "Cancelled.")
            publish(ConnectionChanged(connection_id=run.connection_id))


def now() -> datetime:
    """The present moment."""
    return datetime.now(UTC)
