"""How the amounts of a document follow from its lines, its discount and its shipping.

One rule of rounding everywhere: half up, away from zero, to the digits of the currency (ISO
4217: JPY has none, KWD three), line by line, so that a document adds up by hand:

- a line: quantity times price is rounded; what is off it is rounded and subtracted;
- the document's discount is rounded once, off the sum of the lines, and shared out among them
  in proportion, without a lost cent: so each rate of tax is asked of what is really paid;
- the tax of each line is rounded, of the line less its share; so is the tax on shipping.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from app.core.currencies import rounded
from app.documents.models.discounts import Discount, shares

ZERO, ONE, HUNDRED = Decimal(0), Decimal(1), Decimal(100)

__all__ = [
    "Amounts",
    "DocumentAmounts",
    "LineTerms",
    "Shipping",
    "amounts_of",
    "document_amounts",
    "rounded",
]


class Amounts(NamedTuple):
    """Money without tax, the tax, and both together."""

    subtotal: Decimal
    tax: Decimal

    @property
    def total(self) -> Decimal:
        """What is to be paid."""
        return self.subtotal + self.tax


class LineTerms(NamedTuple):
    """What a line costs: `tax_rate` is in percent, `cancelled` what of it is not charged.

    `unit_price` is that of `priced_per` of what `quantity` counts: of a carton, say, where
    pieces are counted.
    """

    quantity: Decimal
    unit_price: Decimal
    tax_rate: Decimal
    discount: Discount = Discount()
    cancelled: Decimal = ZERO
    priced_per: Decimal = ONE

    def gross(self, currency: str) -> Decimal:
        """Quantity times price, of what is charged."""
        charged = (self.quantity - self.cancelled) * self.unit_price
        return rounded(charged / self.priced_per, currency)  # divided last: no part is rounded

    def net(self, currency: str) -> Decimal:
        """What is charged, less what is off it: of an amount, the part that is charged."""
        gross = self.gross(currency)
        part = (self.quantity - self.cancelled) / self.quantity if self.quantity else ZERO
        return gross - self.discount.of(gross, currency, part=part)

    @property
    def as_ordered(self) -> "LineTerms":
        """The same, with nothing cancelled."""
        return self._replace(cancelled=ZERO)


class Shipping(NamedTuple):
    """What shipping costs without tax, and its rate of tax in percent."""

    amount: Decimal = ZERO
    tax_rate: Decimal = ZERO

    def amounts(self, currency: str) -> Amounts:
        """Its amounts, rounded."""
        amount = rounded(self.amount, currency)
        return Amounts(amount, rounded(amount * self.tax_rate / HUNDRED, currency))


class DocumentAmounts(NamedTuple):
    """What a document comes to.

    `lines` are their amounts without the document's discount but with the tax that is left
    after it; `shares` is what of the discount falls on each. `subtotal` is the sum of the
    lines; `tax` is that of all, also of shipping.
    """

    lines: Sequence[Amounts]
    shares: Sequence[Decimal]
    subtotal: Decimal
    discount: Decimal
    shipping: Amounts
    tax: Decimal

    @property
    def total(self) -> Decimal:
        """What is to be paid."""
        return self.subtotal - self.discount + self.shipping.subtotal + self.tax


def amounts_of(
    quantity: Decimal, unit_price: Decimal, tax_rate: Decimal, *, currency: str
) -> Amounts:
    """Give the amounts of one line by itself; `tax_rate` is in percent."""
    [only] = document_amounts(
        [LineTerms(quantity, unit_price, tax_rate)], currency=currency
    ).lines
    return only


def document_amounts(
    lines: Sequence[LineTerms],
    *,
    currency: str,
    discount: Discount = Discount(),  # noqa: B008  (it never changes)
    shipping: Shipping = Shipping(),  # noqa: B008
) -> DocumentAmounts:
    """Give the amounts of a document; see the head of this file for how they are rounded."""
    nets = [line.net(currency) for line in lines]
    goods = sum(nets, ZERO)
    off = discount.of(goods, currency, part=_part(goods, lines, currency))
    parts = shares(off, nets, currency)
    priced = [
        Amounts(net, rounded((net - share) * line.tax_rate / HUNDRED, currency))
        for line, net, share in zip(lines, nets, parts, strict=True)
    ]
    carriage = shipping.amounts(currency)
    return DocumentAmounts(
        lines=priced,
        shares=parts,
        subtotal=goods,
        discount=off,
        shipping=carriage,
        tax=_taxes(priced) + carriage.tax,
    )


def _part(goods: Decimal, lines: Sequence[LineTerms], currency: str) -> Decimal:
    """How much of what was ordered is still charged: 1 where nothing was cancelled."""
    if not any(line.cancelled for line in lines):
        return Decimal(1)
    ordered = sum((line.as_ordered.net(currency) for line in lines), ZERO)
    return goods / ordered if ordered else ZERO


def _taxes(lines: Iterable[Amounts]) -> Decimal:
    return sum((line.tax for line in lines), ZERO)
