"""What a single value of attendance must look like: for forms, the API and imports alike.

Each rule gives the value as it is kept, or raises a ValueError with the reason.
"""

import re
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.core.codes import tidy_code
from app.core.texts import parse_line, refuse_control

LONGEST_REGION = 30
LONGEST_SHIFT_CODE = 8
CLOCK = re.compile(r"(-?)([0-9]{1,5})(?::([0-5][0-9])|\.([0-9]{1,2}))?", re.ASCII)


def parse_zone(text: str) -> str:
    """Read a time zone by its name, such as Europe/Berlin."""
    name = parse_line(text)
    if not name:
        return ""
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("This is not a time zone, such as Europe/Berlin.") from None


def parse_shift_code(text: str) -> str:
    """Read the code of a shift: short and without blanks, since a grid holds several."""
    code = tidy_code(text)
    if not 0 < len(code) <= LONGEST_SHIFT_CODE or " " in code or "," in code:
        raise ValueError(f"1 to {LONGEST_SHIFT_CODE} letters or digits, without blanks.")
    return refuse_control(code)


def parse_minutes(text: str) -> int | None:
    """Read hours and minutes as people write them, -1:30 or 7.5, as minutes; empty is None."""
    written = parse_line(text).replace(",", ".")
    if not written:
        return None
    found = CLOCK.fullmatch(written)
    if found is None:
        raise ValueError("Write hours and minutes, such as 1:30 or -7.5.")
    sign, hours, minutes, part = found.groups()
    total = int(hours) * 60 + int(minutes or 0) + round(float(f"0.{part or 0}") * 60)
    return -total if sign else total


def parse_region(text: str) -> str:
    """Read a region as ISO 3166-2 writes its second part: BY, CA, SCT."""
    region = parse_line(text).upper()
    if len(region) > LONGEST_REGION:
        raise ValueError("A region is a few letters, such as BY of DE.")
    return region
