"""A sync that is stopped at any page goes on there; pages that do not add up change nothing."""

from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.jobs.services import cancel_run
from app.integrations.hub.models import Connection
from app.integrations.sync import full
from app.integrations.sync.models import ExternalRecord, StreamState, SyncPage
from app.integrations.sync.services import start_sync
from app.integrations.systems.quickbooks.connector import ENTITIES
from tests.integrations.conftest import Sync, again, killed_at, work
from tests.standins.quickbooks import QuickBooks

PAGE = 10


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.integrations.systems.quickbooks.answers.PAGE", PAGE)


def mirrored(session: Session) -> dict[str, int]:
    counts = select(ExternalRecord.kind, func.count()).group_by(ExternalRecord.kind)
    return dict(session.execute(counts).all())


def there(quickbooks: QuickBooks) -> dict[str, int]:
    company = quickbooks.company
    return {kind: len(company.objects(name)) for kind, name in ENTITIES.items()}


def expected(quickbooks: QuickBooks) -> dict[str, int]:
    return {kind: count for kind, count in there(quickbooks).items() if count}


def pages_asked(quickbooks: QuickBooks) -> list[str]:
    asked = [one.query.get("query", "") for one in quickbooks.exchanges]
    return [query for query in asked if "STARTPOSITION" in query]


@pytest.mark.parametrize("page", range(1, 9))
def test_a_sync_that_is_killed_at_a_page_goes_on_there(
    session: Session,
    quickbooks: QuickBooks,
    connection: Connection,
    page: int,
) -> None:
    run = start_sync(connection.id, mode="full", cause="person")
    killed_at(page, run)
    quickbooks.exchanges.clear()

    work()

    done = again(run)
    assert done.state == "succeeded"
    assert mirrored(session) == expected(quickbooks)
    assert done.rows_in == done.rows_changed == sum(expected(quickbooks).values())
    whole = sum(-(-count // PAGE) + (count % PAGE == 0) for count in there(quickbooks).values())
    assert len(pages_asked(quickbooks)) == whole - page


def test_what_came_before_some_trouble_is_written(
    session: Session, quickbooks: QuickBooks, connection: Connection
) -> None:
    """Twelve counts, the vendors, two pages of customers and two of items; then no more."""
    quickbooks.faults.add("html_503", after=17, times=100)
    run = start_sync(connection.id, mode="full", cause="person")

    work()

    assert (again(run).state, again(run).pages) == ("waiting", 5)
    assert mirrored(session) == {"vendor": 5, "customer": 12, "item": 20}


@pytest.mark.parametrize("seconds", [0.0, 60.0])
def test_pages_are_written_together_if_they_come_quickly(
    connection: Connection, monkeypatch: pytest.MonkeyPatch, seconds: float
) -> None:
    written: list[int] = []
    keep = full._keep

    def counted(*arguments: Any) -> None:
        keep(*arguments)
        written.append(arguments[3].number)

    monkeypatch.setattr(full, "SECONDS", seconds)
    monkeypatch.setattr(full, "TOGETHER", 4 * PAGE)
    monkeypatch.setattr(full, "_keep", counted)
    run = start_sync(connection.id, mode="full", cause="person")
    work()

    assert sum(written) == again(run).pages
    assert max(written) == (4 if seconds else 1)


def test_a_page_that_comes_twice_is_noticed_and_read_again(
    session: Session, quickbooks: QuickBooks, sync: Sync
) -> None:
    quickbooks.faults.add("duplicate_page", after=4)

    run = sync()

    assert run.state == "succeeded"
    assert mirrored(session) == expected(quickbooks)
    assert any("read again" in line["text"] for line in run.log)


def test_an_empty_page_takes_nothing_away(
    session: Session, quickbooks: QuickBooks, sync: Sync
) -> None:
    sync()
    quickbooks.faults.add("empty", times=50)

    run = sync()

    assert (run.state, run.rows_gone) == ("succeeded", 0)
    gone = select(func.count()).where(ExternalRecord.gone_at.is_not(None))
    assert session.scalar(gone) == 0
    assert any("not held for gone" in line["text"] for line in run.log)


def test_pages_that_never_add_up_leave_the_cursor_where_it_was(
    session: Session, quickbooks: QuickBooks, sync: Sync
) -> None:
    sync()
    before = session.scalar(select(StreamState.cursor).filter_by(stream="item"))
    quickbooks.faults.add("count_off", times=100, by=3)

    run = sync()

    session.expire_all()
    assert run.state == "succeeded"
    assert session.scalar(select(StreamState.cursor).filter_by(stream="item")) == before


def test_the_pages_of_a_pass_are_forgotten_when_it_ends(session: Session, sync: Sync) -> None:
    sync()

    assert session.scalar(select(func.count()).select_from(SyncPage)) == 0


def test_a_cancelled_sync_stops_at_its_next_page(
    session: Session, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = start_sync(connection.id, mode="full", cause="person")
    keep = full._keep

    def cancels(*arguments: object) -> None:
        cancel_run(run.job_run_id or 0)
        keep(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(full, "TOGETHER", 1)
    monkeypatch.setattr(full, "_keep", cancels)
    work()

    assert (again(run).state, again(run).pages) == ("cancelled", 1)


def test_whoever_comes_late_with_a_page_writes_nothing(
    session: Session, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that was held for lost lives: the one that took over has gone on."""
    start_sync(connection.id, mode="full", cause="person")
    keep = full._keep

    def is_late(*arguments: object) -> None:
        session.query(StreamState).update({"position": "31"})
        session.commit()
        keep(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(full, "_keep", is_late)
    work()

    assert mirrored(session) == {}
