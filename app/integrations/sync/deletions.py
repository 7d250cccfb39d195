"""What no page has named is gone there. If that is a lot, a person has to say so."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Text, any_, cast, func, select, update
from sqlalchemy.dialects.postgresql import ARRAY

from app.core.actors import current_actor
from app.core.alerts import close_alert, raise_alert
from app.core.db import transaction
from app.core.events import publish
from app.core.settings import setting
from app.integrations.hub.connector import Stream, find_connector
from app.integrations.hub.events import ConnectionChanged
from app.integrations.hub.models import Connection
from app.integrations.sync.events import MirrorChanged
from app.integrations.sync.models import ExternalRecord, SyncPage, SyncRun
from app.integrations.sync.services import unconfirmed_run


def detect_deletions(run: SyncRun, stream: Stream) -> None:
    """After a complete pass: mark what has vanished, or ask if it is more than a set share.

    What came in meanwhile by another way is not asked about: a page may just have missed it.
    """
    present = [
        *_present(run.connection_id, stream.kind),
        ExternalRecord.created_at <= run.started_at,
    ]
    named = select(func.unnest(SyncPage.external_ids)).where(
        SyncPage.run_id == run.id, SyncPage.stream == stream.kind
    )
    # EXCEPT sorts or hashes once; a join would trust statistics that a new mirror lacks.
    unnamed = select(ExternalRecord.external_id).where(*present).except_(named)
    with transaction() as session:
        known = session.scalar(select(func.count()).where(*present)) or 0
        missing = session.scalars(unnamed).all()
        if not missing:
            return
        told = f"{stream.label}: {len(missing):,}"
        if len(missing) * 100 > known * setting("sync_vanish_percent"):
            run.deletions = {**run.deletions, stream.kind: {"ids": [*missing], "of": known}}
            run.note(f"{told} of {known:,} have vanished. Nothing is done")
            return
        run.rows_gone += _mark([*present, _among(missing)])
        run.note(f"{told} are gone")


def request_confirmation(run: SyncRun, connection: Connection) -> None:
    """Stop a run with the question whether what has vanished is really gone."""
    connector = find_connector(connection.system)
    label = connector.label
    parts = [
        f"{len(found['ids']):,} of {found['of']:,} {connector.stream(kind).label.lower()}"
        for kind, found in run.deletions.items()
    ]
    run.end("asking", f"{' and '.join(parts)} have vanished from {label}.")
    raise_alert(
        kind="connection.deletions",
        key=f"connection:{connection.id}:deletions",
        title=f"Many records have vanished from {label}",
        text=f"{' and '.join(parts)}. Nothing is changed until somebody decides.",
        href=f"/connections/{connection.id}/runs/{run.id}",
    )


def confirm_deletions(run_id: int) -> SyncRun:
    """Mark what a run has asked about as gone; what has come back meanwhile stays."""
    with transaction():
        run = unconfirmed_run(run_id)
        for kind, found in run.deletions.items():
            older = func.coalesce(ExternalRecord.changed_at < run.started_at, True)
            run.rows_gone += _mark(
                [*_present(run.connection_id, kind), _among(found["ids"]), older]
            )
        run.end("succeeded")
        run.note(f"{current_actor().name} confirmed that they are gone")
        close_alert(f"connection:{run.connection_id}:deletions")
        publish(MirrorChanged(connection_id=run.connection_id))
        publish(ConnectionChanged(connection_id=run.connection_id))
    return run


def _present(connection_id: int, kind: str) -> list[ColumnElement[bool]]:
    return [
        ExternalRecord.connection_id == connection_id,
        ExternalRecord.kind == kind,
        ExternalRecord.gone_at.is_(None),
    ]


def _among(external_ids: Sequence[str]) -> ColumnElement[bool]:
    """One of many ids, as one parameter."""
    return ExternalRecord.external_id == any_(cast([*external_ids], ARRAY(Text)))


def _mark(conditions: list[ColumnElement[bool]]) -> int:
    moment = datetime.now(UTC)
    gone = update(ExternalRecord).where(*conditions).values(gone_at=moment, projected_at=None)
    with transaction() as session:
        result: Any = session.execute(gone)
        return int(result.rowcount)
