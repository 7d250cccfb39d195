"""What open pages hear of background work."""

from flask import render_template
from sqlalchemy import select

from app.core.db import db
from app.core.events import Fragment
from app.core.jobs.events import JobChanged
from app.core.jobs.models import JobRun


def show_run(event: JobChanged) -> list[Fragment]:
    """State and progress: for those who see all jobs, and for the person who asked for it."""
    query = select(JobRun).where(JobRun.id == event.run_id)
    run = db.session.scalars(query).one_or_none()
    if run is None:
        return []
    html = render_template("jobs/_live.html", run=run)
    return [Fragment("jobs", html), Fragment(f"user:{run.actor_id}", html)]
