"""What has changed since we last asked, and single records that a webhook has named."""

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice

from sqlalchemy import Select, select, update

from app.core.db import db, end_transaction, transaction
from app.integrations.hub.client import Client
from app.integrations.hub.connector import Batch, Page, Stream
from app.integrations.hub.errors import NotThere, Rejected, Unreadable
from app.integrations.hub.models import Connection
from app.integrations.sync.full import full_sync, in_turn, read_streams
from app.integrations.sync.mirror import (
    DeletedKey,
    mark_deleted,
    sort_batch,
    write_batch,
)
from app.integrations.sync.models import StreamState, SyncRun, WebhookEvent
from app.integrations.sync.progress import add_figures, locked_run, note_lines, report_run
from app.integrations.sync.reading import is_recent, note_read, of_stream, read_page
from app.integrations.sync.services import known_streams


def change_sync(run: SyncRun, client: Client) -> list[str]:
    """Take over what has changed; all of it again, if that is too long ago to be told.

    What was never read to its end is read whole. Gives what was refused.
    """
    streams = client.connector.streams
    known = known_streams(run.connection_id)
    unknown = [stream for stream in streams if stream.kind not in known]
    if client.connector.has_change_feed:
        refused = _follow_feed(run, client)
    else:
        again = [stream for stream in streams if stream.kind in known]
        refused = [*in_turn(run, again, lambda one: _sync_stream(run, client, one)).values()]
    return [*refused, *read_streams(run, client, unknown)]


def _follow_feed(run: SyncRun, client: Client) -> list[str]:
    since = _cursor(run.connection_id)
    asked = client.connector.changes_request(client.account, since)
    if asked is None:
        with locked_run(run.id) as now:
            now.note("The last sync is too long ago: everything is read")
        return full_sync(run, client)
    changes = client.ask(asked, client.connector.parse_changes)
    if changes.is_truncated:
        _sync_each(run, client, since, changes.asked_at)
        return []
    with transaction():
        for batch in changes.batches:
            _keep(run, client, batch)
        _advance(run.connection_id, changes.asked_at - client.connector.overlap)
    report_run(run)
    return []


def _sync_each(run: SyncRun, client: Client, since: datetime, asked_at: datetime) -> None:
    """Ask stream by stream, since the answer to all did not hold them all.

    Deletions are not told this way: the next full pass finds them.
    """
    with locked_run(run.id) as now:
        now.note("More has changed than one answer holds: asked kind by kind")
    for stream in client.connector.streams:
        _read_since(run, client, stream, since)
    _advance(run.connection_id, asked_at - client.connector.overlap)


def _sync_stream(run: SyncRun, client: Client, stream: Stream) -> None:
    """Ask for what has changed of one kind, by its own cursor.

    Deletions are not told this way either. What was asked for lately is not asked for again.
    """
    if is_recent(run, stream):
        return
    since = _cursor(run.connection_id, stream.kind)
    asked_at = _read_since(run, client, stream, since) or datetime.now(UTC)
    _advance(run.connection_id, asked_at - client.connector.overlap, stream.kind)


def _read_since(
    run: SyncRun, client: Client, stream: Stream, since: datetime
) -> datetime | None:
    """Read all pages of what has changed; give when the first one was asked, by their clock.

    A pass that was interrupted goes on at its page: a report is not made anew. What the system
    refuses begins anew the next time.
    """
    (began, position), came = _kept_position(run, stream, since), 0
    read_at = began if position else datetime.now(UTC)  # by our clock, as our ledger is
    try:
        while True:
            asked = client.connector.page_request(
                client.account, stream.kind, position, since=since
            )
            read = partial(read_page, client.connector, stream.kind, position)
            page = client.ask(asked, read)
            began, came = began or page.asked_at, came + len(page.batch.records)
            with transaction():
                _keep(run, client, page.batch, filter(None, [page.note]))
                _keep_position(run, stream, since, page.next, began)
            report_run(run)
            if page.next is None:
                note_read(run, stream, read_at, is_empty=not came)
                return began
            position = page.next
    except Rejected:
        _keep_position(run, stream, since, None, None)
        raise


def _kept_position(
    run: SyncRun, stream: Stream, since: datetime
) -> tuple[datetime | None, str | None]:
    """When a pass since that moment began, and what it was to ask for next."""
    kept = select(StreamState.change_began, StreamState.change_position).where(
        *of_stream(run, stream), StreamState.change_since == since
    )
    with transaction() as session:
        found = session.execute(kept).one_or_none()
    return (found[0], found[1]) if found else (None, None)


