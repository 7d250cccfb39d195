"""What a single value of the catalogue must look like: for forms, the API and imports alike.

Each rule gives the value as it is kept, or raises a ValueError with the reason.
"""

import re
from collections.abc import Callable
from typing import Any

from app.core.codes import parse_code
from app.core.countries import countries, parse_country
from app.core.currencies import CURRENCIES
from app.core.texts import LONGEST_LINE, parse_line, parse_text

Rule = Callable[[Any], Any]

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


def parse_currency(text: str) -> str:
    """Read a currency by its three letters."""
    code = text.strip().upper()
    if code not in CURRENCIES:
        raise ValueError(
            f"{code or 'Nothing'} is no currency; enter three letters such as EUR."
        )
    return code


def parse_email(text: str) -> str:
    """Read an e-mail address; empty is allowed."""
    address = text.strip()
    if address and not (len(address) <= LONGEST_LINE and _EMAIL.fullmatch(address)):
        raise ValueError(f"{address} is no e-mail address.")
    return parse_line(address)


def needed(rule: Rule) -> Rule:
    """Refuse an empty value, besides what the rule refuses."""

    def check(value: Any) -> Any:
        kept = rule(value or "")
        if not kept:
            raise ValueError("This is needed.")
        return kept

    return check
