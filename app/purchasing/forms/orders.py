"""The form of a purchase order: its head, and a row for each line."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

import wtforms
from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    FormField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import HiddenInput

from app.catalog.choices import vendor_field
from app.catalog.rules import parse_code, parse_line, parse_text
from app.core.currencies import CURRENCIES
from app.core.db import db, values_of
from app.core.forms import Follows, Form, PlainDecimalField, VersionField, at_most_decimals
from app.core.quantities import LARGEST_QUANTITY, MONEY_DECIMALS, QUANTITY_DECIMALS
from app.purchasing import queries
from app.purchasing.models import PurchaseDraft, PurchaseOrder
from app.purchasing.prices import may_see_prices
from app.purchasing.services.items import LONGEST_UNIT

MOST = LARGEST_QUANTITY - 1
UNNAMED = "Which product? A free line takes a code of your own."


def stripped(text: str | None) -> str:
    """Give what was typed without blanks around it, or what PostgreSQL cannot hold."""
    return (text or "").replace("\0", "").strip()


def number(
    label: str, *, decimals: int, most: Decimal = MOST, is_needed: bool = False, **more: Any
) -> Any:
    """Make a field for a number of zero or more."""
    first = InputRequired("How many?") if is_needed else Optional()
    within = NumberRange(0, most, f"Enter a number from 0 to {most}.")
    rules = [first, at_most_decimals(decimals), within]
    return PlainDecimalField(label, rules, places=None, **more)


def _line(label: str, **more: Any) -> Any:
    return StringField(label, [Follows(parse_line)], **more)


def _warehouse(text: Any) -> int | None:
    return int(text) if text not in ("", None, "None") else None


class PurchaseRow(wtforms.Form):
    """A line. `known` is the SKU that price and description were last filled in for."""

    id = IntegerField(widget=HiddenInput(), validators=[Optional()])
    known = StringField(widget=HiddenInput(), filters=[stripped])
    part_number = StringField(widget=HiddenInput(), filters=[stripped])
    tax_rate = number("Tax", decimals=MONEY_DECIMALS, most=Decimal(100), widget=HiddenInput())
    sku = StringField(
        "Product", [InputRequired(UNNAMED), Follows(parse_code)], filters=[stripped]
    )
    description = _line("Description")
    quantity = number("Quantity", decimals=QUANTITY_DECIMALS, is_needed=True)
    purchase_unit = StringField("Unit", [Length(max=LONGEST_UNIT)], filters=[stripped])
    pack_quantity = number("Pack of", decimals=QUANTITY_DECIMALS)
    unit_price = number("Price", decimals=MONEY_DECIMALS)
    expected_on = DateField("Expected", [Optional()])
    is_free = BooleanField("Free line")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_see_prices():  # what nobody sees stays as it is, or follows from the terms
            del self.unit_price

    @property
    def draft(self) -> PurchaseDraft:
        """The line that somebody wants."""
        said = {name: self[name].data for name in PurchaseDraft._fields if name in self}
        kept = {"description": self.description.data or None}
        return PurchaseDraft(**(said | kept))


class PurchaseOrderForm(Form):
    """Everything about a purchase order that people decide.

    `lines_view` is what its lines come to, as they are shown.
    """

    rearranging = frozenset({"more", "removed"})
    called: ClassVar[Mapping[str, str]] = {"vendor": "vendor_id"}
    lines_view: Any
    version = VersionField(validators=[Optional()])
    vendor = vendor_field(
        "Vendor",
        [InputRequired("From whom?")],
        description="Type a few letters and choose, or type the code.",
    )
    vendor_reference = _line("Their order number")
    warehouse_id = SelectField("Deliver to", coerce=_warehouse)
    order_date = DateField("Order date", [Optional()])
    expected_on = DateField(
        "Expected on", [Optional()], description="Left empty: after the lead time."
    )
    currency = SelectField(
        "Currency",
        choices=[SelectChoice("", "The vendor's"), *map(SelectChoice, sorted(CURRENCIES))],
        default="",
    )
    tax_rate = number("Tax rate", decimals=MONEY_DECIMALS, most=Decimal(100))
    notes = TextAreaField("Notes", [Follows(parse_text)], description="The vendor reads them.")
    items = FieldList(FormField(PurchaseRow), "Lines")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = db.session.scalars(queries.warehouses())
        offered = [SelectChoice(str(place.id), place.label) for place in found]
        self.warehouse_id.choices = [SelectChoice("", "The usual warehouse"), *offered]

    @property
    def values(self) -> dict[str, Any]:
        """What the person entered."""
        values = super().values | {"items": [row.draft for row in self.items]}
        return {self.called.get(name, name): value for name, value in values.items()}


def filled(order: PurchaseOrder) -> PurchaseOrderForm:
    """Give the form of an order that is there."""
    rows = [line.item._asdict() | {"known": line.sku} for line in order.lines]
    own = {"vendor": order.vendor_id, "items": rows}
    return PurchaseOrderForm(None, data=values_of(order) | own)
