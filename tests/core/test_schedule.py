"""What runs when."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from redis import Redis
from rq import Queue
from sqlalchemy.orm import Session

import scheduler
from app.core.audit import AuditEntry
from app.core.broker import broker, patient_broker
from app.core.errors import Invalid
from app.core.jobs import JobRun, schedule
from app.core.jobs.models import ScheduleEntry
from app.core.versions import StaleVersion

NAME = "delete-files"


def planner() -> scheduler.UtcScheduler:
    return scheduler.UtcScheduler("scheduled", connection=patient_broker(), interval=5)


def names_in_redis() -> set[str]:
    return {entry.id for entry in planner().get_jobs()}


def entry(name: str = NAME) -> schedule.Planned:
    return next(planned for planned in schedule.planned() if planned.name == name)


def switch_off(name: str = NAME) -> None:
    schedule.revise_entry(name, cron=entry().default, is_enabled=False, version=None)


def test_a_tick_starts_a_run_and_the_table_knows_it(session: Session) -> None:
    schedule.tick(NAME)

    run = session.query(JobRun).one()
    assert run.label == "Delete expired files"
    assert entry().last_run is run
    assert entry().last_started_at is not None


def test_a_second_tick_of_the_same_time_starts_nothing(session: Session) -> None:
    schedule.tick(NAME)
    schedule.tick(NAME)

    assert session.query(JobRun).count() == 1


def test_the_next_time_starts_again(session: Session) -> None:
    schedule.tick(NAME)
    long_ago = datetime.now(UTC) - timedelta(days=2)
    session.query(ScheduleEntry).update({"last_started_at": long_ago})
    session.commit()

    schedule.tick(NAME)

    assert session.query(JobRun).count() == 2


@pytest.mark.committed
def test_two_ticks_at_once_start_one_run(app: Flask, session: Session) -> None:
    gate = threading.Barrier(4)

    def tick() -> None:
        with app.app_context():
            gate.wait()
            schedule.tick(NAME)

    threads = [threading.Thread(target=tick) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert session.query(JobRun).count() == 1


def test_an_entry_that_is_switched_off_starts_nothing(session: Session) -> None:
    switch_off()

    schedule.tick(NAME)

    assert session.query(JobRun).count() == 0
    assert entry().next_at is None


def test_an_entry_can_be_started_at_any_time(session: Session) -> None:
    schedule.tick(NAME)
    run = schedule.start_now(NAME)

    assert run is not None
    assert session.query(JobRun).count() == 2


def test_the_sweeper_writes_no_rows(session: Session) -> None:
    assert schedule.start_now("sweep-jobs") is None
    assert session.query(JobRun).count() == 0


def test_a_changed_time_replaces_the_one_of_its_slice(session: Session) -> None:
    schedule.revise_entry(NAME, cron="0  5 * * 1-5", is_enabled=True, version=1)

    assert (entry().cron, entry().default) == ("0 5 * * 1-5", "10 2 * * *")
    assert (entry().next_at or datetime.min).hour == 5  # noqa: DTZ901  (None would be a bug)


def test_a_change_of_the_schedule_is_audited(session: Session) -> None:
    schedule.revise_entry(NAME, cron="0 5 * * *", is_enabled=False, version=1)

    told = session.query(AuditEntry).filter_by(record_type="schedule_entry").one()
    assert told.label == NAME
    assert told.changes == {"cron": ["", "0 5 * * *"], "is_enabled": ["yes", "no"]}


def test_a_change_of_an_old_entry_is_refused() -> None:
    schedule.revise_entry(NAME, cron="0 5 * * *", is_enabled=True, version=1)

    with pytest.raises(StaleVersion):
        schedule.revise_entry(NAME, cron="0 6 * * *", is_enabled=True, version=1)


@pytest.mark.parametrize(
    "cron",
    [
        "",
        "* * * *",
        "* * * * * *",
        "61 * * * *",
        "often by far too much",
        "0 0 31 2 *",
        "@daily",
    ],
)
def test_a_line_that_is_no_time_is_refused(cron: str) -> None:
    with pytest.raises(Invalid) as refused:
        schedule.revise_entry(NAME, cron=cron, is_enabled=True, version=None)

    assert refused.value.field == "cron"


def test_two_schedulers_plan_every_entry_once() -> None:
    scheduler.plan(planner())
    planner().plan_entry("of-an-old-release", "* * * * *")

    scheduler.plan(planner())

    assert names_in_redis() == {planned.name for planned in schedule.planned()}


def test_a_scheduler_follows_changes_of_the_table() -> None:
    scheduler.plan(planner())
    schedule.revise_entry("forget-jobs", cron="0 5 * * *", is_enabled=True, version=None)
    switch_off()

    scheduler.plan(planner())

    crons = {job.id: job.meta["cron"] for job in planner().get_jobs()}
    assert crons["forget-jobs"] == "0 5 * * *"
    assert NAME not in crons


def test_planning_again_does_not_lose_what_is_just_due() -> None:
    scheduler.plan(planner())
    due = {NAME: 1}
    broker().zadd(scheduler.UtcScheduler.scheduled_jobs_key, due)

    scheduler.plan(planner())
    scheduler.start_due(planner())

    assert Queue("scheduled", connection=broker()).get_job_ids() == [NAME]


def test_what_was_started_is_down_for_its_next_time() -> None:
    scheduler.plan(planner())
    broker().zadd(scheduler.UtcScheduler.scheduled_jobs_key, {NAME: 1})

    scheduler.start_due(planner())

    again = broker().zscore(scheduler.UtcScheduler.scheduled_jobs_key, NAME)
    assert entry().next_at == datetime.fromtimestamp(again or 0, UTC)


def test_an_entry_of_a_release_before_is_planned_anew() -> None:
    planner().schedule(datetime.now(UTC), schedule.tick, args=[NAME], id=NAME)

    scheduler.plan(planner())

    crons = {job.id: job.meta["cron"] for job in planner().get_jobs()}
    assert crons[NAME] == entry().cron


def test_only_one_scheduler_starts_what_is_due() -> None:
    scheduler.plan(planner())
    broker().zadd(scheduler.UtcScheduler.scheduled_jobs_key, {NAME: 1})
    other = planner()
    assert other.acquire_lock()

    scheduler.start_due(planner())

    assert Queue("scheduled", connection=broker()).count == 0


def test_a_scheduler_outlives_redis(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(scheduler, "INTERVAL", 0.01)
    stopped, mine = threading.Event(), planner()
    here, mine.connection = mine.connection, Redis.from_url("unix:///nowhere.sock", retry=None)

    def come_back(_record: object) -> bool:
        mine.connection = here
        threading.Timer(0.3, stopped.set).start()
        return True

    monkeypatch.setattr(scheduler.log, "filters", [come_back])
    scheduler.run(mine, stopped)

    assert "The schedule waits" in caplog.text
    assert NAME in names_in_redis()
