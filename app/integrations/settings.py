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
)
