"""What countries are called: by their letters, and by name in the languages of many files."""

import re
from functools import cache
from importlib.resources import files
from unicodedata import combining, normalize

from babel import Locale
from babel.core import get_global

from app.core.texts import parse_line

# Whose names are understood, as CLDR writes them. English goes first: it is what we show.
LANGUAGES = (
    *("en", "de", "fr", "es", "it", "nl", "pt", "pl", "sv", "da", "nb", "fi", "cs", "sk", "hu"),
    *("ro", "sl", "hr", "et", "lv", "lt", "el", "tr", "bg", "ru", "uk", "zh", "ja", "ko", "ar"),
)
# What people and shops write besides, without points and in small letters.
ALSO = {
    "GB": "uk, great britain, england, scotland, wales, northern ireland, grossbritannien, "
    "united kingdom of great britain and northern ireland, gb-eng, britain, n ireland",
    "US": "usa, united states of america, america, us of a, us, vereinigte staaten von amerika",
    "DE": "brd, bundesrepublik deutschland, federal republic of germany",
    "NL": "holland, the netherlands",
    "CZ": "czech republic, tschechische republik, czech rep",
    "KR": "south korea, republic of korea, korea (republic of)",
    "KP": "north korea",
    "RU": "russian federation",
    "CN": "peoples republic of china, people's republic of china, prc",
    "TW": "taiwan, province of china taiwan",
    "MO": "macau, macao",
    "AT": "oesterreich",
    "GR": "el",
    "CH": "swiss confederation, suisse, svizzera",
    "IE": "republic of ireland, eire",
    "TR": "turkey",
    "MK": "macedonia",
    "MD": "republic of moldova",
    "VN": "viet nam",
    "SY": "syrian arab republic",
    "VA": "vatican, holy see",
    "AE": "uae, emirates",
    "CI": "ivory coast",
    "CD": "democratic republic of the congo, the democratic republic of the congo",
    "SK": "slovak republic",
    "BA": "bosnia, bosnia and herzegovina",
    "IR": "islamic republic of iran",
    "BO": "plurinational state of bolivia",
    "TZ": "united republic of tanzania",
    "VE": "bolivarian republic of venezuela",
    "FM": "federated states of micronesia",
    "FO": "faroe islands",
    "MM": "burma",
    "SZ": "swaziland",
    "SA": "ksa, kingdom of saudi arabia",
    "HK": "hong kong sar",
    "KN": "st kitts, saint kitts",
    "TT": "trinidad, tobago",
    "AG": "antigua",
    "LA": "lao people's democratic republic",
}
_BOTH = re.compile(r"([A-Za-z]{2,3}) ?[-:] ?(.{4,})|(.{4,}?) ?\(([A-Za-z]{2,3})\)")
# More than one country is called so.
SEVERAL = {"congo", "korea"}


@cache
def countries() -> dict[str, str]:
    """Name the countries of ISO 3166-1 by their two letters; the list comes with `tzdata`."""
    table = files("tzdata").joinpath("zoneinfo/iso3166.tab").read_text("utf-8")
    rows = (line.split("\t") for line in table.splitlines() if not line.startswith("#"))
    return dict(sorted(rows, key=lambda row: row[1]))


def parse_country(text: str) -> str:
    """Read a country by its two or three letters, or its name; empty is allowed.

    Raises:
        ValueError: It is none, or several are called so.
    """
    wanted = parse_line(text)
    if not wanted or wanted.upper() in countries():
        return wanted.upper()
    if both := _twice(wanted):
        return both
    name = _folded(wanted.removesuffix("(the)"))
    swapped = " ".join(reversed(name.split(", ")))  # Korea, Republic of
    if code := _names().get(name) or _names().get(swapped):
        return code
    raise ValueError(f"{wanted} is no country; enter two letters such as DE or US.")


def _twice(text: str) -> str:
    """Read a country that is written in two ways which agree: Spain (ES), DE - Germany."""
    found = _BOTH.fullmatch(text)
    if not found:
        return ""
    letters, name = found[1] or found[4], found[2] or found[3]
    code = _names().get(_folded(letters), letters.upper())
    return code if _names().get(_folded(name)) == code else ""


@cache
def _names() -> dict[str, str]:
    """Every name that means one country only, without case, accents and points."""
    known = {_folded(name): code for code, name in countries().items()}
    known |= {_folded(name): code for code, more in ALSO.items() for name in more.split(", ")}
    known |= _three_letters()
    meant: dict[str, set[str]] = {}
    for language in LANGUAGES:
        for code, name in Locale(language).territories.items():
            if code in countries():
                meant.setdefault(_folded(name), set()).add(code)
    one = {name: code for name, (code, *others) in meant.items() if not others} | known
    return {name: code for name, code in one.items() if name not in SEVERAL}


def _three_letters() -> dict[str, str]:
    """What CLDR knows besides the two letters, UK and USA among it."""
    found = get_global("territory_aliases").items()
    return {
        alias.casefold(): codes[0]
        for alias, codes in found
        if len(codes) == 1 and alias.isalpha() and codes[0] in countries()
    }


def _folded(name: str) -> str:
    letters = normalize("NFKD", _written(name.casefold()))
    return " ".join("".join(one for one in letters if not combining(one)).split())


def _written(name: str) -> str:
    return name.replace(".", "").replace("&", "and").replace("\u2019", "'")
