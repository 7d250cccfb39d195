"""`flask backup` and `flask restore`."""

from pathlib import Path

import click
from alembic.script import ScriptDirectory
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from app.core.backup import services
from app.core.backup.restoring import Restored, restore
from app.core.db import db
from app.core.errors import DomainError

NO_KEYS = (
    "The keys are not in it: set BACKUP_PASSPHRASE, or keep SECRET_KEY and ENCRYPTION_KEYS "
    "yourself."
)


@click.command("backup")
@click.option("--to", "folder", type=click.Path(path_type=Path), help="Instead of BACKUP_DIR.")
@click.option("--unchecked", is_flag=True, help="Do not try it in a scratch database.")
@with_appcontext
def backup(folder: Path | None, unchecked: bool) -> None:  # noqa: FBT001  (click's way)
    """Write one file that holds everything, and try it."""
    try:
        made = services.back_up(folder and folder.absolute(), is_checked=not unchecked)
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    tried = "put back and equal" if made.is_good else "not tried"
    click.echo(f"{Path(made.folder, made.name)}")
    click.echo(
        f"{made.size / 1e6:,.1f} MB, {made.row_count:,} rows, {tried}, {made.seconds} s."
    )
    if not made.has_keys:
        click.echo(NO_KEYS)


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--env", type=click.Path(path_type=Path), help="File for settings and keys.")
@with_appcontext
def restore_file(file: Path, env: Path | None) -> None:
    """Put a backup in the place of the database, which stays under another name.

    BACKUP_PASSPHRASE opens the keys.
    """
    try:
        done = put_back(file)
    except (DomainError, SQLAlchemyError) as error:
        raise click.ClickException(str(error)) from error
    if env is not None:
        write_env(env, done)
    elif done.keys:
        click.echo("Its keys and settings were not written: give --env FILE to have them.")
    for line in told(done):
        click.echo(line)


def put_back(file: Path) -> Restored:
    """Put a backup back in this application's context."""
    db.session.remove()
    db.engine.dispose()  # nobody may be in the database that is to be replaced
    passphrase = current_app.config["BACKUP_PASSPHRASE"]
    return restore(file, passphrase=passphrase, knows=_knows)


def told(done: Restored) -> list[str]:
    """Say what was done."""
    lines = [f"The state of {done.manifest.moment:%Y-%m-%d %H:%M:%S} UTC is back, and equal."]
    if done.keys is None:
        lines.append("Its keys stay as they are here: none were opened.")
    if done.old:
        lines.append(f"What was there before is in the database {done.old}.")
    return lines


def write_env(path: Path, done: Restored) -> None:
    """Write settings and keys as the `.env` of compose, for our eyes alone."""
    values = done.settings | (done.keys or {})
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_text("".join(f"{name}='{_quoted(values[name])}'\n" for name in sorted(values)))


def _quoted(value: str) -> str:
    """Write a value between single quotes, as the `.env` of compose wants it."""
    return value.replace("\\", "\\\\").replace("'", "\\'")


def _knows(revision: str) -> bool:
    scripts = ScriptDirectory("migrations")
    return revision in {script.revision for script in scripts.walk_revisions()}
