"""Telling people before a disk is full that we write to."""

import shutil
from pathlib import Path

from app.core.alerts import close_alert, keep_alert
from app.core.disk import folders
from app.core.settings import setting

KEY = "disk"
GIGABYTE = 1000**3


def watch() -> None:
    """Raise an alert where a disk has less free than the setting says, or close it."""
    fullest, share, free = min((_free(folder) for folder in folders()), key=lambda one: one[1])
    least = setting("disk_free_percent")
    if share >= least:
        close_alert(KEY)
        return
    keep_alert(
        kind="disk.low",
        key=KEY,
        title=f"Only {int(share)} % of a disk is free",
        text=f"The disk of {fullest} has {free / GIGABYTE:,.1f} GB left. When it is full, "
        "nothing can be saved any more.",
        href="/backups",
    )


def _free(folder: Path) -> tuple[Path, float, int]:
    """Give how much of a folder's disk is free: in percent, and in bytes."""
    usage = shutil.disk_usage(folder)
    return folder, usage.free * 100 / usage.total, usage.free
