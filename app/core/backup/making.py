"""Making the file: everything of one moment, while people go on working."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import current_app
from sqlalchemy import URL, make_url, text

from app.core.backup import archive, programs, scratch, totals
from app.core.backup.archive import Manifest
from app.core.backup.key_encryption import sealed
from app.core.errors import DomainError

LOCK = 7_301_955_022  # any number that nothing else here locks
WORKING = ".opsroom-"  # how a folder begins that is being worked in


class BackupRefused(DomainError):
    """No backup can be made, for the reason given."""


class BackupDiffers(DomainError):
    """What was put back is not what was backed up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A file that was made, and whether it was tried."""

    path: Path
    manifest: Manifest
    has_keys: bool
    checked_at: datetime | None
    seconds: int


def target_url() -> URL:
    """Give the address of our database."""
    return make_url(current_app.config["SQLALCHEMY_DATABASE_URI"])


def make_file(folder: Path, *, is_checked: bool = True) -> Made:
    """Write a backup into a folder, and try it.

    Raises:
        BackupRefused: Another one is being made, or the folder cannot be used.
        BackupDiffers: It was put back and was not equal; the file is deleted.
        ProgramFailed, ScratchRefused: PostgreSQL's programs or the server did not do it.
    """
    began, url = time.monotonic(), target_url()
    with _alone(url), _working_in(folder) as room:
        dump, about = _dump(url, room)
        keys = _sealed_keys()
        settings = json.dumps(current_app.config["BACKUP_SETTINGS"], indent=1).encode()
        parts: dict[str, Path | bytes] = {archive.DUMP: dump, archive.SETTINGS: settings}
        if keys:
            parts[archive.KEYS] = keys
        path = folder / f"opsroom-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.backup"
        manifest = archive.pack(path, parts, **about)
        dump.unlink()
        checked_at = _checked(url, path, room) if is_checked else None
    took = round(time.monotonic() - began)
    return Made(
        path=path,
        manifest=manifest,
        has_keys=bool(keys),
        checked_at=checked_at,
        seconds=took,
    )


def _dump(url: URL, room: Path) -> tuple[Path, dict[str, object]]:
    """Dump a snapshot of the database, and count the same snapshot meanwhile."""
    dump = room / archive.DUMP
    with scratch.connected(url, isolation="REPEATABLE READ") as connection:
        snapshot = connection.scalar(text("SELECT pg_export_snapshot()"))
        arguments = ["--format=custom", "--compress=gzip:1", "--no-owner", "--no-privileges"]
        arguments += [f"--snapshot={snapshot}", f"--file={dump}"]
        with programs.running("pg_dump", arguments, url):
            about = {
                "made_at": datetime.now(UTC).isoformat(),
                "release": current_app.config["VERSION"],
                "revision": connection.scalar(text("SELECT version_num FROM alembic_version")),
                "server": int(connection.scalar(text("SHOW server_version_num")) or 0),
                "totals": totals.count(connection),
            }
    return dump, about


def _checked(url: URL, path: Path, room: Path) -> datetime:
    """Put the file back into a scratch database, and compare."""
    try:
        manifest = archive.unpack(path, room)
        with scratch.scratch(url) as beside:
            found = scratch.fill(beside, room / archive.DUMP)
        refuse_difference(manifest, found)
    except (BackupDiffers, archive.UnreadableBackup):
        path.unlink(missing_ok=True)
        raise
    return datetime.now(UTC)


def refuse_difference(manifest: Manifest, found: totals.Totals) -> None:
    """See that a database holds what was backed up.

    Raises:
        BackupDiffers: Some tables do not.
    """
    if names := totals.differing(manifest.totals, found):
        raise BackupDiffers(f"What was put back is not equal: {', '.join(names)}.")


def _sealed_keys() -> bytes | None:
    passphrase: str | None = current_app.config["BACKUP_PASSPHRASE"]
    if not passphrase:
        return None
    return sealed(current_app.config["BACKUP_SECRETS"], passphrase)


@contextmanager
def _alone(url: URL) -> Iterator[None]:
    """Be the only one that makes a backup of this database."""
    with scratch.connected(url, isolation="AUTOCOMMIT") as connection:
        if not connection.scalar(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": LOCK}):
            raise BackupRefused("Another backup is being made.")
        yield


@contextmanager
def _working_in(folder: Path) -> Iterator[Path]:
    """Give a folder of our own below another, on the same disk."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=WORKING, dir=folder) as room:
            yield Path(room)
    except OSError as error:
        reason = error.strerror or str(error)
        raise BackupRefused(f"The folder {folder} cannot be used: {reason}.") from error
