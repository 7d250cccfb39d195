"""Carrying out a sync run, and saying how it ended, whatever happens."""

import logging
from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import Select, select, update

from app.core.alerts import close_alert, raise_alert
from app.core.db import db, end_transaction, locked, transaction
from app.core.errors import DomainError
from app.core.events import publish
from app.core.jobs import Cancelled, Postponed, is_last_attempt
from app.integrations.hub.client import Client
from app.integrations.hub.connector import find_connector
from app.integrations.hub.errors import ReconnectNeeded, Throttled, Unavailable
from app.integrations.hub.models import Connection
from app.integrations.sync import changes, deletions
from app.integrations.sync.events import MirrorChanged
from app.integrations.sync.full import full_sync
from app.integrations.sync.models import SyncRun
from app.integrations.sync.progress import locked_run
from app.integrations.sync.services import now, start_sync

WORK = {"full": full_sync, "changes": changes.change_sync, "objects": changes.object_sync}

MOST_MINUTES = 4  # that clocks may differ before it is told

log = logging.getLogger(__name__)


def run_sync(run_id: int, *, retry_after: tuple[int, ...]) -> dict[str, int]:
    """Do what a run is for, from where it stopped; give its figures.

    Raises:
        Postponed: The system asks for patience.
        Unavailable: It does not answer; the next attempt goes on here.
        ReconnectNeeded, Rejected: It refuses, so the run has failed.
    """
    run, connection = _open(run_id)
    if not run.is_active:  # it has been stopped, and only its job was still to come
        return _figures(run)
    with locked_run(run_id) as begun:
        begun.begin()
    try:
        client = Client(connection)
        refused = WORK[run.mode](run, client)
        _note_clocks(run_id, client)
    except Throttled as error:
        _pause(run_id, error)
        raise Postponed(error.retry_at, str(error)) from error
    except Unavailable as error:
        _interrupt(run_id, str(error), is_last=is_last_attempt(retry_after))
        raise
    except Cancelled:
        _end(run_id, "cancelled", "Cancelled.")
        raise
    except DomainError as error:
        _fail(run_id, error)
        raise
    except Exception as error:
        problem = f"It stopped unexpectedly ({type(error).__name__})."
        _interrupt(run_id, problem, is_last=is_last_attempt(retry_after))
        raise
    return _figures(_succeed(run_id, refused))


def _note_clocks(run_id: int, client: Client) -> None:
    """Tell of clocks that differ: what is asked for by moments may lack the last of them."""
    minutes = abs(client.skew).total_seconds() / 60
    if minutes >= MOST_MINUTES:
        with locked_run(run_id) as run:
            said = f"The clock of {client.connector.label} and ours differ"
            run.note(f"{said} by {minutes:.0f} minutes")


def _open(run_id: int) -> tuple[SyncRun, Connection]:
    query = select(SyncRun).where(SyncRun.id == run_id)
    run = db.session.scalars(query.execution_options(populate_existing=True)).one()
    connection = db.session.get_one(Connection, run.connection_id)
    end_transaction()
    return run, connection


def _figures(run: SyncRun) -> dict[str, int]:
    return {
        "sync_run": run.id,
        "records": run.rows_in,
        "changed": run.rows_changed,
        "failed": run.rows_failed,
        "gone": run.rows_gone,
    }


def _succeed(run_id: int, refused: Sequence[str]) -> SyncRun:
    """End well; where some kinds may not be read, say so, and let the others be followed."""
    with transaction() as session:
        connection = session.scalars(locked(_connection_of(run_id), Connection)).one()
        with locked_run(run_id) as run:
            if refused:
                run.end("failed", " ".join(refused))
            elif run.deletions:
                deletions.request_confirmation(run, connection)
            else:
                run.end("succeeded")
        if refused:
            connection.trouble(" ".join(refused))
            _alert(connection, " ".join(refused))
        else:
            _note_success(connection)
        session.flush()
        if run.mode == "objects" and changes.is_anything_named(connection):
            start_sync(connection.id, mode="objects", cause="webhook")
        publish(MirrorChanged(connection_id=run.connection_id))
    return run


def _connection_of(run_id: int) -> Select[Connection]:
    """It is locked before its runs, here as in `start_sync`."""
    joined = select(Connection).join(SyncRun, SyncRun.connection_id == Connection.id)
    return joined.where(SyncRun.id == run_id)


def _note_success(connection: Connection) -> None:
    """It works; a reconnect that another worker found necessary meanwhile still is."""
    with transaction() as session:
        session.execute(
            update(Connection)
            .where(Connection.id == connection.id, Connection.state == "connected")
            .values(last_synced_at=now(), problem=None, problem_at=None)
        )
        close_alert(f"connection:{connection.id}:failed")


def _pause(run_id: int, error: Throttled) -> None:
    db.session.rollback()
    seconds = max((error.retry_at - now()).total_seconds(), 0)
    with locked_run(run_id) as run:
        run.throttled_seconds += Decimal(str(round(seconds, 3)))
        run.wait(f"{error} It goes on by itself at {error.retry_at:%H:%M} UTC.")


def _interrupt(run_id: int, problem: str, *, is_last: bool) -> None:
    db.session.rollback()
    with locked_run(run_id) as run:
        run.wait(problem)
        connection = db.session.get_one(Connection, run.connection_id)
        connection.trouble(problem)
        if is_last:
            run.note("It goes on with the next sync")
            _alert(connection, problem)
    log.warning("Sync run %s: %s", run_id, problem)


def _fail(run_id: int, error: DomainError) -> None:
    db.session.rollback()
    with locked_run(run_id) as run:
        run.end("failed", str(error))
        connection = db.session.get_one(Connection, run.connection_id)
        if not isinstance(error, ReconnectNeeded):  # whoever found that out has told
            connection.trouble(str(error))
            _alert(connection, str(error))


def _end(run_id: int, state: str, problem: str) -> None:
    db.session.rollback()
    with locked_run(run_id) as run:
        if run.is_active:
            run.end(state, problem)


def _alert(connection: Connection, problem: str) -> None:
    label = find_connector(connection.system).label
    raise_alert(
        kind="connection.failed",
        key=f"connection:{connection.id}:failed",
        title=f"{label} could not be synced",
        text=problem,
        href=f"/connections/{connection.id}",
    )
