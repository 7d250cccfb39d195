"""Making backups, sending them away, deleting by the rule, and seeing that there is one."""

import shlex
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import current_app
from sqlalchemy import func, select

from app.core.alerts import close_alert, raise_alert
from app.core.backup import archive, making, retention, totals
from app.core.backup.making import BackupRefused, Made
from app.core.backup.models import Backup
from app.core.backup.queries import good_backups, present_backups
from app.core.backup.retention import Rule
from app.core.db import db, transaction
from app.core.errors import DomainError
from app.core.jobs.models import ScheduleEntry
from app.core.settings import setting

ALERT = "backup"
PERMISSION = "jobs.manage"
PLACE = "/backups"
SENDING = 4 * 3600  # seconds that BACKUP_COMMAND may take
SAID = 300  # characters of what it complains about


class SendingFailed(DomainError):
    """BACKUP_COMMAND did not take a backup away."""


def back_up(folder: Path | None = None, *, is_checked: bool = True) -> Backup:
    """Make a backup, try it, send it away, and delete what the rule does not keep.

    Without a folder it goes where BACKUP_DIR says.

    Raises:
        DomainError: Something of it did not succeed; an alert says so too.
    """
    try:
        backup = _noted(making.make_file(folder or usual_folder(), is_checked=is_checked))
        _send(backup)
    except Exception as error:
        db.session.rollback()
        _alert("The last backup failed.", str(error))
        raise
    delete_old()
    if backup.is_good:
        close_alert(ALERT)
    return backup


def usual_folder() -> Path:
    """Give the folder that BACKUP_DIR names.

    Raises:
        BackupRefused: It names none.
    """
    named = current_app.config["BACKUP_DIR"]
    if not named:
        raise BackupRefused("BACKUP_DIR is not set: it names the folder for backups.")
    return Path(named).absolute()


def delete_old() -> None:
    """Delete the files that the rule does not keep, and note those that somebody took away."""
    rule = Rule(
        days=setting("backup_days"),
        weeks=setting("backup_weeks"),
        months=setting("backup_months"),
    )
    with transaction() as session:
        there = session.scalars(present_backups()).all()
        good = [backup.made_at for backup in there if backup.is_good]
        stay = retention.kept(good, rule)
        for backup in there:
            path = Path(backup.folder, backup.name)
            is_untried = backup.checked_at is None  # somebody wanted it so, and looks after it
            if backup.made_at not in stay and not is_untried:
                path.unlink(missing_ok=True)
                backup.gone_at = datetime.now(UTC)


def last_good() -> Backup | None:
    """Give the newest backup that was tried and is still there."""
    return db.session.scalars(good_backups().limit(1)).first()


def watch() -> None:
    """Raise an alert where the last good backup is too old or gone, and close it where not."""
    newest = _newest_that_is_there()
    hours = setting("backup_hours")
    oldest = datetime.now(UTC) - timedelta(hours=hours)
    if newest is not None and newest.made_at >= oldest:
        return  # an alert about one that failed since stays open
    since = newest.made_at if newest else _began()
    if since is None or since >= oldest:
        return
    last = f"The last is of {since:%Y-%m-%d %H:%M} UTC." if newest else "There never was one."
    _alert(f"There is no good backup of the last {hours} hours.", last)


def _newest_that_is_there() -> Backup | None:
    """Note files that are gone; one that was sent away may be gone from here."""
    with transaction() as session:
        for backup in session.scalars(good_backups()):
            if backup.sent_at or Path(backup.folder, backup.name).exists():
                return backup
            backup.gone_at = datetime.now(UTC)
    return None


def _began() -> datetime | None:
    """When this installation's schedule first ran: before that no backup could be due."""
    return db.session.scalar(select(func.min(ScheduleEntry.created_at)))


def _noted(made: Made) -> Backup:
    with transaction() as session:
        backup = Backup(
            name=made.path.name,
            folder=str(made.path.parent),
            size=made.path.stat().st_size,
            sha256=archive.sha256(made.path),
            row_count=totals.rows_of(made.manifest.totals),
            has_keys=made.has_keys,
            seconds=made.seconds,
            made_at=made.manifest.moment,
            checked_at=made.checked_at,
        )
        session.add(backup)
    return backup


def _send(backup: Backup) -> None:
    """Let BACKUP_COMMAND take the file away; `{}` in it stands for the path."""
    line: str | None = current_app.config["BACKUP_COMMAND"]
    if not line:
        return
    path = str(Path(backup.folder, backup.name))
    words = shlex.split(line)
    command = [word.replace("{}", path) for word in words]
    if command == words:
        command.append(path)
    _run(command)
    with transaction():
        backup.sent_at = datetime.now(UTC)


def _run(command: list[str]) -> None:
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=SENDING,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SendingFailed(f"BACKUP_COMMAND could not be run: {error}") from error
    if done.returncode:
        said = (done.stderr or done.stdout).strip()[-SAID:]
        raise SendingFailed(f"BACKUP_COMMAND ended with {done.returncode}: {said}")


def _alert(title: str, reason: str) -> None:
    raise_alert(kind="backup.missing", key=ALERT, title=title, text=reason, href=PLACE)
