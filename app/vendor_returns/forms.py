"""Forms of the pages of returns to vendors."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

import wtforms
from wtforms import DateField, FieldList, FormField, IntegerField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import HiddenInput

from app.catalog.choices import vendor_field
from app.catalog.services.matching import find_products
from app.core.db import db
from app.core.errors import Invalid, in_row
from app.core.forms import Form, KeyField, PlainDecimalField, at_most_decimals
from app.core.quantities import LARGEST_QUANTITY, MONEY_DECIMALS, QUANTITY_DECIMALS
from app.purchasing.prices import may_see_prices
from app.stock.ledger.lines import LONGEST_NOTE
from app.vendor_returns import queries, services
from app.vendor_returns.models import CAUSES

MOST = LARGEST_QUANTITY - 1


def _stripped(text: str | None) -> str:
    return (text or "").replace("\0", "").strip()


def _number(label: str, decimals: int, first: Any, **more: Any) -> PlainDecimalField:
    within = NumberRange(0, MOST, "Enter a number of zero or more.")
    return PlainDecimalField(
        label, [first, at_most_decimals(decimals), within], places=None, **more
    )


def _text(label: str, **more: Any) -> StringField:
    return StringField(label, [Length(max=LONGEST_NOTE)], filters=[_stripped], **more)


def _place(text: Any) -> int | None:
    return int(text) if text not in ("", None, "None") else None


class ReturnRow(wtforms.Form):
    """So much of a product; `known` is the SKU last filled in."""

    known = StringField(widget=HiddenInput(), filters=[_stripped])
    receipt_line_id = IntegerField(widget=HiddenInput(), validators=[Optional()])
    sku = StringField(
        "Product", [InputRequired("Which product?"), Length(max=100)], filters=[_stripped]
    )
    quantity = _number("Quantity", QUANTITY_DECIMALS, InputRequired("How many?"))
    unit_price = _number("Credit for one", MONEY_DECIMALS, Optional())

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        if not may_see_prices():  # it follows from what was ordered
            del self.unit_price


class ReturnForm(Form):
    """What goes back, to whom and why."""

    called: ClassVar[Mapping[str, str]] = {"vendor": "vendor_id"}
    rearranging = frozenset({"more", "removed"})
    lines_view: Any
    key = KeyField()
    vendor = vendor_field("Vendor", [InputRequired("To whom?")])
    warehouse_id = SelectField("Out of", coerce=_place)
    cause = SelectField("Why", choices=[SelectChoice(*one) for one in CAUSES.items()])
    their_reference = _text("Their number for it", description="What they call the return.")
    items = FieldList(FormField(ReturnRow), "Lines")
    note = _text("Note")

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        offered = [
            SelectChoice(str(place.id), place.label)
            for place in db.session.scalars(queries.warehouses())
        ]
        self.warehouse_id.choices = [SelectChoice("", "Where it came to"), *offered]

    @property
    def values(self) -> dict[str, Any]:
        """What the person entered; products by their ids."""
        said = super().values
        items = [_item(number, row) for number, row in enumerate(said["items"])]
        return {self.called.get(n, n): v for n, v in (said | {"items": items}).items()}


def _item(number: int, row: Mapping[str, Any]) -> services.ReturnItem:
    price: Decimal | None = row.get("unit_price")
    if row["receipt_line_id"]:
        return services.ReturnItem(
            row["quantity"], receipt_line_id=row["receipt_line_id"], unit_price=price
        )
    found = find_products([row["sku"]])
    with in_row("items", number):
        if row["sku"] not in found.matches:
            raise Invalid("sku", f"There is no product {row['sku']}.")
    product_id = found.matches[row["sku"]].product.id
    return services.ReturnItem(row["quantity"], product_id=product_id, unit_price=price)


class CreditForm(Form):
    """What the vendor has granted."""

    amount = _number("Credit", MONEY_DECIMALS, InputRequired("How much?"))
    credit_note = _text("Number of their credit note")
    credited_on = DateField("Of", [Optional()])
