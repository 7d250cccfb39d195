"""Several barcodes in one cell: `4006381333931; 14006381333938*12`, a carton's with units."""

import json
import re
from decimal import Decimal

from sqlalchemy import ColumnElement, Text, case, cast, func

from app.catalog.barcodes import barcode_key, is_gtin, is_wrong_gtin, parse_barcode
from app.catalog.models import Barcode
from app.core.cells import is_changed_code
from app.core.quantities import QUANTITY_DECIMALS, parse_decimal, plain
from app.imports.parsers import MARKED

GTIN_LENGTHS = {12, 13, 14}
UPC_LENGTH = 12
OWN = " (own)"  # behind a number of our own that looks like a GTIN
LOOK_ALIKE = str.maketrans("oOlI", "0011")

# A backslash takes the meaning from what follows it.
_PART = re.compile(r"(?:\\.|[^;|\\]|\\\Z)+")
_UNITS = re.compile(r"(?P<code>.+)\*(?P<units>[0-9]+(?:\.[0-9]+)?)\Z")


def parse_barcodes(text: str) -> str:
    """Read the barcodes of a cell: a JSON list of codes, units and whether they are our own.

    Raises:
        ValueError: One does not fit, or is there twice.
    """
    return _parsed(text, is_own=False)


def parse_own_barcodes(text: str) -> str:
    """Read the barcodes of a cell, all of which may be numbers of our own.

    Raises:
        ValueError: One is there twice, or worth nothing.
    """
    return _parsed(text, is_own=True)


def _parsed(text: str, *, is_own: bool) -> str:
    if is_gtin(text):  # as most are
        return f'[["{text}", "1", false]]'
    lines: dict[str, tuple[str, str, bool]] = {}
    for part in _PART.findall(text):
        if not part.strip():
            continue
        code, units = _line(re.sub(r"\\(.)", r"\1", part.strip()), is_own=is_own)
        key = barcode_key(code)
        if key in lines:
            raise ValueError(f"{code} is there twice.")
        lines[key] = (code, plain(units), is_wrong_gtin(code))
    return json.dumps([*lines.values()]) if lines else ""


def _line(part: str, *, is_own: bool) -> tuple[str, Decimal]:
    is_own, part = is_own or part.endswith(OWN), part.removesuffix(OWN)
    found = _UNITS.match(part)
    code = found["code"] if found else part
    if MARKED.match(code):
        code = code[1:]
    code = parse_barcode(code, is_own=is_own)
    if not is_own:
        _refuse_letters(code)
        _refuse_changed(code)
    units = parse_decimal(found["units"], decimals=QUANTITY_DECIMALS) if found else Decimal(1)
    if units <= 0:
        raise ValueError("A barcode is worth more than zero units.")
    return code, units


def _refuse_letters(code: str) -> None:
    """Refuse a GTIN in which somebody has typed a letter for a digit."""
    if len(code) in GTIN_LENGTHS and not code.isdecimal():
        digits = code.translate(LOOK_ALIKE)
        if digits.isdecimal() and code[0].isdecimal():
            raise ValueError(f"{code} has a letter where a digit belongs.")


def _refuse_changed(code: str) -> None:
    """Refuse what a spreadsheet makes of a barcode: no zero at its beginning, but commas."""
    whole = f"0{code}"
    if len(whole) == UPC_LENGTH and code.isdecimal() and not is_wrong_gtin(whole):
        raise ValueError(
            f"{code} may be {whole} without its zero: format the column as text. "
            "If it is a number of your own, say so."
        )
    if "," in code and is_changed_code(code):
        raise ValueError(f"{code} has commas: format the column as text, without thousands.")


def written_barcode() -> ColumnElement[str]:
    """Write a barcode as `parse_barcodes` reads it."""
    code = func.regexp_replace(Barcode.code, r"([;|\\])", r"\\\1", "g")
    units = "*" + cast(func.trim_scale(Barcode.units), Text)
    is_plain = (Barcode.units == 1) & ~Barcode.code.contains("*")
    is_own = Barcode.is_own | Barcode.code.op("~")(r"^[0-9]{11}$") | Barcode.code.contains(",")
    return code + case((is_plain, ""), else_=units) + case((is_own, OWN), else_="")
