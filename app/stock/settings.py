"""What the company decides about stock."""

import re

from app.core.settings.definitions import Definition, Value


def _location(value: Value) -> str | None:
    is_code = re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,49}", str(value))
    return None if is_code else "This is not a location code, such as MAIN-01."


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
)
