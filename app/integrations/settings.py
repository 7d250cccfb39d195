"""What the company decides about connections."""

from app.core.settings.definitions import Definition, between

SETTINGS = (
    Definition(
        key="sync_vanish_percent",
        group="Connections",
        order=60,
        label="Ask if more has vanished than",
        default=20,
        unit="%",
        help="Of the records of one kind, in a full sync. Up to that they are held for gone.",
        check=between(0, 100),
    ),
    Definition(
        key="sync_wait_hours",
        group="Connections",
        order=60,
        label="Alert when a sync waits for more than",
        default=2,
        unit="hours",
        help="Of a sync that has read nothing for so long.",
        check=between(1, 1000),
    ),
)
