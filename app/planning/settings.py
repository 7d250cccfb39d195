"""What the company decides about planning."""

from app.core.settings.definitions import Definition, between

SETTINGS = (
    Definition(
        key="planning_reminder_days",
        group="Planning",
        order=47,
        label="Remind of forecasts before they are due",
        default=3,
        unit="days",
        help="By e-mail, and every other day from then on, until they are submitted.",
        check=between(0, 30),
    ),
)
