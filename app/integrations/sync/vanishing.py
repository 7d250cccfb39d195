"""What no page has named is gone there. If that is a lot, a person has to say so."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select, update

from app.core.alerts import close_alert, raise_alert
from app.core.db import locked, transaction
from app.core.events import announce
from app.core.people import current_actor
from app.core.settings import setting
from app.integrations.connector import Stream, connector
from app.integrations.events import ConnectionChanged, MirrorChanged
from app.integrations.models import Connection, ExternalRecord, SyncPage, SyncRun


def look(run: SyncRun, stream: Stream) -> None:
    """After a complete pass: mark what has vanished, or ask if it is more than a set share."""
    with transaction() as session:
        present = [
            *_present(run.connection_id, stream.kind),
            ExternalRecord.created_at < func.now(),
        ]
        known = session.scalar(select(func.count()).where(*present)) or 0
        missing = (
            session.scalar(select(func.count()).where(*present, _unnamed(run, stream))) or 0
        )
        if not missing:
            return
        if missing * 100 > known * setting("sync_vanish_percent"):
            ids = session.scalars(
                select(ExternalRecord.id).where(*present, _unnamed(run, stream))
            )
            run.vanished = {**run.vanished, stream.kind: {"ids": list(ids), "of": known}}
            run.note(f"{stream.label}: {missing:,} of {known:,} have vanished. Nothing is done")
            return
        _mark([*present, _unnamed(run, stream)])
        run.rows_gone += missing
        run.note(f"{stream.label}: {missing:,} are gone")


def ask(run: SyncRun, connection: Connection) -> None:
    """Stop a run with the question whether what has vanished is really gone."""
    label = connector(connection.system).label
    parts = [f"{len(v['ids']):,} of {v['of']:,} {k}s" for k, v in run.vanished.items()]
    run.end("asking", f"{' and '.join(parts)} have vanished from {label}.")
    raise_alert(
        key=f"connection:{connection.id}:vanished",
        permission="integrations.manage",
        title=f"Many records have vanished from {label}",
        text=f"{' and '.join(parts)}. Nothing is changed until somebody decides.",
        href=f"/connections/{connection.id}/runs/{run.id}",
        kind="warning",
    )


def mark_asked_gone(run_id: int) -> SyncRun:
    """Mark what a run has asked about as gone; what has come back meanwhile stays."""
    with transaction() as session:
        query = select(SyncRun).where(SyncRun.id == run_id, SyncRun.state == "asking")
        run = session.scalars(locked(query, SyncRun)).one()
        for kind, found in run.vanished.items():
            still = ExternalRecord.id.in_(found["ids"])
            older = func.coalesce(ExternalRecord.changed_at < run.started_at, True)
            run.rows_gone += _mark([*_present(run.connection_id, kind), still, older])
        run.end("succeeded")
        run.note(f"{current_actor().name} confirmed that they are gone")
        close_alert(f"connection:{run.connection_id}:vanished")
        announce(MirrorChanged(connection_id=run.connection_id))
        announce(ConnectionChanged(connection_id=run.connection_id))
    return run


def _present(connection_id: int, kind: str) -> list[ColumnElement[bool]]:
    return [
        ExternalRecord.connection_id == connection_id,
        ExternalRecord.kind == kind,
        ExternalRecord.gone_at.is_(None),
    ]


def _unnamed(run: SyncRun, stream: Stream) -> ColumnElement[bool]:
    named = select(func.unnest(SyncPage.external_ids)).where(
        SyncPage.run_id == run.id, SyncPage.stream == stream.kind
    )
    return ExternalRecord.external_id.not_in(named)


def _mark(conditions: list[ColumnElement[bool]]) -> int:
    moment = datetime.now(UTC)
    gone = update(ExternalRecord).where(*conditions).values(gone_at=moment, projected_at=None)
    with transaction() as session:
        result: Any = session.execute(gone)
        return int(result.rowcount)
