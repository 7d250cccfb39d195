"""What everybody may see of a run while it goes."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.core.db import locked, transaction
from app.core.events import publish
from app.core.jobs import report_progress
from app.integrations.hub.connector import Stream
from app.integrations.hub.events import ConnectionChanged
from app.integrations.sync.mirror import BatchResult
from app.integrations.sync.models import SyncRun


@contextmanager
def locked_run(run_id: int) -> Iterator[SyncRun]:
    """Change a run's row, under lock, and tell the open pages."""
    with transaction() as session:
        query = select(SyncRun).where(SyncRun.id == run_id)
        run = session.scalars(locked(query, SyncRun)).one()
        yield run
        session.flush()
        publish(ConnectionChanged(connection_id=run.connection_id))


def add_figures(
    run: SyncRun, written: BatchResult, *, throttled: float, pages: int = 1
) -> None:
    """Add what came of some pages to a run's figures."""
    run.pages += pages
    run.rows_in += written.rows
    run.rows_changed += written.changed
    run.rows_failed += written.failed
    run.rows_gone += written.gone
    run.throttled_seconds += Decimal(str(round(throttled, 3)))


def note_lines(run: SyncRun, stream: Stream, lines: Iterable[str]) -> None:
    """Write into a run's log what people should know of how some pages came."""
    for line in lines:
        run.note(f"{stream.label}: {line}")


def report_run(run: SyncRun) -> None:
    """Show how far it is, and hear whether it should stop.

    Raises:
        Cancelled: It should.
    """
    total: Any = max(run.expected or 0, run.rows_in, 1)
    report_progress(run.rows_in, total)
