"""Backups by the clock."""

from typing import Any

from app.core.backup import services
from app.core.jobs import job

PATIENCE = 8 * 3600


@job(queue="scheduled", label="Back up everything", timeout=PATIENCE)
def back_up() -> dict[str, Any]:
    """Make a backup, try it, send it away, and delete old ones."""
    backup = services.back_up()
    return {
        "file": backup.name,
        "size": f"{backup.size / 1e6:,.1f} MB",
        "rows": f"{backup.row_count:,}",
        "seconds": backup.seconds,
        "sent_away": "yes" if backup.sent_at else "no",
    }
