"""The lists of background work and of its schedule."""

from collections.abc import Sequence
from typing import Any

from flask import url_for
from flask_login import current_user
from sqlalchemy import Select

from app.core.jobs import queries, schedule
from app.core.jobs.models import JobRun
from app.core.pages import Asked, Choice, Column, ListPage, Nothing, Search, Segments
from app.core.permissions import SIGNED_IN, may

STATES = {
    "queued": "Waiting",
    "running": "Running",
    "succeeded": "Succeeded",
    "failed": "Failed",
    "cancelled": "Cancelled",
}


def sees_all() -> bool:
    """Tell whether the person asking may see everybody's jobs."""
    return may("jobs.view") or may("jobs.manage")


def _jobs(asked: Asked) -> Select[Any]:
    own = None if sees_all() and not asked["mine"] else current_user.id
    return queries.job_runs(search=asked["search"], state=asked["state"], actor_id=own)


def _schedule(_asked: Asked) -> Sequence[Any]:
    return schedule.planned()


JOBS = ListPage(
    name="jobs",
    title="Jobs",
    subtitle="Work in the background, such as imports.",
    permission=SIGNED_IN,
    query=_jobs,
    key=JobRun.id,
    sort="-id",
    href=lambda run: url_for("jobs.show", run_id=run.id),
    filters=(
        Search(label="Name of the job"),
        Choice(name="state", label="State", options=STATES, everything="All states"),
        Segments(name="mine", label="Whose", options={"1": "Mine"}, is_open=sees_all),
    ),
    columns=(
        Column(
            name="label",
            title="Job",
            value=lambda run: run.label or run.kind,
            sort=JobRun.label,
            place="name",
            is_link=True,
            is_required=True,
        ),
        Column(
            name="state",
            title="State",
            kind="cell",
            cell="jobs/_cells.html:state",
            sort=JobRun.state,
            place="status",
        ),
        Column(
            name="progress",
            title="Progress",
            kind="cell",
            cell="jobs/_cells.html:progress",
            value="done",
        ),
        Column(name="actor", title="Asked by", sort=JobRun.actor, place="meta"),
        Column(
            name="id",
            title="Asked at",
            kind="moment",
            value="created_at",
            sort=JobRun.id,
            is_short=False,
        ),
        Column(
            name="finished_at",
            title="Ended at",
            kind="moment",
            place="wide desk",
            is_shown=False,
        ),
        Column(name="error", title="Reason", place="wide desk wrap", is_shown=False),
    ),
    above="jobs/_backup.html",
    topic="jobs",
    topic_permission="jobs.view",
    sockets="me",
    events=("jobs:changed",),
    nothing=Nothing(
        title="No jobs here.",
        advice="Imports and other long work appear on this page.",
        icon="clock",
    ),
)

SCHEDULE = ListPage(
    name="schedule",
    title="Schedule",
    subtitle="What runs by itself. The lines name UTC; the times beside them are yours.",
    permission="jobs.manage",
    query=_schedule,
    columns=(
        Column(name="label", title="Work", place="name", is_link=True, is_required=True),
        Column(
            name="is_enabled",
            title="State",
            kind="cell",
            cell="schedule/_cells.html:state",
            place="status",
        ),
        Column(name="cron", title="When", kind="code"),
        Column(
            name="last_started_at",
            title="Last run",
            kind="cell",
            cell="schedule/_cells.html:last_run",
        ),
        Column(name="next_at", title="Next run", kind="moment", is_short=False),
        Column(
            name="actions",
            title="Actions",
            kind="cell",
            cell="schedule/_cells.html:actions",
            place="action",
            is_unseen=True,
            is_exported=False,
        ),
    ),
    sockets="jobs,me",
    events=("schedule:changed",),
    nothing=Nothing(title="Nothing runs by itself.", advice="", icon="clock"),
)
