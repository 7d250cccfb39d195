"""How the amounts of a document follow from its lines."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from app.core.currencies import digits_of

HUNDRED = Decimal(100)


class Amounts(NamedTuple):
    """Money without tax, the tax, and both together."""

    subtotal: Decimal
    tax: Decimal

    @property
    def total(self) -> Decimal:
        """What is to be paid."""
        return self.subtotal + self.tax


def amounts_of(
    quantity: Decimal, unit_price: Decimal, tax_rate: Decimal, *, currency: str
) -> Amounts:
    """Give the amounts of one line; `tax_rate` is in percent.

    Quantity times price is rounded, half up, to the digits of the currency (ISO 4217), and so
    is the tax of that rounded amount: line by line, so that a document adds up by hand.
    """
    subtotal = rounded(quantity * unit_price, currency)
    return Amounts(subtotal, rounded(subtotal * tax_rate / HUNDRED, currency))


def summed(lines: Iterable[Amounts]) -> Amounts:
    """Give the amounts of a document: the sums of what its lines say."""
    subtotal = tax = Decimal(0)
    for line in lines:
        subtotal, tax = subtotal + line.subtotal, tax + line.tax
    return Amounts(subtotal, tax)


def rounded(amount: Decimal, currency: str) -> Decimal:
    """Round half up, away from zero, to the digits of a currency."""
    unit = Decimal(1).scaleb(-digits_of(currency))
    return amount.quantize(unit, rounding=ROUND_HALF_UP)
