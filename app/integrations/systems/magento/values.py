"""What an order of a shop is worth, line by line; the shop's own total is the judge.

`row_total` is before or after discount, by version and settings; the price of a bundle stands
on its parent or on its parts. So the lines are added up in each way that there is, and the one
that comes to `grand_total` is taken. If none does, a person has to see both figures.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from app.core.currencies import digits_of
from app.documents.models import Discount, LineTerms, Shipping, document_amounts, rounded
from app.integrations.systems.magento.fields import ZERO, amount, quantity, ref

PRICE = Decimal("0.0001")
HUNDRED, HALF_CENT = Decimal(100), Decimal("0.005")

Record = Mapping[str, Any]


class Value(NamedTuple):
    """What one piece of a line costs without tax, and the tax in percent.

    `discount` is what is off all `pieces` of it.
    """

    unit_price: Decimal
    tax_rate: Decimal
    discount: Decimal = ZERO
    pieces: Decimal = ZERO


class Worth(NamedTuple):
    """The values of lines, by the shop's number; what they come to, and what the shop says."""

    values: Mapping[str, Value]
    ours: Decimal
    theirs: Decimal | None

    def is_same(self, currency: str) -> bool:
        """Tell whether both agree, but for a cent a line.

        Shops convert rows and totals by themselves, so these may differ by what was rounded.
        """
        cent = Decimal(1).scaleb(-digits_of(currency))
        return self.theirs is not None and self.distance <= cent * max(len(self.values), 1)

    @property
    def distance(self) -> Decimal:
        """How far both figures are apart."""
        return abs(self.ours - (self.theirs or ZERO))


def worth_of(order: Record, items: Sequence[Record]) -> Worth:
    """Give the values of all lines, goods or not.

    A line that belongs to another one is worth what it says; of a bundle at one price, each
    part has its share by pieces.
    """
    currency = str(order.get("order_currency_code") or "EUR")
    tried = list[Worth]()
    for way in WAYS:
        tried.append(_worth(order, items, currency, way))
        if not tried[-1].distance:
            break  # to the cent: no other way can be nearer
    return min(tried, key=lambda one: one.distance)


def _worth(order: Record, items: Sequence[Record], currency: str, way: "_Way") -> Worth:
    values, total = {}, shipping_of(order)
    for row in _rows(items, way):
        terms = _terms(row, currency)
        values[ref(row.item.get("item_id"))] = Value(
            terms.unit_price, row.tax_rate, terms.discount.number, row.pieces
        )
        [amounts] = document_amounts([terms], currency=currency).lines
        total += amounts.total
        total += amount(row.item.get("weee_tax_applied_row_amount")) or ZERO
    return Worth(values, rounded(total, currency), amount(order.get("grand_total")))


def shipping_of(order: Record) -> Decimal:
    """What carriage costs with its tax, less what is off it."""
    names = ("amount", "tax_amount", "discount_tax_compensation_amount")
    costs = sum((amount(order.get(f"shipping_{name}")) or ZERO for name in names), ZERO)
    return costs - (amount(order.get("shipping_discount_amount")) or ZERO)


def carriage_of(order: Record) -> Shipping:
    """What carriage costs without its tax, and the tax in percent.

    Its tax is said as an amount: the rate is the one that comes to it.
    """
    currency = str(order.get("order_currency_code") or "EUR")
    tax = amount(order.get("shipping_tax_amount")) or ZERO
    net = rounded(shipping_of(order) - tax, currency)
    if net <= 0:
        return Shipping()
    return Shipping(net, min(max(tax / net * HUNDRED, ZERO), HUNDRED).quantize(PRICE))


def _terms(row: "_Row", currency: str) -> LineTerms:
    """A line at its price before the discount, if that comes to the cent, and what is off."""
    off = rounded(row.discount, currency)
    price = ((row.net + off) / row.pieces).quantize(PRICE) if row.pieces else ZERO
    return LineTerms(row.pieces, price, row.tax_rate, Discount(off))


class _Row(NamedTuple):
    """A line that is worth something: without tax in all, the tax in percent, its pieces."""

    item: Record
    net: Decimal
    tax_rate: Decimal
    pieces: Decimal
    discount: Decimal  # what is off already


class _Way(NamedTuple):
    """How a shop writes its rows: `row_total` before the discount, or after it."""

    is_before: bool


WAYS = (_Way(is_before=True), _Way(is_before=False))


def _rows(items: Sequence[Record], way: _Way) -> Iterator[_Row]:
    for item in items:
        if item.get("parent_item_id"):
            continue
        parts = [one for one in items if _parent(one) == ref(item.get("item_id"))]
        if item.get("product_type") != "bundle" or not parts:
            yield _row(item, way)
        elif any(_net(part, way) for part in parts):
            yield from (_row(part, way) for part in parts)
        else:
            yield from _shares(_row(item, way), parts)


def _row(item: Record, way: _Way) -> _Row:
    net = _net(item, way)
    off = amount(item.get("discount_amount")) or ZERO
    off -= amount(item.get("discount_tax_compensation_amount")) or ZERO
    return _Row(item, net, _rate(item, net), quantity(item, "qty_ordered"), max(off, ZERO))


def _shares(bundle: _Row, parts: Sequence[Record]) -> Iterator[_Row]:
    pieces = {ref(part.get("item_id")): quantity(part, "qty_ordered") for part in parts}
    whole = sum(pieces.values(), ZERO)
    for part in parts:
        mine = pieces[ref(part.get("item_id"))]
        share = mine / whole if whole else ZERO
        off = bundle.discount * share
        yield _Row(part, bundle.net * share, bundle.tax_rate, mine, off)


def _net(item: Record, way: _Way) -> Decimal:
    """A row without tax: prices with tax leave a part of the discount to be added again."""
    row = amount(item.get("row_total"))
    if row is None:
        pieces = quantity(item, "qty_ordered")
        return max((amount(item.get("price")) or ZERO) * pieces, ZERO)
    if way.is_before:
        row -= amount(item.get("discount_amount")) or ZERO
    row += amount(item.get("discount_tax_compensation_amount")) or ZERO
    return max(row, ZERO)


def _rate(item: Record, net: Decimal) -> Decimal:
    """The tax in percent, so that it comes to the cent that the shop says.

    A shop rounds a row's tax in its own way: 14.784 is 14.79 there, if another row was rounded
    down. Then the rate is the one that the row was really taxed at.
    """
    said, tax = amount(item.get("tax_percent")) or ZERO, amount(item.get("tax_amount"))
    if tax is None or not net or abs(net * said / HUNDRED - tax) < HALF_CENT:
        return said
    return min(max(tax / net * HUNDRED, ZERO), HUNDRED).quantize(PRICE)


def _parent(item: Record) -> str:
    return ref(item.get("parent_item_id"))
