"""How a spreadsheet shows a number: as a percentage, with leading zeros, with few decimals.

Format codes are those of ECMA-376, part 1, 18.8.30 and 18.8.31.
"""

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

BUILT_IN = {
    "1": "0", "2": "0.00", "3": "#,##0", "4": "#,##0.00", "9": "0%", "10": "0.00%",
    "37": "#,##0", "38": "#,##0", "39": "#,##0.00", "40": "#,##0.00", "44": "#,##0.00",
}  # fmt: skip
LEAST_ZEROS = 2  # so many leading zeros are meant; one says that 0 is shown as 0

# A quoted text, an escaped letter, a blank as wide as a letter, a letter that fills up.
_TOKEN = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[[^\]]*\]|(.)', re.DOTALL)


class CellFormat(NamedTuple):
    """One of three: a percentage, a pattern of digits and letters, or a number of decimals."""

    is_percent: bool = False
    pattern: str = ""  # digits are "\\0", everything else stands for itself
    decimals: int | None = None
    sign: str = ""  # of a currency, or whatever else stands beside the number

    def written(self, number: Decimal) -> str | None:
        """Write a whole number as a pattern shows it; None if there is none for it."""
        if not self.pattern or number < 0 or number != number.to_integral_value():
            return None
        places = self.pattern.count("\0")
        digits = f"{number:.0f}".zfill(places)
        first, rest = (
            digits[: len(digits) - places + 1],
            iter(digits[len(digits) - places + 1 :]),
        )
        written = ""
        for letter in self.pattern:
            if letter != "\0":
                written += letter
            elif first:
                written, first = written + first, ""
            else:
                written += next(rest)
        return written

    def rounded(self, number: Decimal) -> Decimal:
        """Give a number with the decimals that are shown."""
        assert self.decimals is not None  # noqa: S101  (its callers have looked)
        return number.quantize(Decimal(1).scaleb(-self.decimals), ROUND_HALF_UP)


def built_in(number: str) -> str:
    """Give the code of a format that every spreadsheet knows by its number."""
    return BUILT_IN.get(number, "")


def cell_format(code: str) -> CellFormat | None:
    """Read a format code; None if what is shown is what is held, or a date."""
    section = code.split(";", maxsplit=1)[0]
    parts = _parts(section)
    bare = "".join(letter for letter, is_literal in parts if not is_literal)
    if "%" in bare:
        return CellFormat(is_percent=True)
    if re.search(r"[a-zA-Z@/]", bare):  # dates, times, exponents, fractions, General, text
        return None
    if bare.count("0") >= LEAST_ZEROS and re.fullmatch(r"[0 ()+-]+", bare):
        pattern = "".join(
            letter if is_literal or letter != "0" else "\0" for letter, is_literal in parts
        )
        return CellFormat(pattern=pattern)
    number = re.search(r"[#0?][#0?,]*(?:\.([#0?]*))?", bare)
    return CellFormat(decimals=len(number[1] or ""), sign=_sign(section)) if number else None


def _sign(section: str) -> str:
    """Read the sign of a currency: [$€-407], "USD", or $ as it stands."""
    bracket = re.search(r"\[\$([^\]-]*)", section)
    quoted = re.search(r'"\s*([^"\s]+)\s*"', section)
    plain = re.search(r"[$€£¥]", section)
    found = (bracket and bracket[1]) or (quoted and quoted[1]) or (plain and plain[0])
    return (found or "").strip()


def _parts(section: str) -> list[tuple[str, bool]]:
    """The letters of a section, and whether each stands for itself."""
    parts: list[tuple[str, bool]] = []
    for found in _TOKEN.finditer(section):
        quoted, escaped, plain = found.groups()
        if quoted is not None:
            parts += [(letter, True) for letter in quoted]
        elif escaped is not None:
            parts.append((escaped, True))
        elif plain is not None:
            parts.append((plain, False))
    return parts
