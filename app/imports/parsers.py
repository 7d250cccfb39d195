"""What a cell's text may be. Each parser says no with a reason for a person.

A parser gets the text without outer blanks and never an empty one.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from app.core.cells import (
    TAIL,
    THOUSANDS,
    Clock,
    Exact,
    Figure,
    Moment,
    Truth,
    is_changed_code,
)
from app.core.quantities import MONEY_DECIMALS, QUANTITY_DECIMALS, parse_decimal, plain

Parser = Callable[[str], Any]

MOST_DAYS = 3650
MOST_PERCENT = 100

_YES = """
1 yes y true t x on active enabled published visible available ja j aktiv wahr an
aktiviert oui o vrai actif si sí s verdadero activo vero attivo sim verdadeiro ativo waar
actief tak prawda ano áno aktivní kyllä igen sand sann sant да истина
"""
_NO = """
0 no n false f off inactive disabled draft drafts archived unpublished hidden unavailable
-1 discontinued deleted suspended blocked closed nein inaktiv falsch aus deaktiviert
entwurf archiviert non faux inactif brouillon falso inactivo borrador inattivo bozza não
inativo rascunho nee onwaar inactief nie fałsz ne neaktivní ei nem falsk usand usann нет
ложь
"""
YES, NO = {*_YES.split()}, {*_NO.split()}
MARKED = re.compile(r"'[0-9]")  # a spreadsheet's sign for "this is a text"
NO_CODES = {"none", "(none)", "n/a", "n.a.", "(blank)", "-", "--", "---", "?", "tbd", "tba"}
_TAIL, _THOUSANDS = re.compile(TAIL), re.compile(THOUSANDS)


def code(rule: Parser) -> Parser:
    """Refuse a code that a spreadsheet has changed, besides what the rule refuses.

    An apostrophe before a digit is what spreadsheets write before a number that is a text.
    """

    def parse(text: str) -> Any:
        if isinstance(text, Exact):
            return rule(text)
        if MARKED.match(text):
            return rule(text[1:])
        if is_changed_code(text):
            raise ValueError(_changed(text))
        if text.casefold() in NO_CODES:
            raise ValueError(f"“{text}” is what people write where there is no code.")
        if isinstance(text, Figure):
            _refuse_figure(text)
        return rule(text)

    return parse


def _refuse_figure(figure: Figure) -> None:
    """Refuse a number of which a sheet shows more than it holds: zeros at its end, letters."""
    if figure.sign:
        reason = f"The cell shows “{figure.sign}” beside {figure}, and does not hold it."
    elif "." in figure:
        reason = "This is a number with decimals: zeros at its end may be lost."
    else:
        return
    raise ValueError(f"{reason} Format the column as text and enter it again.")


def own_code(rule: Parser) -> Parser:
    """Take a code as it stands, because somebody has said that it is meant so."""

    def parse(text: str) -> Any:
        is_marked = not isinstance(text, Exact) and MARKED.match(text)
        return rule(text[1:] if is_marked else text)

    return parse


def no_number(rule: Parser) -> dict[str, Any]:
    """How to read what is mostly digits and no number, such as a telephone: like a code."""
    return {"parse": code(rule), "parse_own": own_code(rule)}


def _changed(text: str) -> str:
    what = "a number that a spreadsheet has shortened"
    if _TAIL.fullmatch(text):
        what = (
            f"a number with a tail, which a program may have made of {text.partition('.')[0]}"
        )
    elif _THOUSANDS.fullmatch(text):
        what = "a number whose thousands a spreadsheet may have set apart"
    elif isinstance(text, Truth) or text.isalpha():
        what = "a truth value that a spreadsheet may have made of a code"
    elif isinstance(text, Clock):
        what = "a time that a spreadsheet may have made of a code"
    elif isinstance(text, Moment) or "E" not in text.upper() or text.count("-") > 1:
        what = "a date that a spreadsheet may have made of a code"
    return f"This is {what}. Format the column as text and enter it again."


def amount(text: str) -> Decimal:
    """Money, not negative."""
    return _not_negative(parse_decimal(text, decimals=MONEY_DECIMALS))


def percent(text: str) -> Decimal:
    """A rate in percent. Below one it needs the sign: a cell of 19% holds 0.19."""
    rate = amount(text.removesuffix("%"))
    if 0 < rate < 1 and not text.endswith("%"):
        raise ValueError(f"This may be {text}% or {plain(rate * 100)}%: write the % sign.")
    if rate > MOST_PERCENT:
        raise ValueError("A tax rate is from 0 to 100 percent.")
    return rate


def quantity(text: str) -> Decimal:
    """A quantity, not negative."""
    return _not_negative(parse_decimal(text, decimals=QUANTITY_DECIMALS))


def days(text: str) -> int:
    """A number of whole days."""
    number = _not_negative(parse_decimal(text, decimals=0))
    if number > MOST_DAYS:
        raise ValueError(f"At most {MOST_DAYS} days.")
    return int(number)


def yes_or_no(text: str) -> bool:
    """Yes or no, in the ways people and shops write it in their languages."""
    word = text.casefold().rstrip(".")
    if word not in YES | NO:
        raise ValueError("Write yes or no.")
    return word in YES


def _not_negative(number: Decimal) -> Decimal:
    if number < 0:
        raise ValueError("This must not be negative.")
    return abs(number)  # of -0
