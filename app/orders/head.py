"""What people decide about an order as a whole, said once.

Services, forms, calls and files each know how a kind of field is asked for and read there;
which fields there are, they take from here.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from enum import Enum, auto
from typing import Any, NamedTuple

from app.catalog.rules import Rule, parse_country, parse_currency, parse_line, parse_text
from app.core.quantities import LARGEST_QUANTITY, MONEY_DECIMALS
from app.documents.models import parse_discount
from app.documents.models.lines import ZERO


class Kind(Enum):
    """How a field of an order is asked for, read and checked."""

    LINE = auto()
    TEXT = auto()  # of several lines
    DAY = auto()
    PERCENT = auto()
    MONEY = auto()
    DISCOUNT = auto()
    CURRENCY = auto()
    COUNTRY = auto()


class HeadField(NamedTuple):
    """A column of an order: what people and files call it, and what there is to say of it."""

    name: str
    kind: Kind
    label: str
    in_files: str = ""  # where that is not the label
    aliases: tuple[str, ...] = ()
    hint: str = ""  # beside the column of a file
    description: str = ""  # for programs
    is_optional: bool = False  # it may be none


AS_SAID = "10% is a percentage, 2.50 an amount without tax; empty is none"

HEAD = (
    HeadField("order_date", Kind.DAY, "Order date", aliases=("date", "ordered on")),
    HeadField(
        "delivery_date",
        Kind.DAY,
        "Delivery date",
        aliases=("deliver on", "due date", "requested date"),
        is_optional=True,
    ),
    HeadField(
        "customer_po",
        Kind.LINE,
        "Their order number",
        in_files="Customer PO",
        aliases=("po", "po number", "their order number", "reference"),
    ),
    HeadField("currency", Kind.CURRENCY, "Currency", aliases=("currency code",)),
    HeadField("notes", Kind.TEXT, "Notes", aliases=("note", "comment")),
    HeadField(
        "tax_rate",
        Kind.PERCENT,
        "Tax rate",
        in_files="Order tax rate",
        hint="In percent; the usual rate of its lines.",
    ),
    HeadField(
        "discount",
        Kind.DISCOUNT,
        "Discount on the order",
        in_files="Order discount",
        aliases=("discount on the order", "whole order discount"),
        hint="Off all lines: 10%, or an amount. A cell with a percentage is one.",
        description=f"Off all lines, not shipping: {AS_SAID}",
    ),
    HeadField(
        "shipping_amount",
        Kind.MONEY,
        "Shipping",
        aliases=("shipping cost", "shipping charge"),
        hint="Without tax.",
        description="What shipping costs, without tax",
    ),
    HeadField(
        "shipping_tax_rate",
        Kind.PERCENT,
        "Tax on shipping",
        hint="In percent; without it, the order's.",
        description="Without it, the order's",
    ),
)
ADDRESS_FIELDS = tuple(
    HeadField(
        f"ship_{part}",
        kind,
        label,
        in_files=f"Ship to {part}",
        aliases=(f"shipping {part}",),
    )
    for part, kind, label in (
        ("name", Kind.LINE, "Name"),
        ("company", Kind.LINE, "Company"),
        ("street", Kind.TEXT, "Street"),
        ("city", Kind.LINE, "City"),
        ("region", Kind.LINE, "Region or state"),
        ("postcode", Kind.LINE, "Postal code"),
        ("country", Kind.COUNTRY, "Country"),
        ("phone", Kind.LINE, "Phone"),
    )
)


def _rate(rate: Decimal) -> Decimal:
    if not rate.is_finite() or not 0 <= rate <= 100 or rate != round(rate, 4):  # noqa: PLR2004
        raise ValueError("A tax rate is from 0 to 100 percent.")
    return rate


def _money(amount: Decimal | None) -> Decimal:
    amount = amount or ZERO
    if not amount.is_finite() or not 0 <= amount < LARGEST_QUANTITY:
        raise ValueError("Shipping costs zero or more.")
    if amount != round(amount, MONEY_DECIMALS):
        raise ValueError(f"At most {MONEY_DECIMALS} decimals.")
    return amount


READ: dict[Kind, Rule] = {
    Kind.LINE: parse_line,
    Kind.TEXT: parse_text,
    Kind.PERCENT: _rate,
    Kind.MONEY: _money,
    Kind.DISCOUNT: parse_discount,
    Kind.CURRENCY: parse_currency,
    Kind.COUNTRY: parse_country,
}
RULES = {one.name: READ[one.kind] for one in (*HEAD, *ADDRESS_FIELDS) if one.kind in READ}


def by_kind(fields: Iterable[HeadField], kinds: Mapping[Kind, Any]) -> dict[str, Any]:
    """Make each field as its kind is made in one place: column -> what `kinds` gives."""
    return {one.name: kinds[one.kind](one) for one in fields}
