"""What is taken off a price, as somebody has said it: `10%`, or `2.50` of the whole.

It is kept as the text that was said, in one column. An amount does not know how it follows when
the quantity changes, a percentage does not know a third of a cent; two columns could disagree.
What it comes to in money is rounded once, by `Discount.of`.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from app.core.currencies import rounded
from app.core.quantities import MONEY_DECIMALS, parse_shown, plain

ZERO, HUNDRED = Decimal(0), Decimal(100)
# How the database holds it: nothing, an amount, or a percentage. Up to 9999999999.9999
DISCOUNT_PATTERN = r"^([0-9]{1,10}(\.[0-9]{1,4})?%?)?$"
RULE = "Write a discount as 10% or as an amount, such as 2.50."


class Discount(NamedTuple):
    """So much off: percent, or an amount of money."""

    number: Decimal = ZERO
    is_percent: bool = False

    def __str__(self) -> str:
        if not self.number:
            return ""
        return f"{plain(self.number)}%" if self.is_percent else plain(self.number)

    def of(self, amount: Decimal, currency: str, *, part: Decimal = Decimal(1)) -> Decimal:
        """Give what is off an amount, rounded half up to the digits of the currency.

        Of an amount of money only a `part` is off, where only that part of the goods is left
        to be paid. It is never more than the amount.
        """
        off = amount * self.number / HUNDRED if self.is_percent else self.number * part
        return min(rounded(off, currency), amount)

    def exceeds(self, amount: Decimal) -> bool:
        """Tell whether more is off than there is to pay."""
        return self.number > (HUNDRED if self.is_percent else amount)


def read_discount(text: str) -> Discount:
    """Read a discount: `10%`, `10 %`, `2.50`; nothing is none.

    Raises:
        ValueError: It is neither, is negative, or more than 100 percent.
    """
    said = "".join(text.split())
    is_percent = said.endswith("%")
    if not said:
        return Discount()
    try:
        number = parse_shown(said.removesuffix("%"), decimals=MONEY_DECIMALS)
    except ValueError as error:
        raise ValueError(f"{error} {RULE}") from error
    if number < 0 or (is_percent and number > HUNDRED):
        raise ValueError(f"It is from 0 to 100 percent, or an amount above zero. {RULE}")
    return Discount(number, is_percent)


def parse_discount(text: str | None) -> str:
    """Give a discount as it is kept.

    Raises:
        ValueError: As `read_discount` does.
    """
    return str(read_discount(text or ""))


def shares(amount: Decimal, weights: Sequence[Decimal], currency: str) -> list[Decimal]:
    """Share an amount out in proportion to weights: the shares add up to it, to the last cent.

    What the weights come to up to each one is rounded, and each gets the difference. So none
    gets more than its weight, if the amount is not more than all of them.
    """
    whole = sum(weights, ZERO)
    given, so_far, result = ZERO, ZERO, []
    for weight in weights:
        so_far += weight
        due = rounded(amount * so_far / whole, currency) if whole else ZERO
        result.append(due - given)
        given = due
    return result
