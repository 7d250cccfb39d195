"""Price breaks: from how much of something on it costs how much, as vendors write them.

They are kept as text in one form, `10: 2.4; 100: 2.1`, smallest quantity first: in one column,
so that no list of rows can disagree with the price beside it.
"""

from decimal import Decimal
from typing import NamedTuple

from app.core.quantities import MONEY_DECIMALS, QUANTITY_DECIMALS, parse_decimal, plain

# How the database holds them: nothing, or pairs.
BREAKS_PATTERN = r"^([0-9.]+: [0-9.]+(; [0-9.]+: [0-9.]+)*)?$"
RULE = "Write price breaks as 10: 2.40; 100: 2.10."
MOST = 20


class PriceBreak(NamedTuple):
    """From a quantity on, one costs so much."""

    quantity: Decimal
    price: Decimal

    def __str__(self) -> str:
        return f"{plain(self.quantity)}: {plain(self.price)}"


def read_breaks(text: str) -> list[PriceBreak]:
    """Read price breaks; nothing is none.

    Raises:
        ValueError: They are none, or two are of one quantity.
    """
    found = [_break(part) for part in text.split(";") if part.strip()]
    if len(found) > MOST:
        raise ValueError(f"At most {MOST} price breaks.")
    if len({one.quantity for one in found}) < len(found):
        raise ValueError("Two price breaks are of one quantity.")
    return sorted(found)


def parse_breaks(text: str | None) -> str:
    """Give price breaks as they are kept.

    Raises:
        ValueError: As `read_breaks` does.
    """
    return "; ".join(map(str, read_breaks(text or "")))


def price_at(quantity: Decimal, price: Decimal | None, breaks: str) -> Decimal | None:
    """Give what one costs of so many: the price of the last break that they reach."""
    reached = [one.price for one in read_breaks(breaks) if one.quantity <= quantity]
    return reached[-1] if reached else price


def _break(part: str) -> PriceBreak:
    quantity, colon, price = part.partition(":")
    if not colon:
        raise ValueError(RULE)
    try:
        found = PriceBreak(
            parse_decimal(quantity, decimals=QUANTITY_DECIMALS),
            parse_decimal(price, decimals=MONEY_DECIMALS),
        )
    except ValueError as error:
        raise ValueError(f"{error} {RULE}") from error
    if found.quantity <= 0 or found.price < 0:
        raise ValueError(f"Quantities are above zero, prices zero or more. {RULE}")
    return found
