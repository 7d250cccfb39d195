"""Jobs that people stop, or begin again."""

import pytest
from sqlalchemy.orm import Session

from app.core.jobs import runner
from app.core.jobs.services import WrongState, cancel_run, retry_run
from tests.core.samples import LONG_AGO, counts, is_cancelled_meanwhile, stored, waiting


def test_a_waiting_job_is_cancelled_at_once(session: Session) -> None:
    run = counts.enqueue(upto=1)

    cancel_run(run.id)
    runner.perform(run.id)

    session.refresh(run)
    assert (run.state, run.attempts) == ("cancelled", 0)


def test_a_running_job_is_cancelled_when_it_next_reports(session: Session) -> None:
    run = stored(job=is_cancelled_meanwhile.path, arguments={})
    run.arguments = {"run_id": run.id}
    session.commit()

    runner.perform(run.id)

    session.refresh(run)
    assert (run.state, run.error) == ("cancelled", "Cancelled.")


def test_a_job_that_ended_cannot_be_cancelled() -> None:
    run = stored(state="succeeded", finished_at=LONG_AGO)

    with pytest.raises(WrongState):
        cancel_run(run.id)


@pytest.mark.parametrize("state", ["failed", "cancelled"])
def test_a_job_that_did_not_succeed_can_be_retried(session: Session, state: str) -> None:
    run = stored(state=state, finished_at=LONG_AGO, attempts=3, error="Why not", done=1)

    retry_run(run.id)

    session.refresh(run)
    assert (run.state, run.attempts, run.error, run.done) == ("queued", 0, None, 0)
    assert waiting() == 1


@pytest.mark.parametrize("state", ["queued", "running", "succeeded"])
def test_other_jobs_cannot_be_retried(state: str) -> None:
    run = stored(state=state)

    with pytest.raises(WrongState):
        retry_run(run.id)


def test_a_job_of_an_old_release_cannot_be_retried() -> None:
    run = stored(state="failed", job="app.gone:away", finished_at=LONG_AGO)

    with pytest.raises(WrongState, match="release"):
        retry_run(run.id)
