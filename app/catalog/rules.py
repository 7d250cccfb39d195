"""What a single value of the catalogue must look like: for forms, the API and imports alike.

Each rule gives the value as it is kept, or raises a ValueError with the reason.
"""

import re

from app.core.checks import Rule, needed
from app.core.codes import parse_code
from app.core.countries import countries, parse_country
from app.core.currencies import parse_currency
from app.core.texts import LONGEST_LINE, parse_line, parse_text

__all__ = [
    "Rule",
    "countries",
    "needed",
    "parse_code",
    "parse_country",
    "parse_currency",
    "parse_email",
    "parse_line",
    "parse_text",
]

# One @, no blanks, a dot in the domain: whether it exists only a letter can tell.
_EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\".]+")


def parse_email(text: str) -> str:
    """Read an e-mail address; empty is allowed."""
    address = text.strip().removeprefix("mailto:")  # as a spreadsheet's links begin
    if address and not (len(address) <= LONGEST_LINE and _EMAIL.fullmatch(address)):
        raise ValueError(f"{address} is no e-mail address.")
    return parse_line(address)


def codes_in(text: str | None) -> list[str]:
    """Give the codes that stand between commas, each once."""
    return [*dict.fromkeys(code for part in (text or "").split(",") if (code := part.strip()))]
