"""What the company decides about backups."""

from app.core.settings.definitions import Definition, between

MOST = 1000


def _kept(key: str, label: str, default: int) -> Definition:
    return Definition(
        key=f"backup_{key}",
        group="Backup",
        order=130,
        label=label,
        default=default,
        help="The newest of each is kept." if key == "days" else "",
        check=between(0, MOST),
    )


SETTINGS = (
    _kept("days", "Days with a backup", 7),
    _kept("weeks", "Weeks with a backup", 5),
    _kept("months", "Months with a backup", 12),
    Definition(
        key="backup_hours",
        group="Backup",
        order=130,
        label="Alert when the last good backup is older than",
        default=30,
        unit="hours",
        help="Good is one that was put back into a scratch database and was equal.",
        check=between(1, MOST),
    ),
)
