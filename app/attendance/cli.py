"""Attendance on the command line."""

import click
from flask.cli import AppGroup

from app.attendance import services
from app.core.db import transaction

group = AppGroup("attendance", help="Time at work.")


@group.command("rebuild")
def rebuild() -> None:
    """Make verdicts and sessions anew out of the punches, and say what was different."""
    with transaction() as session:
        changes = services.rebuild(session)
    if changes == services.Changes():
        click.echo("Everything is as the punches say: nothing has changed.")
        return
    click.echo(
        f"{changes.sessions} sessions and {changes.verdicts} verdicts were different; "
        "they are as the punches say now."
    )
