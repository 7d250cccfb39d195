"""Numbers as people write them: with a decimal point or a decimal comma, with a currency."""

import re
from collections.abc import Iterable
from decimal import Decimal

from app.core.cells import SAFE_DIGITS, Figure
from app.core.currencies import CURRENCIES

# Thousands are parted by the other sign, a blank or an apostrophe, always by three digits.
_MARK = " '\u00a0\u202f\u2009\u2019"
_POINT = re.compile(rf"[+-]?(?:[1-9][0-9]{{0,2}}(?:[,{_MARK}][0-9]{{3}})+|[0-9]*)(?:\.[0-9]*)?")
_COMMA = re.compile(rf"[+-]?(?:[1-9][0-9]{{0,2}}(?:[.{_MARK}][0-9]{{3}})+|[0-9]*)(?:,[0-9]*)?")
_EITHER = re.compile(r"[+-]?[1-9][0-9]{0,2}[.,][0-9]{3}")
_MARKS = re.compile(f"[{_MARK}]")
_MINUS = str.maketrans("\u2212\u2013", "--")

PRINTED_DIGITS = (16, 17)  # with so many, programs print a double that has a tail

# Signs, and the currencies that are written with them.
SIGNS = {
    "$": {"USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN", "TWD", "ARS", "CLP", "COP"},
    "US$": {"USD"}, "C$": {"CAD"}, "CA$": {"CAD"}, "A$": {"AUD"}, "AU$": {"AUD"},
    "NZ$": {"NZD"}, "S$": {"SGD"}, "HK$": {"HKD"}, "R$": {"BRL"}, "MX$": {"MXN"},
    "€": {"EUR"}, "£": {"GBP", "EGP", "LBP", "GIP", "FKP", "SHP"}, "¥": {"JPY", "CNY"},
    "￥": {"JPY", "CNY"}, "円": {"JPY"}, "元": {"CNY"}, "₹": {"INR"}, "₩": {"KRW"},
    "₽": {"RUB"}, "₺": {"TRY"}, "₴": {"UAH"}, "₫": {"VND"}, "₪": {"ILS"}, "฿": {"THB"},
    "₱": {"PHP"}, "₦": {"NGN"}, "zł": {"PLN"}, "Kč": {"CZK"}, "Ft": {"HUF"}, "lei": {"RON"},
    "kr": {"SEK", "NOK", "DKK", "ISK"}, "kr.": {"DKK", "SEK", "NOK"}, "Fr.": {"CHF"},
    "SFr.": {"CHF"}, "R": {"ZAR"}, "RM": {"MYR"}, "Rp": {"IDR"}, "лв": {"BGN"},
}  # fmt: skip
_FOLDED = {sign.casefold(): codes for sign, codes in SIGNS.items()}
_FOLDED |= {code.casefold(): {code} for code in CURRENCIES}
_SIGNED = re.compile(r"([+-]?)([^0-9+\-.,'\s]+\.?)?\s*([+-]?[0-9.,].*?)\s*([^0-9.,\s]+\.?)?")


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
    text = text.translate(_MINUS)
    readings = _readings(text)
    if decimal:
        if decimal in readings:
            return exact_number(readings[decimal])
        other = "a point" if decimal == "." else "a comma"
        raise ValueError(f"This is not a number with {other} before the decimals.")
    if _EITHER.fullmatch(text):
        raise ValueError("This may be thousands or decimals: choose the decimal separator.")
    if not readings:
        raise ValueError("This is not a number.")
    return exact_number(next(iter(readings.values())))


def exact_number(number: str) -> str:
    """Take the tail off a number that a program has computed: 926.6400000000001 is 926.64.

    A double has fifteen digits that count (IEEE 754). What has more, and is written just as a
    program writes such a double, is that double; any other number stays as it is.
    """
    digits = number.lstrip("+-").replace(".", "").lstrip("0")
    if "." not in number or len(digits) <= SAFE_DIGITS:
        return number
    written = {Decimal(f"{float(number):.{count}g}") for count in PRINTED_DIGITS}
    if Decimal(number) not in written:
        return number
    return f"{Decimal(f'{float(number):.{SAFE_DIGITS}g}'):f}"


def split_currency(text: str) -> tuple[str, str]:
    """Part an amount from the sign or the letters of a currency: "$", "1.50".

    Raises:
        ValueError: Something else stands beside the number.
    """
    if isinstance(text, Figure):
        return text.sign if text.sign.casefold() in _FOLDED else "", text
    if text[:1].isdecimal() and text[-1:].isdecimal():
        return "", text
    found = _SIGNED.fullmatch(text.translate(_MINUS))
    if not found or not (found[2] or found[4]):
        return "", text
    minus, before, number, after = found.groups()
    sign = before or after
    if (before and after) or sign.casefold() not in _FOLDED:
        raise ValueError(f"“{sign}” is no currency that we know.")
    return sign, minus + number


def currencies_of(sign: str) -> set[str]:
    """Give the currencies that are written with a sign."""
    return _FOLDED[sign.casefold()]


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
    if isinstance(text, Figure):
        return ""
    try:
        _sign, text = split_currency(text.strip().removesuffix("%"))
    except ValueError:
        return ""
    if _EITHER.fullmatch(text):
        return ""
    readings = _readings(text.translate(_MINUS))
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
