"""Forms of shipments: what they are, what came with them, and what they cost."""

from collections.abc import Iterable
from typing import Any

from wtforms import DateField, SelectField, SelectMultipleField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from app.catalog.rules import parse_line, parse_text
from app.core.currencies import CURRENCIES
from app.core.days import today
from app.core.forms import Follows, Form, PlainDecimalField, VersionField, at_most_decimals
from app.core.quantities import MONEY_DECIMALS
from app.core.settings import setting
from app.purchasing.models import LANDED, SPREADS, GoodsReceipt, PurchaseOrder
from app.purchasing.services.receiving import LONGEST_NOTE

LONGEST_NAME = 200


class ShipmentForm(Form):
    """What a shipment is, and which purchase orders are in it."""

    version = VersionField(validators=[Optional()])
    name = StringField(
        "Name",
        [
            InputRequired("What do people call it?"),
            Length(max=LONGEST_NAME),
            Follows(parse_line),
        ],
        description="The container, the waybill, or whatever people call it.",
    )
    carrier = StringField("Carrier", [Length(max=LONGEST_NAME), Follows(parse_line)])
    tracking = StringField("Tracking number", [Length(max=LONGEST_NAME), Follows(parse_line)])
    expected_on = DateField("Expected on", [Optional()])
    order_ids = SelectMultipleField(
        "Purchase orders", coerce=int, description="Orders that are sent and come to us."
    )
    note = StringField("Note", [Length(max=LONGEST_NOTE), Follows(parse_text)])

    def offer(self, orders: Iterable[PurchaseOrder]) -> None:
        """Offer purchase orders that may be in it."""
        self.order_ids.choices = [
            SelectChoice(str(one.id), f"{one.number}, {one.vendor_name}") for one in orders
        ]


class ArrivalForm(Form):
    """When a shipment has arrived, and what came with it."""

    arrived_on = DateField("Arrived on", [Optional()], default=today)
    receipt_ids = SelectMultipleField("What came with it", coerce=int)

    def offer(self, receipts: Iterable[GoodsReceipt]) -> None:
        """Offer receipts of its orders."""
        self.receipt_ids.choices = [
            SelectChoice(str(one.id), f"{one.number} of {one.order}: {_goods(one)}")
            for one in receipts
        ]
        if not self.receipt_ids.choices:
            self.receipt_ids.description = "Nothing has come of its orders yet."


class ShipmentCostForm(Form):
    """What a shipment costs beside its goods."""

    kind = SelectField("What for", choices=[SelectChoice(*one) for one in LANDED.items()])
    amount = PlainDecimalField(
        "Amount",
        [InputRequired("How much?"), at_most_decimals(MONEY_DECIMALS)],
        places=None,
        description="A credit is less than zero.",
    )
    currency = SelectField("Currency", choices=sorted(CURRENCIES))
    spread = SelectField("Spread", choices=[SelectChoice(*one) for one in SPREADS.items()])
    note = StringField("Note", [Length(max=LONGEST_NOTE), Follows(parse_line)])

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        if not self.currency.data:
            self.currency.data = str(setting("currency"))


def _goods(receipt: GoodsReceipt) -> str:
    return ", ".join(dict.fromkeys(line.called for line in receipt.lines))
