"""Numbers as people write them: with a decimal point, or with a decimal comma."""

import re
from collections.abc import Iterable

from app.core.cells import Figure

# Thousands are parted by the other sign, a blank or an apostrophe, always by three digits.
_POINT = re.compile(
    r"[+-]?(?:[1-9][0-9]{0,2}(?:[, '\u00a0\u202f\u2019][0-9]{3})+|[0-9]*)(?:\.[0-9]*)?"
)
_COMMA = re.compile(
    r"[+-]?(?:[1-9][0-9]{0,2}(?:[. '\u00a0\u202f\u2019][0-9]{3})+|[0-9]*)(?:,[0-9]*)?"
)
_EITHER = re.compile(r"[+-]?[1-9][0-9]{0,2}[.,][0-9]{3}")
_MARKS = re.compile(r"[ '\u00a0\u202f\u2019]")


def plain_number(text: str, decimal: str) -> str:
    """Write a number with a point and without thousands separators.

    Args:
        text: As it stands in the file; a `Figure` is a number already.
        decimal: "." or ","; empty if nobody knows, and then `1,234` is refused.

    Raises:
        ValueError: It is no number, or it could be two.
    """
    if isinstance(text, Figure):
        return text
    readings = _readings(text)
    if decimal:
        if decimal in readings:
            return readings[decimal]
        other = "a point" if decimal == "." else "a comma"
        raise ValueError(f"This is not a number with {other} before the decimals.")
    if _EITHER.fullmatch(text):
        raise ValueError("This may be thousands or decimals: choose the decimal separator.")
    if not readings:
        raise ValueError("This is not a number.")
    return next(iter(readings.values()))


def guess_decimal(texts: Iterable[str], delimiter: str) -> str:
    """Find the decimal separator that some number proves and none contradicts.

    Without a proof, a file with commas or tabs between its cells has decimal points; with
    semicolons it stays open ("").
    """
    proofs = {proof for text in texts if (proof := _proof(text))}
    if len(proofs) == 1:
        return proofs.pop()
    return "." if not proofs and delimiter in {",", "\t"} else ""


def _proof(text: str) -> str:
    if isinstance(text, Figure) or _EITHER.fullmatch(text):
        return ""
    readings = _readings(text)
    return next(iter(readings)) if len(readings) == 1 else ""


def _readings(text: str) -> dict[str, str]:
    """Every way in which a text is a number, by its decimal separator."""
    readings = {}
    if any(map(str.isdecimal, text)):
        bare = _MARKS.sub("", text)
        if _POINT.fullmatch(text):
            readings["."] = bare.replace(",", "")
        if _COMMA.fullmatch(text):
            readings[","] = bare.replace(".", "").replace(",", ".")
    return readings
