"""The periodic table: the slices say what there is, its rows what has been changed."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from croniter import CroniterBadDateError, croniter
from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from app.core.db import db, locked, transaction
from app.core.errors import Invalid
from app.core.jobs.models import JobRun, ScheduleEntry
from app.core.slices import slices

CRON_FIELDS = 5


class Planned(NamedTuple):
    """What runs when, and when it last did. Times of a cron line are UTC."""

    name: str
    label: str
    cron: str
    default: str
    is_enabled: bool
    version: int
    last_started_at: datetime | None
    last_run: JobRun | None

    @property
    def next_at(self) -> datetime | None:
        """When it starts next; None while it is switched off."""
        return next_time(self.cron) if self.is_enabled else None


def planned() -> list[Planned]:
    """Give the table, in the order that the slices say."""
    rows = select(ScheduleEntry, JobRun).outerjoin(
        JobRun, JobRun.id == ScheduleEntry.last_run_id
    )
    known = {entry.name: (entry, run) for entry, run in db.session.execute(rows)}
    return [_planned(name, *known.get(name, (None, None))) for name in slices().schedule]


def _planned(name: str, entry: ScheduleEntry | None, run: JobRun | None) -> Planned:
    periodic = slices().schedule[name]
    return Planned(
        name=name,
        label=periodic.label,
        cron=(entry and entry.cron) or periodic.cron,
        default=periodic.cron,
        is_enabled=entry.is_enabled if entry else True,
        version=entry.version if entry else 1,
        last_started_at=entry.last_started_at if entry else None,
        last_run=run,
    )


def tick(name: str) -> None:
    """Start what is due, at most once for each time the table names; workers call this."""
    due = _last_due(name)
    with transaction() as session:
        _ensure_row(name)
        turn = (
            update(ScheduleEntry)
            .where(ScheduleEntry.name == name, ScheduleEntry.is_enabled)
            .where(func.coalesce(ScheduleEntry.last_started_at < due, True))
            .values(last_started_at=datetime.now(UTC))
        )
        if session.scalar(turn.returning(ScheduleEntry.id)) is not None:
            _start(name)


def start_now(name: str) -> JobRun | None:
    """Start an entry outside of its time; gives its run, if it makes one."""
    with transaction() as session:
        _ensure_row(name)
        now = {"last_started_at": datetime.now(UTC)}
        session.execute(update(ScheduleEntry).where(ScheduleEntry.name == name).values(now))
        return _start(name)


def revise_entry(name: str, *, cron: str, is_enabled: bool, version: int | None) -> None:
    """Change when an entry runs, and whether.

    Raises:
        Invalid: The cron line cannot be read.
        StaleVersion: Somebody else has changed the entry.
    """
    line = " ".join(cron.split())
    if reason := refusal(line):
        raise Invalid("cron", reason)
    with transaction() as session:
        _ensure_row(name)
        row = select(ScheduleEntry).where(ScheduleEntry.name == name)
        entry = session.scalars(locked(row, ScheduleEntry)).one()
        own = line if line != slices().schedule[name].cron else None
        entry.revise(version=version, cron=own, is_enabled=is_enabled)


def refusal(cron: str) -> str | None:
    """Say why a cron line does not fit, or None."""
    if len(cron.split()) != CRON_FIELDS:
        return "Five fields: minute, hour, day of the month, month, day of the week."
    try:
        next_time(cron)
    except CroniterBadDateError:
        return "This never happens."
    except (ValueError, KeyError):
        return "This is not a cron line, such as 30 2 * * 1-5."
    return None


def next_time(cron: str) -> datetime:
    """Give the next moment of a cron line, which is read as UTC."""
    moment: datetime = croniter(cron, datetime.now(UTC)).get_next(datetime)
    return moment


def _start(name: str) -> JobRun | None:
    run = slices().schedule[name].start()
    if not isinstance(run, JobRun):
        return None
    last = {"last_run_id": run.id}
    with transaction() as session:
        session.execute(update(ScheduleEntry).where(ScheduleEntry.name == name).values(last))
    return run


def _last_due(name: str) -> datetime:
    """When the entry should last have started; the row of a new cron line is not there yet."""
    cron = next(entry.cron for entry in planned() if entry.name == name)
    soon = datetime.now(UTC) + timedelta(seconds=1)  # a tick on the minute counts for it
    moment: datetime = croniter(cron, soon).get_prev(datetime)
    return moment


def _ensure_row(name: str) -> None:
    with transaction() as session:
        row = insert(ScheduleEntry).values(name=name)
        session.execute(row.on_conflict_do_nothing(index_elements=["name"]))
