"""A full pass: every page of a stream, to be continued at any of them."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from itertools import chain
from typing import NamedTuple

from flask.globals import app_ctx
from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from app.core.bulk import AT_LEISURE, seldom_collected
from app.core.db import db, end_transaction, locked, transaction
from app.core.errors import DomainError
from app.core.jobs import Cancelled
from app.integrations.hub.client import Client
from app.integrations.hub.connector import (
    Answer,
    Batch,
    Page,
    Request,
    Stream,
    Write,
)
from app.integrations.hub.errors import AuthExpired, NotReady, Rejected, Throttled
from app.integrations.sync import deletions
from app.integrations.sync.mirror import (
    SortedBatch,
    sort_batch,
    write_batch,
)
from app.integrations.sync.models import StreamState, SyncPage, SyncRun
from app.integrations.sync.progress import add_figures, locked_run, note_lines, report_run
from app.integrations.sync.reading import note_read, notes_of, read_page

TRIES = 2  # passes whose pages do not add up, before it is left for the next sync
FIRST = "first"
BETWEEN = "\x02"  # no id holds what cannot be printed
# Pages are written in one transaction until it holds so many records, if they come within that
# time: what belongs to a transaction costs as much as a large page, and who looks on wants to
# see it go on.
TOGETHER, SECONDS = 8000, 1.0


class Pages(NamedTuple):
    """Pages that came one after the other: their records, and what to ask for after them."""

    records: SortedBatch
    number: int
    next: str | None
    notes: Sequence[str] = ()


def full_sync(run: SyncRun, client: Client) -> list[str]:
    """Read every stream to its end; those that this run has read already are left out.

    Gives what was refused: one that may not be read keeps no other from being read.
    """
    streams = client.connector.streams
    refused = in_turn(run, streams, lambda stream: _begin(run, stream, client))
    return [
        *refused.values(),
        *read_streams(run, client, [s for s in streams if s.kind not in refused]),
    ]


def read_streams(run: SyncRun, client: Client, streams: Sequence[Stream]) -> list[str]:
    """Read some streams to their end; gives what was refused."""
    return [*in_turn(run, streams, lambda stream: _read(run, stream, client)).values()]


def in_turn(
    run: SyncRun, streams: Sequence[Stream], do: Callable[[Stream], object]
) -> dict[str, str]:
    """Do something with each stream; gives the refusals by its kind, which the log has too.

    Raises:
        NotReady: A report is being made; what can be read meanwhile has been.
    """
    refused: dict[str, str] = {}
    waiting: list[NotReady] = []
    for stream in streams:
        try:
            do(stream)
        except NotReady as error:
            db.session.rollback()
            waiting.append(error)
        except Rejected as error:
            db.session.rollback()
            refused[stream.kind] = f"{stream.label}: {error}"
            with locked_run(run.id) as now:
                now.note(refused[stream.kind])
    if waiting:
        raise min(waiting, key=lambda error: error.retry_at)
    return refused


def _read(run: SyncRun, stream: Stream, client: Client) -> None:
    _begin(run, stream, client)
    while not _is_done(run, stream):
        _read_pages(run, stream, client)
        _finish(run, stream, client)


def _begin(run: SyncRun, stream: Stream, client: Client) -> None:
    """Note where the pass stands: at its beginning, unless this run has begun it before."""
    with transaction() as session:
        row = insert(StreamState).values(connection_id=run.connection_id, stream=stream.kind)
        session.execute(row.on_conflict_do_nothing())
        if _state(run, stream).run_id == run.id:
            return
    expected, since = _counted(client, stream)
    with transaction():
        state = _state(run, stream)
        state.run_id, state.position, state.is_done = run.id, FIRST, False
        state.expected, state.since, state.tries = expected, since, 0
        with locked_run(run.id) as row_of_run:
            row_of_run.expected = (row_of_run.expected or 0) + (expected or 0)
            many = "an unknown number" if expected is None else f"{expected:,}"
            row_of_run.note(f"{stream.label}: {many} to read")


def _read_pages(run: SyncRun, stream: Stream, client: Client) -> None:
    """Read pages to the last one; while some are written, the next are on their way."""
    with seldom_collected(), ThreadPoolExecutor(1) as ahead:
        for position, pages in _arriving(_position(run, stream), stream, client, ahead):
            _keep(run, stream, position, pages, client)


def _arriving(
    position: str | None, stream: Stream, client: Client, ahead: ThreadPoolExecutor
) -> Iterator[tuple[str, Pages]]:
    coming = _send(position, stream, client, ahead) if position else None
    while coming is not None and position is not None:
        try:
            came = coming.result()
        except AuthExpired:
            page = client.ask(*_question(position, stream, client))
            came = Pages(sort_batch(stream, page.batch), 1, page.next, notes_of([page]))
        coming = _send(came.next, stream, client, ahead) if came.next else None
        yield position, came
        position = came.next


def _send(
    position: str, stream: Stream, client: Client, ahead: ThreadPoolExecutor
) -> "Future[Pages]":
    client.authorize()  # here and not there: it asks the database
    app = app_ctx.app

    def fetch() -> Pages:
        with app.app_context():
            return _fetch(position, stream, client)

    return ahead.submit(fetch)


def _fetch(position: str | None, stream: Stream, client: Client) -> Pages:
    """Read some pages, and see what is in them."""
    end, pages, number = time.monotonic() + SECONDS, list[Page](), 0
    while position and number < TOGETHER and (not pages or time.monotonic() < end):
        try:
            page = client.fetch(*_question(position, stream, client))
        except (DomainError, AuthExpired, Throttled):
            if not pages:
                raise
            break  # what has come is written first; then the same trouble is met again
        if page.batch.range is not None and any(one.batch.records for one in pages):
            break  # it is asked for again, by itself: it replaces what was there
        pages.append(page)
        number += max(len(page.batch.records), 1)
        position = page.next
        if page.batch.range is not None:
            break
    records = [*chain.from_iterable(page.batch.records for page in pages)]
    batch = Batch(stream.kind, records, pages[-1].batch.range if pages else None)
    return Pages(sort_batch(stream, batch), len(pages), position, notes_of(pages))


def _question(
    position: str, stream: Stream, client: Client
) -> tuple[Request | Write, Callable[[Answer], Page]]:
    """What to ask for, and how the answer is read."""
    here = None if position == FIRST else position
    asked = client.connector.page_request(client.account, stream.kind, here)
    return asked, partial(read_page, client.connector, stream.kind, here)


def _keep(run: SyncRun, stream: Stream, position: str, came: Pages, client: Client) -> None:
    """Write pages, and in the same transaction where to go on after them.

    Raises:
        Cancelled: Somebody else has gone on from here, or it should stop.
    """
    with transaction() as session:
        state = _state(run, stream)
        if state.run_id != run.id or state.position != position:
            raise Cancelled("Another worker has gone on with this sync.")
        session.execute(AT_LEISURE)  # where to go on is lost with the pages
        is_first = state.passed_at is None and not state.tries
        written = write_batch(run.connection_id, came.records, is_first=is_first)
        # One text: an array of a thousand parameters takes PostgreSQL as long as the page.
        ids = {"external_ids": func.string_to_array(BETWEEN.join(written.ids), BETWEEN)}
        row = insert(SyncPage).values(
            run_id=run.id, stream=stream.kind, position=position, **ids
        )
        session.execute(row.on_conflict_do_update(
            index_elements=["run_id", "stream", "position"], set_=ids
        ))  # fmt: skip
        state.position = came.next
        throttled, client.throttled = client.throttled, 0.0
        with locked_run(run.id) as now:
            add_figures(now, written, throttled=throttled, pages=came.number)
            note_lines(now, stream, [*came.notes, *filter(None, [written.note])])
    report_run(now)


def _finish(run: SyncRun, stream: Stream, client: Client) -> None:
    """See whether the pages add up, and then what none of them has named.

    A page that came twice, or records that moved while we turned pages, show in the count;
    then the pass is made again, and nothing is held for gone.
    """
    there, _moment = _counted(client, stream)
    with transaction() as session:
        state = _state(run, stream)
        pages = SyncPage.run_id == run.id, SyncPage.stream == stream.kind
        named = select(func.unnest(SyncPage.external_ids).label("id")).where(*pages).subquery()
        seen = session.scalar(select(func.count(named.c.id.distinct()))) or 0
        there = seen if there is None else there
        state.tries += 1
        if seen < there and state.tries < TRIES:
            session.execute(delete(SyncPage).where(*pages))
            state.position = FIRST
            with locked_run(run.id) as now:
                now.note(f"{stream.label}: {seen:,} of {there:,} came, so they are read again")
            return
        with locked_run(run.id) as now:
            _conclude(now, stream, state, seen=seen, there=there)
        # With more, records came in while we read: changes will tell. With fewer, what changed
        # since the pass before is asked for again; after a first pass there is nothing to lose.
        if seen >= there or state.cursor is None:
            state.cursor = (state.since or datetime.now(UTC)) - client.connector.overlap
        session.execute(delete(SyncPage).where(*pages))


def _conclude(
    run: SyncRun, stream: Stream, state: StreamState, *, seen: int, there: int
) -> None:
    if stream.is_ranged:
        run.note(f"{stream.label}: {seen:,} read")
    elif seen == there:
        deletions.detect_deletions(run, stream)
        run.note(f"{stream.label}: all {seen:,} read")
    elif seen > there:
        run.note(f"{stream.label}: {seen:,} read, {there:,} counted afterwards")
    else:
        run.note(
            f"{stream.label}: {seen:,} of {there:,} came. What is missing is not held for gone"
        )
    state.is_done, state.position, state.passed_at = True, None, func.now()
    note_read(run, stream, state.since, is_empty=not seen)


def _counted(client: Client, stream: Stream) -> tuple[int | None, datetime]:
    """How many there are, if the system counts them, and when that was."""
    asked = client.connector.count_request(client.account, stream.kind)
    if asked is None:
        return None, datetime.now(UTC)
    return client.ask(asked, client.connector.parse_count)


def _state(run: SyncRun, stream: Stream) -> StreamState:
    """The row that everybody has to hold who goes on with this stream."""
    query = select(StreamState).where(
        StreamState.connection_id == run.connection_id, StreamState.stream == stream.kind
    )
    with transaction() as session:
        return session.scalars(locked(query, StreamState)).one()


def _mine(run: SyncRun, stream: Stream) -> StreamState:
    query = select(StreamState).where(
        StreamState.connection_id == run.connection_id, StreamState.stream == stream.kind
    )
    fresh = query.execution_options(populate_existing=True)
    state = db.session.scalars(fresh).one()
    end_transaction()
    return state


def _position(run: SyncRun, stream: Stream) -> str | None:
    return _mine(run, stream).position


def _is_done(run: SyncRun, stream: Stream) -> bool:
    state = _mine(run, stream)
    return state.run_id == run.id and state.is_done
