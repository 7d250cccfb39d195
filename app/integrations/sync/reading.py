"""What every reading of a stream has in common, of all of it or of what has changed."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, select, update

from app.core.db import transaction
from app.integrations.hub.connector import Answer, Connector, Page, Stream
from app.integrations.hub.errors import NotUnderstood
from app.integrations.sync.models import StreamState, SyncRun
from app.integrations.sync.progress import locked_run, note_lines
from app.integrations.sync.ranges import is_anything_known


def read_page(connector: Connector, kind: str, position: str | None, answer: Answer) -> Page:
    """Read a page; one that is to be followed by itself would be so for ever.

    Raises:
        NotUnderstood: It names itself as the next, or is no page.
    """
    page = connector.parse_page(kind, position, answer)
    if page.next is not None and page.next == position:
        raise NotUnderstood(f"{connector.label} names the same page again as the next.")
    return page


def notes_of(pages: Sequence[Page]) -> list[str]:
    """What people should know of how some pages came."""
    return [page.note for page in pages if page.note]


def is_recent(run: SyncRun, stream: Stream) -> bool:
    """Whether its last reading is not so old that it may be asked for again.

    One that is under way goes on.
    """
    if not stream.every:
        return False
    lately = select(StreamState.id).where(
        *of_stream(run, stream),
        StreamState.read_at > datetime.now(UTC) - stream.every,
        StreamState.change_position.is_(None),
    )
    with transaction() as session:
        return session.scalar(lately) is not None


def note_read(run: SyncRun, stream: Stream, began: datetime | None, *, is_empty: bool) -> None:
    """Remember how old what we know is. One empty page says nothing of what we know."""
    if is_empty and stream.is_whole and is_anything_known(run.connection_id, stream.kind):
        with locked_run(run.id) as now:
            note_lines(now, stream, ["came empty. What is known stays as it is"])
        return
    with transaction() as session:
        states = update(StreamState).where(*of_stream(run, stream))
        session.execute(states.values(read_at=began or datetime.now(UTC)))


def of_stream(run: SyncRun, stream: Stream) -> tuple[ColumnElement[bool], ...]:
    """The row that says where a stream of a run's connection stands."""
    return (
        StreamState.connection_id == run.connection_id,
        StreamState.stream == stream.kind,
    )
