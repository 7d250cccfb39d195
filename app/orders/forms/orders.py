"""The form of an order: its head, and a row for each line."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial
from itertools import starmap
from typing import Any, ClassVar, TypeVar

import wtforms
from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    FieldList,
    FormField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, NumberRange, Optional
from wtforms.widgets import HiddenInput

from app.catalog.choices import customer_field
from app.catalog.rules import countries, parse_code, parse_country, parse_line, parse_text
from app.core.currencies import CURRENCIES
from app.core.db import values_of
from app.core.forms import Follows, Form, PlainDecimalField, VersionField, at_most_decimals
from app.core.quantities import LARGEST_QUANTITY, MONEY_DECIMALS, QUANTITY_DECIMALS
from app.documents.models import parse_discount
from app.orders.forms.steps import stripped
from app.orders.head import ADDRESS_FIELDS, HEAD, Kind
from app.orders.models import ItemDraft, SalesOrder

F = TypeVar("F", bound=Form)
MOST = LARGEST_QUANTITY - 1
MINUTES = "%Y-%m-%dT%H:%M"
# A row that says nothing of these says nothing.


def _number(label: str, *, decimals: int, most: Decimal = MOST, is_needed: bool = False) -> Any:
    first = InputRequired("How many?") if is_needed else Optional()
    within = NumberRange(0, most, f"Enter a number from 0 to {most}.")
    return PlainDecimalField(label, [first, at_most_decimals(decimals), within], places=None)


def _line(label: str, **more: Any) -> Any:
    return StringField(label, [Follows(parse_line)], **more)


def _discount(label: str) -> Any:
    more = {"placeholder": "10% or 2.50", "inputmode": "text"}
    return StringField(label, [Follows(parse_discount)], filters=[stripped], render_kw=more)


UNNAMED = "Which product? A free line takes a code of your own."


class ItemRow(wtforms.Form):
    """A line. `known` is the SKU that price and description were last filled in for."""

    id = IntegerField(widget=HiddenInput(), validators=[Optional()])
    known = StringField(widget=HiddenInput(), filters=[stripped])
    sku = StringField(
        "Product", [InputRequired(UNNAMED), Follows(parse_code)], filters=[stripped]
    )
    description = _line("Description")
    quantity = _number("Quantity", decimals=QUANTITY_DECIMALS, is_needed=True)
    unit_price = _number("Price", decimals=MONEY_DECIMALS)
    discount = _discount("Discount")
    tax_rate = _number("Tax", decimals=MONEY_DECIMALS, most=Decimal(100))
    is_free = BooleanField("Free line")

    @property
    def draft(self) -> ItemDraft:
        """The line that somebody wants."""
        told = {name: self[name].data for name in ItemDraft._fields if name in self}
        return ItemDraft(**(told | {"description": self.description.data or None}))


def _currency(label: str) -> Any:
    choices = [SelectChoice("", "The customer's"), *map(SelectChoice, sorted(CURRENCIES))]
    return SelectField(label, choices=choices, default="")


def _country(label: str) -> Any:
    choices = [SelectChoice("", "Not set"), *starmap(SelectChoice, countries().items())]
    return SelectField(label, [Follows(parse_country)], choices=choices, default="")


# How people are asked for a field of the head, by its kind.
KINDS: dict[Kind, Callable[[str], Any]] = {
    Kind.LINE: _line,
    Kind.TEXT: lambda label: TextAreaField(label, [Follows(parse_text)]),
    Kind.DAY: lambda label: DateField(label, [Optional()]),
    Kind.PERCENT: partial(_number, decimals=MONEY_DECIMALS, most=Decimal(100)),
    Kind.MONEY: partial(_number, decimals=MONEY_DECIMALS),
    Kind.DISCOUNT: _discount,
    Kind.CURRENCY: _currency,
    Kind.COUNTRY: _country,
}


def _with_head(form: type[F]) -> type[F]:
    for one in (*HEAD, *ADDRESS_FIELDS):
        setattr(form, one.name, KINDS[one.kind](one.label))
    return form


@_with_head
class OrderForm(Form):
    """Everything about an order that people decide.

    `lines_view` is what its lines come to, as they are shown.
    """

    rearranging = frozenset({"more", "removed"})
    called: ClassVar[Mapping[str, str]] = {"customer": "customer_id"}
    lines_view: Any
    version = VersionField(validators=[Optional()])
    customer = customer_field(
        "Customer",
        [InputRequired("For whom?")],
        description="Type a few letters and choose, or type the code.",
    )
    ship_by = DateTimeLocalField("Ship by", [Optional()], format=[MINUTES, f"{MINUTES}:%S"])
    items = FieldList(FormField(ItemRow), "Lines")

    @property
    def values(self) -> dict[str, Any]:
        """What the person entered."""
        values = super().values | {"items": [row.form.draft for row in self.items]}
        return {self.called.get(name, name): value for name, value in values.items()}

    def fix(self, order: SalesOrder) -> None:
        """Leave out what is fixed once an order has been confirmed."""
        if order.status != "draft":
            del self.customer
            del self.currency


def filled(order: SalesOrder, *, local: Any) -> OrderForm:
    """Give the form of an order that is there; `local` writes a moment for the person."""
    rows = [line.item._asdict() | {"known": line.sku} for line in order.lines]
    moment = local(order.ship_by) if order.ship_by else None
    own = {"customer": order.customer_id, "ship_by": moment, "items": rows}
    return OrderForm(None, data=values_of(order) | own)
