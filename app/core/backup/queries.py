"""Questions about backups."""

from sqlalchemy import Select, select

from app.core.backup.models import Backup


def backups() -> Select[Backup]:
    """All that were made, also those that the rule has deleted since."""
    return select(Backup)


def present_backups() -> Select[Backup]:
    """Those that are still there, the newest first."""
    return select(Backup).where(Backup.gone_at.is_(None)).order_by(Backup.made_at.desc())


def good_backups() -> Select[Backup]:
    """Those that are there and were put back to try them, the newest first."""
    return present_backups().where(Backup.checked_at.is_not(None))
