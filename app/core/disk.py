"""Whether there is room: on this machine's disks, and on the database's as it last said."""

import shutil
import tempfile
import time
from pathlib import Path

from flask import current_app

LEAST = 100 * 1024**2  # bytes: below that a disk is as good as full
REMEMBERED = 60  # seconds after which a refusal of the database is old news

_refused_at = float("-inf")


def note_full() -> None:
    """Remember that something found no room just now."""
    global _refused_at  # noqa: PLW0603  (one fact of this process)
    _refused_at = time.monotonic()


def is_full() -> bool:
    """Tell whether something found no room lately, or will not."""
    return time.monotonic() - _refused_at < REMEMBERED or free() < LEAST


def free() -> int:
    """Give the bytes that are free on the fullest of the disks that we write to."""
    return min(shutil.disk_usage(folder).free for folder in folders())


def folders() -> set[Path]:
    """Give a folder of each disk that we write to."""
    named = [current_app.config["HOME"], current_app.config["BACKUP_DIR"]]
    there = {Path(folder) for folder in named if folder and Path(folder).is_dir()}
    return there | {Path(tempfile.gettempdir())}
