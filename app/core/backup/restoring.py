"""Putting a backup back: beside what is there, compared, and only then in its place."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from app.core.backup import archive, key_encryption, making, scratch
from app.core.backup.archive import Manifest
from app.core.errors import DomainError


class NewerThanWe(DomainError):
    """A backup was made by a release that knows more tables than this one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What was put back; `old` is what the database before it is called now."""

    manifest: Manifest
    settings: dict[str, str]
    keys: dict[str, str] | None
    old: str | None


def restore(source: Path, *, passphrase: str | None, knows: Callable[[str], bool]) -> Restored:
    """Put a backup in the place of our database, which keeps its data under another name.

    `knows` tells whether this release knows a revision of the tables. Keys are given back if
    there is a passphrase; without one only the rest is.

    Raises:
        UnreadableBackup: The file is no backup, or is damaged.
        WrongPassphrase: The keys stay sealed.
        NewerThanWe: A newer release made it.
        StillInUse: Web, worker or scheduler are running.
        BackupDiffers: What was put back is not equal. Nothing has changed.
        ProgramFailed, ScratchRefused: PostgreSQL did not do it. Nothing has changed.
    """
    url = making.target_url()
    with TemporaryDirectory(prefix=making.WORKING) as folder:
        room = Path(folder)
        manifest = archive.unpack(source, room)
        if not knows(manifest.revision):
            raise NewerThanWe(f"Release {manifest.release} made it; this one knows less.")
        keys = _keys(room / archive.KEYS, passphrase)
        settings: dict[str, str] = json.loads((room / archive.SETTINGS).read_text())
        scratch.refuse_company(url)
        moment = f"{datetime.now(UTC):%Y%m%d%H%M%S}"
        made = scratch.create(url, f"{url.database}_restored_{moment}")
        try:
            making.refuse_difference(manifest, scratch.fill(made, room / archive.DUMP))
            old = scratch.take(made, url)
        except BaseException:
            scratch.drop(made)
            raise
    return Restored(manifest=manifest, settings=settings, keys=keys, old=old)


def _keys(file: Path, passphrase: str | None) -> dict[str, str] | None:
    if not file.exists() or not passphrase:
        return None
    return key_encryption.opened(file.read_bytes(), passphrase)
