"""Jobs whose worker, whose bell or whose code is gone."""

from datetime import UTC, datetime, timedelta

import pytest
from rq import Queue
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.core import cleanup
from app.core.broker import broker
from app.core.jobs import JobRun, runner
from app.core.jobs import progress as progress_module
from app.core.jobs.models import LOST
from app.core.jobs.progress import Attempt, working_on
from tests.core.samples import (
    LONG_AGO,
    counts,
    stored,
    waiting,
)
from tests.waiting import until


def test_a_job_that_is_gone_ends_with_a_reason(session: Session) -> None:
    run = stored(job="app.core.cleanup:of_an_old_release", arguments={})

    runner.perform(run.id)

    session.refresh(run)
    assert (run.state, run.error) == ("failed", runner.NO_SUCH_JOB)


def test_the_sweeper_ends_what_nobody_can_do_any_more(session: Session) -> None:
    gone = stored(job="app.gone:away", arguments={}, due_at=LONG_AGO)
    lost = stored(due_at=LONG_AGO)

    runner.sweep()

    session.refresh(gone)
    assert (gone.state, gone.error) == ("failed", runner.NO_SUCH_JOB)
    assert Queue("interactive", connection=broker()).get_job_ids() == [lost.rq_id]


def test_the_sweeper_queues_what_redis_has_lost(session: Session) -> None:
    run = counts.enqueue(upto=1)
    run.due_at = LONG_AGO
    session.commit()
    broker().flushdb()

    runner.sweep()

    assert waiting() == 1


def test_the_sweeper_leaves_a_long_queue_alone(session: Session) -> None:
    run = stored(due_at=LONG_AGO)
    counts.dispatch(run)

    runner.sweep()

    assert waiting() == 1


def test_a_lost_job_is_tried_again_even_if_it_has_no_retries(session: Session) -> None:
    run = stored(state="running", attempts=1, due_at=LONG_AGO)

    runner.sweep()

    session.refresh(run)
    assert (run.state, run.error, waiting()) == ("queued", LOST, 1)


def test_a_job_that_loses_every_worker_fails_in_the_end(session: Session) -> None:
    run = stored(state="running", attempts=3, due_at=LONG_AGO)

    runner.sweep()

    session.refresh(run)
    assert (run.state, run.error, waiting()) == ("failed", LOST, 0)


def test_a_lost_job_that_was_to_stop_stops(session: Session) -> None:
    run = stored(state="running", attempts=1, due_at=LONG_AGO, is_cancel_asked=True)

    runner.sweep()

    session.refresh(run)
    assert run.state == "cancelled"


def test_a_job_that_shows_signs_of_life_is_not_lost(session: Session) -> None:
    run = stored(state="running", attempts=1, due_at=LONG_AGO)
    session.execute(Attempt(run.id, 1).update())

    runner.sweep()

    session.refresh(run)
    assert run.state == "running"


@pytest.mark.committed
def test_a_long_unit_of_work_shows_signs_of_life(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress_module, "BEAT", 0.01)
    run = stored(state="running", attempts=1, due_at=LONG_AGO)

    def is_shown() -> bool:
        session.refresh(run)
        session.commit()
        return bool(run.due_at > datetime.now(UTC))

    with working_on(Attempt(run.id, 1)):
        until(is_shown)


@pytest.mark.committed
def test_a_heart_beats_on_when_the_database_was_away(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(progress_module, "BEAT", 0.01)
    monkeypatch.setattr(Attempt, "update", lambda _self: update(JobRun).values(state="?"))
    stored(state="running", attempts=1)

    with working_on(Attempt(1, 1)):
        until(lambda: caplog.text.count("could not show that it lives") > 1)


@pytest.mark.usefixtures("no_redis")
def test_jobs_wait_in_their_rows_while_redis_is_away(
    caplog: pytest.LogCaptureFixture, session: Session
) -> None:
    run = counts.enqueue(upto=1)
    runner.sweep()

    assert "waits for the sweeper" in caplog.text
    assert session.get_one(JobRun, run.id).state == "queued"


def test_old_rows_are_forgotten(session: Session) -> None:
    old = datetime.now(UTC) - timedelta(days=91)
    stored(state="succeeded", finished_at=old)
    young = stored(state="succeeded", finished_at=datetime.now(UTC) - timedelta(days=89))
    waits = stored(created_at=old)

    cleanup.forget_jobs()

    assert {run.id for run in session.query(JobRun)} == {young.id, waits.id}
