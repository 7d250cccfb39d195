"""QuickBooks is away, throttles, or answers nonsense: nothing is lost, nothing believed."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.alerts import Alert
from app.core.db import db
from app.core.jobs import JobRun
from app.integrations.hub.connector import Answer, Batch
from app.integrations.hub.decoding import decoded
from app.integrations.hub.models import Connection
from app.integrations.sync.mirror import sort_batch, write_batch
from app.integrations.sync.models import ExternalRecord, RejectedRecord
from app.integrations.sync.services import start_sync
from app.integrations.systems.quickbooks import answers
from app.integrations.systems.quickbooks.connector import ENTITIES
from app.integrations.systems.quickbooks.connector import QuickBooks as Connector
from tests.cases import case
from tests.integrations.conftest import Sync, again, work
from tests.standins.quickbooks import QuickBooks

STREAM = Connector().stream("item")


def job_of(run: Any) -> JobRun:
    return db.session.get_one(JobRun, run.job_run_id, populate_existing=True)


@pytest.mark.parametrize(
    "fault", ["html_503", "truncated", "not_json", "no_envelope", "drop", "expired"]
)
def test_a_fault_that_passes_is_not_noticed(
    quickbooks: QuickBooks, sync: Sync, fault: str
) -> None:
    quickbooks.faults.add(fault, after=2)

    run = sync()

    assert (run.state, run.problem) == ("succeeded", None)


@pytest.mark.parametrize("fault", ["html_503", "truncated", "not_json", "no_envelope", "drop"])
def test_a_fault_that_lasts_lets_the_sync_wait_and_go_on(
    session: Session, quickbooks: QuickBooks, sync: Sync, connection: Connection, fault: str
) -> None:
    quickbooks.faults.add(fault, times=20, after=7)

    run = sync()

    assert run.state == "waiting"
    assert "QuickBooks" in (run.problem or "")
    assert job_of(run).state == "queued"
    session.refresh(connection)
    assert connection.problem == run.problem
    quickbooks.faults.clear()
    job_of(run).due_at = datetime.now(UTC)
    session.commit()
    work()
    assert again(run).state == "succeeded"
    session.refresh(connection)
    assert connection.problem is None


def test_what_was_there_stays_when_answers_are_nonsense(
    session: Session, quickbooks: QuickBooks, sync: Sync
) -> None:
    sync()
    quickbooks.faults.add("not_json", times=100)

    sync()

    gone = select(func.count()).where(ExternalRecord.gone_at.is_not(None))
    assert session.scalar(gone) == 0


def test_when_it_is_given_up_an_alert_is_raised_and_the_next_sync_goes_on(
    session: Session, quickbooks: QuickBooks, connection: Connection, sync: Sync
) -> None:
    quickbooks.faults.add("html_503", times=100, after=6)
    run = sync()
    for _ in range(3):
        job_of(run).due_at = datetime.now(UTC)
        session.commit()
        work()
    assert job_of(run).state == "failed"
    assert session.scalars(select(Alert.key)).all() == [f"connection:{connection.id}:failed"]

    quickbooks.faults.clear()
    same = start_sync(connection.id, mode="full", cause="person")
    work()

    assert same.id == run.id
    assert again(run).state == "succeeded"
    assert session.scalars(select(Alert).where(Alert.closed_at.is_(None))).all() == []


@pytest.mark.parametrize("said", [7, None])
def test_a_throttled_sync_gives_its_worker_back(
    quickbooks: QuickBooks, sync: Sync, said: int | None
) -> None:
    quickbooks.faults.add("too_many", after=3, retry_after=said)

    run = sync()

    assert run.state == "waiting"
    job = job_of(run)
    assert (job.state, job.attempts) == ("queued", 0)
    pause = (job.due_at - datetime.now(UTC)).total_seconds()
    assert pause == pytest.approx(said or 60, abs=3)
    assert float(run.throttled_seconds) == pytest.approx(said or 60, abs=3)


def test_while_it_asks_for_patience_nobody_asks(
    session: Session, quickbooks: QuickBooks, sync: Sync
) -> None:
    quickbooks.faults.add("too_many", after=3, retry_after=3600)
    run = sync()
    job_of(run).due_at = datetime.now(UTC)
    session.commit()
    quickbooks.exchanges.clear()

    work()

    assert again(run).state == "waiting"
    assert len(quickbooks.exchanges) == 0


def test_a_slow_answer_is_waited_for(quickbooks: QuickBooks, sync: Sync) -> None:
    quickbooks.faults.add("slow", seconds=0.3)

    assert sync().state == "succeeded"


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ({"DisplayName": "No number"}, "It has no Id."),
        ({"Id": 7, "DisplayName": "A number"}, "It has no Id."),
        ("a text", "It has no Id."),
        ({"Id": "900", "MetaData": {"LastUpdatedTime": "soon"}}, "soon is no moment."),
        ({"Id": "901", "MetaData": "none"}, "Its MetaData are no object."),
    ],
)
def test_a_record_that_cannot_be_read_is_set_aside_and_the_rest_goes_on(
    session: Session, quickbooks: QuickBooks, sync: Sync, record: Any, reason: str
) -> None:
    quickbooks.faults.add("bad_record", record=record, times=2)

    run = sync()

    assert run.state == "succeeded"
    assert run.rows_failed >= 1
    reasons = session.scalars(
        select(RejectedRecord.reason).where(RejectedRecord.resolved_at.is_(None))
    )
    assert reason in reasons.all()
    customers = select(func.count()).where(ExternalRecord.kind == "customer")
    rest = len(quickbooks.company.objects("Customer")) - 1  # the bad one took a place
    assert (session.scalar(customers) or 0) >= rest


def test_a_record_with_a_character_nobody_can_keep_is_set_aside(
    session: Session, quickbooks: QuickBooks, sync: Sync
) -> None:
    bad = {"Id": "902", "DisplayName": "Nothing\0here"}
    quickbooks.faults.add("bad_record", record=bad, times=2)

    run = sync()

    assert run.state == "succeeded"
    aside = session.scalars(select(RejectedRecord).filter_by(external_id="902")).all()
    assert {row.reason for row in aside} == {"It holds a character that cannot be kept."}


def test_a_record_that_cannot_become_ours_is_set_aside_until_it_can(
    session: Session, quickbooks: QuickBooks, sync: Sync
) -> None:
    item = quickbooks.company.create("Item", Name="Refund", Type="Service", UnitPrice=-5)
    sync()
    [row] = session.scalars(select(RejectedRecord).filter_by(external_id=item)).all()
    assert "less than nothing" in row.reason

    quickbooks.company.change("Item", item, UnitPrice=5)
    sync("changes")

    session.refresh(row)
    assert row.resolved_at is not None


def test_a_refused_request_fails_the_sync_in_their_words(
    quickbooks: QuickBooks, sync: Sync, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(
        ENTITIES,
        "vendor",
        "Vender",
    )

    run = sync()

    assert run.state == "failed"
    assert "Invalid query" in (run.problem or "")
    quickbooks.exchanges.clear()  # that request was no good one


def test_half_a_character_spoils_its_record_and_not_the_answer(
    session: Session, connection: Connection
) -> None:
    sent = b'[{"Id": "1", "Price": 1.1}, {"Id": "2", "Name": "Half \\ud83d"}]'

    written = write_batch(connection.id, sort_batch(STREAM, Batch("item", decoded(sent))))

    assert (written.rows, written.changed, written.failed) == (2, 1, 1)
    [kept] = session.scalars(select(ExternalRecord)).all()
    assert (kept.external_id, str(kept.payload["Price"])) == ("1", "1.1")
    reason = session.scalars(select(RejectedRecord.reason)).one()
    assert reason == "It holds a character that cannot be kept."


@pytest.mark.parametrize(
    "broken",
    [
        rb'{"Id": "2", "Name": "Half \ud83d"}',
        rb'{"Id": "2", "Name": "Nothing \u0000"}',
        rb'{"Id": "2", "Price": 1e999999}',
        b'{"Id": "2", "Name": "\xff"}',
    ],
)
def test_a_record_that_postgresql_refuses_stops_no_page(
    connection: Connection, session: Session, broken: bytes
) -> None:
    sent = b'{"QueryResponse": {"Item": [{"Id": "1", "Price": 1.10}, ' + broken + b"]}}"
    page = answers.page("item", "Item", None, Answer(decoded(sent, answers.Queried)))

    written = write_batch(connection.id, sort_batch(STREAM, page.batch))

    assert (written.rows, written.changed, written.failed) == (2, 1, 1)
    [kept] = session.scalars(select(ExternalRecord)).all()
    assert (kept.external_id, str(kept.payload["Price"])) == ("1", "1.1")


def test_a_token_that_is_refused_as_soon_as_it_is_renewed_is_told(
    session: Session, quickbooks: QuickBooks, connection: Connection, sync: Sync
) -> None:
    """Tokens are renewed well, and every call is refused all the same."""
    assert case("q01")["status"] == 401
    quickbooks.faults.add("expired", times=None)

    run = sync()

    assert run.state == "failed"
    session.refresh(connection)
    assert connection.state == "reconnect"
    assert connection.problem == "QuickBooks refuses a token it has just given."
    [alert] = session.scalars(select(Alert).where(Alert.closed_at.is_(None))).all()
    assert alert.title == "QuickBooks must be connected again"


def test_a_run_that_is_told_to_wait_for_years_waits_an_hour_and_says_so(
    session: Session, quickbooks: QuickBooks, sync: Sync
) -> None:
    far = case("f01")["headers"]["Retry-After"]
    quickbooks.faults.add("too_many", retry_after=far)

    run = sync()

    assert run.state == "waiting"
    assert "It goes on by itself at" in (run.problem or "")
    assert job_of(run).due_at < datetime.now(UTC) + timedelta(hours=1, minutes=1)


def test_what_nobody_foresaw_stops_no_run_without_a_word(
    monkeypatch: pytest.MonkeyPatch, sync: Sync
) -> None:
    def breaks(*_arguments: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("app.integrations.sync.full._begin", breaks)

    run = sync()

    assert (run.state, run.problem) == (
        "waiting",
        "It stopped unexpectedly (ZeroDivisionError).",
    )
