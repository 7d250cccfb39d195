"""Amounts as Stripe writes them: whole numbers of a currency's smallest unit.

Source: Stripe's page "Supported currencies". Its units are not those of ISO 4217 everywhere:
króna have had no decimals since 2008, and are written with two all the same.
"""

from decimal import Decimal
from typing import Any

from app.core.currencies import CURRENCIES
from app.integrations.hub.errors import Unreadable

WHOLE = frozenset(
    {"BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA"}
    | {"PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"}
)
THOUSANDTHS = frozenset({"BHD", "JOD", "KWD", "OMR", "TND"})
# The page lists shillings among the currencies without decimals, and says below that they are
# written with two. Nobody is to guess by a factor of a hundred.
DISPUTED = frozenset({"UGX"})


def currency_of(value: Any) -> str:
    """Read a currency, which Stripe writes in small letters.

    Raises:
        Unreadable: It is none that we know.
    """
    code = value.upper() if isinstance(value, str) else ""
    if code not in CURRENCIES:
        raise Unreadable(f"{str(value)[:20]} is no currency.")
    if code in DISPUTED:
        raise Unreadable(f"Stripe's pages contradict each other about how {code} is written.")
    return code


def digits_of(currency: str) -> int:
    """How many of the digits stand behind the point."""
    return 0 if currency in WHOLE else 3 if currency in THOUSANDTHS else 2


def amount(value: Any, currency: str) -> Decimal:
    """Read an amount: 1999 of EUR is 19.99, of JPY 1999.

    Raises:
        Unreadable: It is no whole number, or larger than can be kept.
    """
    if not isinstance(value, int) or isinstance(value, bool):
        raise Unreadable(f"{str(value)[:30]} is no amount in whole units.")
    found = Decimal(value).scaleb(-digits_of(currency))
    if abs(found) >= Decimal(10) ** 10:
        raise Unreadable(f"{value} is larger than can be kept.")
    return found
