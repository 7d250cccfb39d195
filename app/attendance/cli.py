"""Attendance on the command line."""

import click
from flask.cli import AppGroup

from app.attendance import services
from app.core.db import transaction

group = AppGroup("attendance", help="Time at work.")


@group.command("rebuild")
def rebuild() -> None:
    """Make all that follows from the punches anew, and say what was different.

    Days of time accounts that are locked stay as they were when they were locked.
    """
    with transaction() as session:
        changes = services.rebuild(session)
    days = services.rebuild_accounts()
    if changes == services.Changes() and not days:
        click.echo("Everything is as the punches say: nothing has changed.")
        return
    click.echo(
        f"{changes.sessions} sessions, {changes.verdicts} verdicts and {days} days of time "
        "accounts were different; they are as the punches say now."
    )
