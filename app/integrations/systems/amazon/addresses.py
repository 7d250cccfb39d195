"""Sellers by their numbers, marketplaces by their countries, and where each is asked.

Source: the vendor's pages "SP-API endpoints" and "Marketplace IDs".
"""

import re

from flask import current_app

from app.core.errors import Invalid

SELLER = re.compile(r"A[0-9A-Z]{9,19}")
STANDIN = "A1STANDIN"  # sellers of a stand-in begin so: no other is ever asked there
SIGN_IN = "https://api.amazon.com"
NA, EU, FE = "na", "eu", "fe"
VENDOR = {
    NA: "https://sellingpartnerapi-na.amazon.com",
    EU: "https://sellingpartnerapi-eu.amazon.com",
    FE: "https://sellingpartnerapi-fe.amazon.com",
}
REGIONS = {NA: "North America", EU: "Europe, Middle East, India", FE: "Far East, Australia"}
# Country -> region and id. Great Britain is GB here and UK on many pages.
MARKETPLACES = {
    "CA": (NA, "A2EUQ1WTGCTBG2"), "US": (NA, "ATVPDKIKX0DER"), "MX": (NA, "A1AM78C64UM0Y8"),
    "BR": (NA, "A2Q3Y263D00KWC"), "IE": (EU, "A28R8C7NBKEWEA"), "ES": (EU, "A1RKKUPIHCS9HS"),
    "GB": (EU, "A1F83G8C2ARO7P"), "FR": (EU, "A13V1IB3VIYZZH"), "BE": (EU, "AMEN7PMS3EDWL"),
    "NL": (EU, "A1805IZSGTT6HS"), "DE": (EU, "A1PA6795UKMFR9"), "IT": (EU, "APJ6JRA9NG5V4"),
    "SE": (EU, "A2NODRKZP88ZB9"), "ZA": (EU, "AE08WJ6YKNBMC"), "PL": (EU, "A1C3SOZRARQ6R3"),
    "EG": (EU, "ARBP9OOSHTCHU"), "TR": (EU, "A33AVAJ2PDY3EV"), "SA": (EU, "A17E79C6D8DWNP"),
    "AE": (EU, "A2VIGQ35RCS4UG"), "IN": (EU, "A21TJRUUN4KGV"), "SG": (FE, "A19VAU5U5O7RUS"),
    "AU": (FE, "A39IBJ37TRP1C6"), "JP": (FE, "A1VC38T7YXB528"),
}  # fmt: skip
# Their stock and money are one: whoever is connected to one of them is told of all.
UNION = frozenset({"IE", "ES", "FR", "BE", "NL", "DE", "IT", "SE", "PL"})
SAME = {"UK": "GB"}


def parse_seller(typed: str) -> str:
    """Read the number of a seller.

    Raises:
        Invalid: It is none, or belongs to a stand-in that nobody has configured.
    """
    number = typed.strip().upper()
    if not SELLER.fullmatch(number):
        raise Invalid("address", "This is no merchant token: it begins with A.")
    if number.startswith(STANDIN) and not standin():
        raise Invalid("address", "This seller is of a stand-in, and none is configured.")
    return number


def parse_country(typed: str, region: str) -> str:
    """Read the country of a marketplace.

    Raises:
        Invalid: Amazon has none there, or it is in another region.
    """
    code = typed.strip().upper()
    code = SAME.get(code, code)
    known = sorted(one for one, (where, _id) in MARKETPLACES.items() if where == region)
    if code not in known:
        raise Invalid("marketplace", f"Two letters of a country, here {', '.join(known)}.")
    return code


def account_of(seller: str, country: str) -> str:
    """How a seller in a marketplace is numbered here."""
    return f"{seller}/{country}"


def marketplace_of(account: str) -> str:
    """Amazon's id of the marketplace of an account."""
    return MARKETPLACES[country_of(account)][1]


def country_of(account: str) -> str:
    """The country of an account."""
    return account.rpartition("/")[2]


def pool_of(account: str) -> frozenset[str]:
    """The marketplaces whose stock and money an account tells."""
    country = country_of(account)
    countries = UNION if country in UNION else {country}
    return frozenset(MARKETPLACES[one][1] for one in countries)


def base_of(seller: str, region: str) -> str:
    """Where a seller is asked: at Amazon, unless it is of a stand-in."""
    return standin() if seller.startswith(STANDIN) else VENDOR[region]


def sign_in_base(seller: str) -> str:
    """Where access tokens come from."""
    return standin() if seller.startswith(STANDIN) else SIGN_IN


def standin() -> str:
    """The address of the stand-in, if one is configured."""
    return str(current_app.config.get("AMAZON_STANDIN") or "").rstrip("/")
