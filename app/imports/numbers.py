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


def with_sign(text: str) -> str:
    """Put the minus before a number that bookkeepers write as (1.50) or 1.50-.

    What is written in another way, and what a cell holds as a number, stays as it is.
    """
    if text.__class__ is not str or not text or text[-1] not in ")-\u2212\u2013":
        return text
    if text[0] == "(" and text[-1] == ")" and any(map(str.isdecimal, text)):
        inner = text[1:-1].strip()
        return text if inner[0] in "+-\u2212\u2013" else f"-{inner}"
    number = text[:-1].rstrip()
    is_bare = bool(number) and number[0] not in "+-(\u2212\u2013"
    return f"-{number}" if text[-1] != ")" and is_bare else text


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


def column_sign(name: str) -> str:
    """Find the sign or letters of a currency in the name of a column: Price (€), Net EUR."""
    words = re.findall(r"[^\s()\[\]/:,;.]+", name)
    at_end = words[-1:] if len(words) > 1 else []
    in_brackets = re.findall(r"[(\[]\s*([^\s()\[\]]+)\s*[)\]]", name)
    found = [one for one in [*in_brackets, *at_end] if _is_sign(one)]
    return found[0] if found else ""


def _is_sign(word: str) -> bool:
    """Tell a sign from a word that may mean something else, as R does."""
    is_letters = word.isascii() and word.isalpha()
    return word.casefold() in _FOLDED and (not is_letters or word in CURRENCIES)


def currencies_of(sign: str) -> set[str]:
    """Give the currencies that are written with a sign."""
    return _FOLDED[sign.casefold()]


def guess_decimal(texts: Iterable[str], delimiter: str) -> str:
    """Find the decimal separator that some number proves and none contradicts.

    Without a proof, a file with commas or tabs between its cells has decimal points; with
    semicolons it stays open ("").
    """
    proofs, _doubtful = decimal_proofs(texts)
    if len(proofs) == 1:
        return next(iter(proofs))
    return "." if not proofs and delimiter in {",", "\t"} else ""


def decimal_proofs(texts: Iterable[str]) -> tuple[dict[str, str], str]:
    """Give for each decimal separator a number that proves it, and one that may be two.

    The longest show most; the same file always shows the same.
    """
    proofs: dict[str, str] = {}
    doubtful = ""
    for text in sorted(texts, key=lambda text: (-len(text), text)):
        if proof := _proof(text):
            proofs.setdefault(proof, text.strip())
        elif not doubtful and _is_doubtful(text):
            doubtful = text.strip()
    return proofs, doubtful


def _is_doubtful(text: str) -> bool:
    try:
        return _EITHER.fullmatch(split_currency(with_sign(text.strip()))[1]) is not None
    except ValueError:
        return False


def _proof(text: str) -> str:
    if isinstance(text, Figure):
        return ""
    try:
        _sign, text = split_currency(with_sign(text.strip().removesuffix("%")))
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
