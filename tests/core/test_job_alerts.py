"""Work that fails for good is told to whoever watches over it, until it was done after all."""

from sqlalchemy import select

from app.core.alerts import Alert
from app.core.db import db, transaction
from app.core.jobs import Job, JobRun
from app.core.jobs.runner import perform
from app.core.jobs.services import retry_run
from tests.core import samples


def done(run: JobRun) -> JobRun:
    try:
        perform(run.id)
    except Exception:  # RQ would log it
        db.session.rollback()
    db.session.expire_all()
    return run


def failed(job: Job[...], **arguments: object) -> JobRun:
    """Let all attempts of a job fail."""
    run = job.enqueue(**arguments)
    while done(run).state == "queued":
        pass
    assert run.state == "failed"
    return run


def open_alerts() -> list[Alert]:
    return [*db.session.scalars(select(Alert).where(Alert.closed_at.is_(None)))]


def test_a_failure_is_told_with_its_reason_and_where_to_look() -> None:
    run = failed(samples.refuses)

    [alert] = open_alerts()
    assert alert.title == "Background work failed: Refuse"
    assert (alert.text, alert.href) == ("There is no paper.", f"/jobs/{run.id}")
    assert alert.permission == "jobs.view"


def test_an_attempt_that_will_be_repeated_is_not_told() -> None:
    run = samples.breaks.enqueue()

    assert done(run).state == "queued"

    assert open_alerts() == []


def test_several_of_a_kind_are_one_alert() -> None:
    for _ in range(3):
        failed(samples.refuses)

    assert [alert.occurrences for alert in open_alerts()] == [3]


def test_what_is_cancelled_is_not_told() -> None:
    run = samples.refuses.enqueue()
    with transaction():
        run.is_cancel_asked = True

    assert done(run).state == "cancelled"

    assert open_alerts() == []


def test_done_after_all_it_is_closed() -> None:
    run = failed(samples.refuses)
    with transaction():
        run.job = samples.counts.path
        run.arguments = {"upto": 3}
        open_alerts()[0].key = f"job:{samples.counts.path}"

    done(retry_run(run.id))

    assert run.state == "succeeded"
    assert open_alerts() == []


def test_another_one_that_is_done_closes_nothing() -> None:
    run = failed(samples.refuses)
    with transaction():
        run.job = samples.counts.path
        open_alerts()[0].key = f"job:{samples.counts.path}"

    done(samples.counts.enqueue(upto=1))

    assert len(open_alerts()) == 1


def test_a_job_that_no_release_knows_is_told() -> None:
    run = samples.counts.enqueue(upto=1)
    with transaction():
        run.job = "app.nowhere:nothing"

    done(run)

    assert [alert.href for alert in open_alerts()] == [f"/jobs/{run.id}"]
