"""The file: a tar with the dump, the settings, the sealed keys and a manifest of them.

`tar -xf` and `pg_restore` read it where nothing of ours is at hand.
"""

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from app.core.backup.totals import Totals
from app.core.errors import DomainError

FORMAT = 1
DUMP, SETTINGS, KEYS, MANIFEST = (
    "database.dump",
    "settings.json",
    "keys.sealed",
    "manifest.json",
)
PARTS = {DUMP, SETTINGS, KEYS}
CHUNK = 1024**2


class UnreadableBackup(DomainError):
    """A file is no backup, not all of it is there, or this release cannot read it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a backup says about itself; `parts` are the SHA-256 of what is in it."""

    made_at: str
    release: str
    revision: str  # of the tables
    server: int  # PostgreSQL's version number
    totals: Totals
    parts: dict[str, str]
    format: int = FORMAT

    @property
    def moment(self) -> datetime:
        """When it was made."""
        return datetime.fromisoformat(self.made_at).astimezone(UTC)


def pack(target: Path, parts: Mapping[str, Path | bytes], **about: Any) -> Manifest:
    """Write a backup: all of it is on the disk under its name, or nothing is."""
    unfinished = target.with_suffix(".unfinished")
    sums = {name: _sum_of(content) for name, content in parts.items()}
    manifest = Manifest(parts=sums, **about)
    try:
        with _new(unfinished) as file:
            with tarfile.open(fileobj=file, mode="w") as tar:
                _add(tar, MANIFEST, json.dumps(asdict(manifest), indent=1).encode())
                for name, content in parts.items():
                    _add(tar, name, content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(target)
        _sync_folder(target.parent)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    return manifest


def unpack(source: Path, folder: Path) -> Manifest:
    """Take a backup apart into a folder, each part checked against the manifest.

    Raises:
        UnreadableBackup: It is none, or is damaged.
    """
    try:
        with tarfile.open(source, mode="r:") as tar:
            manifest = _read_manifest(tar)
            for name, sum_of in manifest.parts.items():
                _extract(tar, name, folder / name, sum_of)
    except (tarfile.TarError, KeyError, ValueError, TypeError, EOFError) as error:
        raise UnreadableBackup(f"{source.name} is no backup, or is damaged.") from error
    return manifest


def sha256(path: Path) -> str:
    """Give the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read_manifest(tar: tarfile.TarFile) -> Manifest:
    file = tar.extractfile(MANIFEST)
    found: dict[str, Any] = json.load(file) if file else {}
    if found.get("format") != FORMAT:
        raise UnreadableBackup(f"Its format is {found.get('format')}; we read {FORMAT}.")
    if strangers := found["parts"].keys() - PARTS:
        raise UnreadableBackup(f"It holds {min(strangers)}, which no backup does.")
    totals = {
        name: (rows, fingerprint) for name, (rows, fingerprint) in found["totals"].items()
    }
    return Manifest(**{**found, "totals": totals})


def _extract(tar: tarfile.TarFile, name: str, target: Path, sum_of: str) -> None:
    source = tar.extractfile(name)
    if source is None:
        raise UnreadableBackup(f"{name} is missing.")
    digest = hashlib.sha256()
    with _new(target) as file:
        while chunk := source.read(CHUNK):
            digest.update(chunk)
            file.write(chunk)
    if digest.hexdigest() != sum_of:
        raise UnreadableBackup(f"{name} is damaged: it is not what was packed.")


def _add(tar: tarfile.TarFile, name: str, content: Path | bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.mode = 0o600
    entry.size = content.stat().st_size if isinstance(content, Path) else len(content)
    entry.mtime = int(datetime.now(UTC).timestamp())
    stream: IO[bytes] = content.open("rb") if isinstance(content, Path) else io.BytesIO(content)
    with stream:
        tar.addfile(entry, stream)


def _sum_of(content: Path | bytes) -> str:
    return sha256(content) if isinstance(content, Path) else hashlib.sha256(content).hexdigest()


def _new(path: Path) -> IO[bytes]:
    """Make a file that is there for nobody but us."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _sync_folder(folder: Path) -> None:
    """Make the new name itself durable; some file systems of other machines cannot."""
    with suppress(OSError):
        place = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(place)
        finally:
            os.close(place)
