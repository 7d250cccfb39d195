"""What a single value of the catalogue must look like: for forms, the API and imports alike.

Each rule gives the value as it is kept, or raises a ValueError with the reason.
"""

import re
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Any
from unicodedata import category

from app.core.currencies import CURRENCIES

Rule = Callable[[Any], Any]

LONGEST_LINE = 300
LONGEST_TEXT = 10_000

# One @, no blanks, a dot in the domain: whether it exists only a letter can tell.
_EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\".]+")


@cache
def countries() -> dict[str, str]:
    """Name the countries of ISO 3166-1 by their two letters; the list comes with `tzdata`."""
    table = files("tzdata").joinpath("zoneinfo/iso3166.tab").read_text("utf-8")
    rows = (line.split("\t") for line in table.splitlines() if not line.startswith("#"))
    return dict(sorted(rows, key=lambda row: row[1]))


def parse_line(text: str) -> str:
    """Read a name, a code, a line of an address."""
    return _readable(" ".join(text.split()), longest=LONGEST_LINE)


def parse_text(text: str) -> str:
    """Read a text of several lines."""
    return _readable(text.strip(), longest=LONGEST_TEXT)


def parse_country(text: str) -> str:
    """Read a country by its two letters or its name; empty is allowed."""
    wanted = text.strip()
    if not wanted or wanted.upper() in countries():
        return wanted.upper()
    for code, name in countries().items():
        if name.casefold() == wanted.casefold():
            return code
    raise ValueError(f"{wanted} is no country; enter two letters such as DE or US.")


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
    return _readable(address, longest=LONGEST_LINE)


def needed(rule: Rule) -> Rule:
    """Refuse an empty value, besides what the rule refuses."""

    def check(value: Any) -> Any:
        kept = rule(value or "")
        if not kept:
            raise ValueError("This is needed.")
        return kept

    return check


def _readable(text: str, *, longest: int) -> str:
    """Refuse what PostgreSQL cannot hold or nobody can read."""
    if len(text) > longest:
        raise ValueError(f"At most {longest:,} characters.")
    if not all(map(_is_readable, text)):
        raise ValueError("This holds a character that cannot be shown.")
    return text


def _is_readable(letter: str) -> bool:
    """Let line ends pass, and marks of direction and joining, which some scripts need."""
    return letter.isprintable() or letter in "\r\n\t" or category(letter) == "Cf"
