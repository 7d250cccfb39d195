"""Reading barcodes: what is a code, what is a damaged number, and what is the same code.

A GTIN has 8, 12, 13 or 14 digits, the last of which checks the others; the shorter ones are
the longer ones without leading zeros (GS1 General Specifications, 3.1 and 7.9). A code of
another length, or with a letter in it, is a company's own and is taken as it is.

Eight digits may be a GTIN-8, a UPC-E (whose digit checks the UPC-A it stands for) or a
company's own number. Whatever looks like a GTIN must be one, or somebody says that it is a
number of their own: a mistyped GTIN would never be found by a scanner.
"""

import re

from app.core.codes import normal_code, tidy_code
from app.core.texts import refuse_control

LONGEST = 80

_FOLDED = re.compile(r"[0-9]{8}|[0-9]{12,14}")
_SPACED_DIGITS = re.compile(r"[0-9]+(?:[ \-][0-9]+)+")
# What a spreadsheet makes of a long number: 5.65E+12, 5,65E+12, 4006381333931.0
_DESTROYED = re.compile(
    r"[0-9]+[.,][0-9]*E\+?[0-9]+|[0-9]+E\+[0-9]+|[0-9]{7,}[.,]0*", re.IGNORECASE
)


def barcode_key(code: str) -> str:
    """Write a code as it is compared, a GTIN of any length with 14 digits.

    The SQL function `barcode_key` gives the same.
    """
    normal = normal_code(code)
    return normal.zfill(14) if _FOLDED.fullmatch(normal) else normal


def parse_barcode(text: str, *, is_own: bool = False) -> str:
    """Read a barcode as typed or scanned. Leading zeros stay.

    With `is_own` somebody has said that it is a number of their own: it may look like a GTIN
    with a wrong check digit, or like a damaged number.

    Raises:
        ValueError: It is empty, too long, damaged, or its check digit is wrong.
    """
    code = tidy_code(text) if is_own else _joined(tidy_code(text))
    if not code:
        raise ValueError("A barcode is missing.")
    if len(code) > LONGEST:
        raise ValueError(f"A barcode has at most {LONGEST} characters.")
    refuse_control(code)
    if is_own:
        return code
    if _DESTROYED.fullmatch(code):
        raise ValueError(
            f"{code} is a number that a spreadsheet has shortened. Format the column as text "
            "and enter the barcode again."
        )
    if is_wrong_gtin(code):
        raise ValueError(f"The check digit of {code} is wrong.{_advice(code)}")
    return code


def is_gtin(code: str) -> bool:
    """Tell whether a code is a GTIN, written as digits alone."""
    return bool(_FOLDED.fullmatch(code)) and _is_checked(code)


def is_wrong_gtin(code: str) -> bool:
    """Tell whether a code looks like a GTIN and is none."""
    return bool(_FOLDED.fullmatch(code)) and not _is_checked(code)


def _joined(code: str) -> str:
    """Join the groups of digits of a GTIN as it is printed below the bars: 4 006381 333931."""
    if _SPACED_DIGITS.fullmatch(code):
        joined = re.sub(r"[ \-]", "", code)
        return joined if _FOLDED.fullmatch(joined) else code
    return code


def _is_checked(code: str) -> bool:
    return _is_gtin(code) or (len(code) == 8 and _is_gtin(_upc_a(code)))  # noqa: PLR2004


def _is_gtin(code: str) -> bool:
    """Hold digits to the last of them (GS1 General Specifications, 7.9).

    A price list has a hundred thousand of them: `stdnum.ean` takes twenty times as long.
    """
    digits = code.encode()
    threes, ones = digits[-2::-2], digits[-1::-2]
    total = 3 * sum(threes) + sum(ones) - ord("0") * (3 * len(threes) + len(ones))
    return total % 10 == 0 and bool(code.strip("0"))


def _advice(code: str) -> str:
    if len(code) == 8:  # noqa: PLR2004
        return " If it is a number of your own, say so, or put a letter before it."
    return " If it is a number of your own, say so."


def _upc_a(code: str) -> str:
    """Write out a UPC-E; empty if it is none (GS1 General Specifications, 5.2.2.4.2)."""
    system, digits, last, check = code[0], code[1:6], code[6], code[7]
    if system not in "01":
        return ""
    if last in "012":
        body = digits[:2] + last + "0000" + digits[2:]
    elif last == "3":
        body = digits[:3] + "00000" + digits[3:]
    elif last == "4":
        body = digits[:4] + "00000" + digits[4:]
    else:
        body = digits + "0000" + last
    return system + body + check
