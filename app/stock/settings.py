"""What the company decides about stock."""

import re

from app.core.settings.definitions import Definition, Value

MOST_DAYS = 3650


def _location(value: Value) -> str | None:
    is_code = re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,49}", str(value))
    return None if is_code else "This is not a location code, such as MAIN-01."


def _days(value: Value) -> str | None:
    is_fine = isinstance(value, int) and 0 <= value <= MOST_DAYS
    return None if is_fine else f"Enter a number of days from 0 to {MOST_DAYS}."


SETTINGS = (
    Definition(
        key="default_location",
        group="Stock",
        order=20,
        label="Default location",
        default="MAIN-01",
        help="Where goods go when nobody says where.",
        check=_location,
    ),
    Definition(
        key="lot_days_left",
        group="Stock",
        order=21,
        label="Days that goods must last",
        default=0,
        help="Of what expires sooner nothing is reserved. 0: up to its last day.",
        check=_days,
    ),
    Definition(
        key="lot_alert_days",
        group="Stock",
        order=22,
        label="Days before a lot expires",
        default=30,
        help="So long before a lot on hand expires an alert says so. 0: on its last day.",
        check=_days,
    ),
)