def _keep_position(
    run: SyncRun,
    stream: Stream,
    since: datetime,
    position: str | None,
    began: datetime | None,
) -> None:
    moments = {"change_since": since, "change_began": began} if position else {}
    nothing = {"change_since": None, "change_began": None}
    with transaction() as session:
        session.execute(
            update(StreamState)
            .where(*of_stream(run, stream))
            .values(change_position=position, **(moments or nothing))
        )


def object_sync(run: SyncRun, client: Client) -> list[str]:
    """Ask for the records that webhooks have named; what is not there is gone.

    Order and content of the notices are not trusted: only the system's answer counts. But an
    answer that holds nothing at all may be none: then only what a notice called deleted is.
    """
    while events := _pending(client):
        for kind in {event.kind for event in events}:
            named = [event for event in events if event.kind == kind]
            deleted = {one.external_id for one in named if _is_delete(one.operation)}
            ids = sorted({event.external_id for event in named})
            while some := list(islice(ids, client.connector.ids_at_once)):
                _fetch(run, client, kind, some, deleted)
                ids = ids[client.connector.ids_at_once :]
        with transaction() as session:
            done = update(WebhookEvent).where(WebhookEvent.id.in_([e.id for e in events]))
            session.execute(done.values(state="done"))
    return []


def _is_delete(operation: str) -> bool:
    return operation.lower() in {"delete", "deleted"}


def _fetch(
    run: SyncRun, client: Client, kind: str, ids: Sequence[str], deleted: Collection[str]
) -> None:
    asked_at = datetime.now(UTC)
    asked = client.connector.ids_request(client.account, kind, ids)
    try:
        page = client.ask(asked, partial(client.connector.parse_page, kind, None))
    except NotThere:
        page = Page(Batch(kind, []), None)
    found = {_id_of(client.connector.stream(kind), record) for record in page.batch.records}
    missing = [
        DeletedKey(external_id, asked_at)
        for external_id in ids
        if external_id not in found and (found or external_id in deleted)
    ]
    with transaction():
        _keep(run, client, page.batch)
        gone = mark_deleted(run.connection_id, kind, missing)
        with locked_run(run.id) as now:
            now.rows_gone += gone


def _id_of(stream: Stream, record: object) -> str:
    try:
        return stream.key(record)
    except Unreadable:
        return ""


def _keep(run: SyncRun, client: Client, batch: Batch, notes: Iterable[str] = ()) -> None:
    stream = client.connector.stream(batch.kind)
    with transaction():
        written = write_batch(run.connection_id, sort_batch(stream, batch))
        throttled, client.throttled = client.throttled, 0.0
        with locked_run(run.id) as now:
            add_figures(now, written, throttled=throttled)
            note_lines(now, stream, [*notes, *filter(None, [written.note])])


def is_anything_named(connection: Connection) -> bool:
    """Tell whether a webhook has named something that nobody has asked for yet."""
    named = _named(connection.system, connection.account).limit(1)
    with transaction() as session:
        return session.scalar(named) is not None


def _named(system: str, account: str) -> Select[WebhookEvent]:
    return select(WebhookEvent).where(
        WebhookEvent.system == system,
        WebhookEvent.account == account,
        WebhookEvent.state == "pending",
    )


def _pending(client: Client) -> Sequence[WebhookEvent]:
    waiting = _named(client.connector.system, client.account)
    found = db.session.scalars(waiting.order_by(WebhookEvent.id).limit(1000)).all()
    end_transaction()
    return found


def _cursor(connection_id: int, kind: str | None = None) -> datetime:
    """The moment up to which a stream is known; without a kind, the earliest of them all."""
    states = select(StreamState.cursor).where(StreamState.connection_id == connection_id)
    if kind is not None:
        states = states.where(StreamState.stream == kind)
    moments = [moment for moment in db.session.scalars(states) if moment is not None]
    end_transaction()
    return min(moments, default=datetime.now(UTC) - timedelta(days=365))


def _advance(connection_id: int, cursor: datetime, kind: str | None = None) -> None:
    """Remember up to when is known what was read to its end before."""
    states = update(StreamState).where(
        StreamState.connection_id == connection_id, StreamState.cursor.is_not(None)
    )
    if kind is not None:
        states = states.where(StreamState.stream == kind)
    with transaction() as session:
        session.execute(states.values(cursor=cursor))
