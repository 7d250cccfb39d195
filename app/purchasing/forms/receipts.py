"""The forms of what came: line by line, or without an order."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

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
from wtforms.validators import InputRequired, Length, Optional, ValidationError
from wtforms.widgets import HiddenInput

from app.catalog.choices import vendor_field
from app.core.errors import Invalid
from app.core.forms import Form, KeyField, PlainDecimalField, at_most_decimals
from app.core.quantities import MONEY_DECIMALS, QUANTITY_DECIMALS
from app.purchasing import services
from app.purchasing.forms.orders import number, stripped
from app.purchasing.forms.steps import PartsForm
from app.purchasing.models import DECISIONS, LANDED, SPREADS, GoodsReceipt, PurchaseLine
from app.purchasing.services.receiving import LONGEST_NOTE, Delivery
from app.stock import services as stock

LONGEST_LOTS = 20_000  # 500 serial numbers of 40 characters
WHERE = "Left empty: where each product lives, or the default location."


class ReceivedRow(wtforms.Form):
    """What of a line has come, in the product's own unit."""

    line_id = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    good = number("Good", decimals=QUANTITY_DECIMALS)
    damaged = number("Damaged", decimals=QUANTITY_DECIMALS)
    # Of what is tracked alone: the page shows them there.
    lot = TextAreaField("Lot", [Length(max=LONGEST_LOTS)], filters=[stripped])
    expires_on = DateField("Expires on", [Optional()])

    def validate_damaged(self, field: Any) -> None:
        """Refuse to guess which of several pieces are damaged."""
        if field.data and self.good.data and len((self.lot.data or "").split()) > 1:
            raise ValidationError("Receive what is damaged apart, with its own numbers.")


class OtherRow(wtforms.Form):
    """Something that nobody has ordered, by a code that may be no code of ours."""

    code = StringField("Product or code", [Length(max=200)], filters=[stripped])
    quantity = number("Quantity", decimals=QUANTITY_DECIMALS)
    lot = StringField("Lot or serial", [Length(max=200)], filters=[stripped])


def other_items(rows: Iterable[Any]) -> list[services.ReceivedItem]:
    """Give what was entered of goods that nobody has ordered.

    Raises:
        Invalid: A row says only half of it.
    """
    said = [row for row in rows if row["code"] or row["quantity"]]
    if any(not row["code"] or not row["quantity"] for row in said):
        raise Invalid("others", "Say both what has come and how much.")
    return [
        services.item_called(row["code"], row["quantity"], lot=stock.LotDraft(row["lot"]))
        for row in said
    ]


class ReceiptForm(Form):
    """What has come of an order, and where it goes."""

    key = KeyField()
    rows = FieldList(FormField(ReceivedRow), "Lines")
    others = FieldList(FormField(OtherRow), "What nobody has ordered", min_entries=2)
    delivery_note = StringField(
        "Their packing slip", [Length(max=LONGEST_NOTE)], filters=[stripped]
    )
    location = StringField(
        "Put where", [Length(max=100)], filters=[stripped], description=WHERE
    )
    note = StringField("Note", [Length(max=LONGEST_NOTE)], filters=[stripped])
    takes_excess = BooleanField("Put aside what is more than ordered")
    serves_first = BooleanField("Serve orders that wait first", default=True)

    @property
    def values(self) -> dict[str, Any]:
        """What the person entered, as items and as a delivery."""
        place = self.location.data
        delivery = Delivery(
            location_id=stock.find_location(place) if place else None,
            delivery_note=self.delivery_note.data,
            note=self.note.data,
            takes_excess=self.takes_excess.data,
            serves_first=self.serves_first.data,
        )
        items = [
            services.ReceivedItem(
                quantity,
                line_id=row["line_id"],
                condition=condition,
                lot=stock.LotDraft(row["lot"], row["expires_on"]),
            )
            for row in self.rows.data
            for condition in ("good", "damaged")
            if (quantity := row[condition])
        ]
        others = other_items(self.others.data)
        return {"key": self.key.once, "items": [*items, *others], "delivery": delivery}

    def offer(self, lines: Iterable[PurchaseLine]) -> None:
        """Ask for lines: all that is open of each, to begin with."""
        for line in lines:
            rest: Decimal | None = line.units_open or None
            self.rows.append_entry({"line_id": line.id, "good": rest})


class DeliveryForm(PartsForm):
    """What a vendor has delivered to a customer, line by line."""

    delivery_note = StringField(
        "Their packing slip", [Length(max=LONGEST_NOTE)], filters=[stripped]
    )
    note = StringField("Note", [Length(max=LONGEST_NOTE)], filters=[stripped])

    @property
    def values(self) -> dict[str, Any]:
        """What the person entered, as items and as a delivery."""
        items = [
            services.ReceivedItem(quantity, line_id=row["line_id"])
            for row in self.quantities.data
            if (quantity := row["quantity"])
        ]
        said = Delivery(delivery_note=self.delivery_note.data, note=self.note.data)
        return {"key": self.key.once, "items": items, "delivery": said}


class LandedCostForm(Form):
    """What it cost to get a receipt here."""

    kind = SelectField("What for", choices=[SelectChoice(*one) for one in LANDED.items()])
    amount = PlainDecimalField(
        "Amount",
        [InputRequired("How much?"), at_most_decimals(MONEY_DECIMALS)],
        places=None,
        description="In the currency of the order. A credit is less than zero.",
    )
    spread = SelectField("Spread", choices=[SelectChoice(*one) for one in SPREADS.items()])
    note = StringField("Note", [Length(max=LONGEST_NOTE)], filters=[stripped])


class DecisionRow(wtforms.Form):
    """What becomes of a line that was put aside."""

    line_id = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    decision = SelectField(
        "Decision",
        choices=[
            SelectChoice("", "Not yet"),
            *(SelectChoice(*one) for one in DECISIONS.items()),
        ],
    )


class DecisionsForm(Form):
    """What becomes of what was put aside of a receipt."""

    items = FieldList(FormField(DecisionRow), "Put aside")
    location = StringField(
        "Put where",
        [Length(max=100)],
        filters=[stripped],
        description=f"Of what is taken in. {WHERE}",
    )
    note = StringField("Note", [Length(max=LONGEST_NOTE)], filters=[stripped])

    @property
    def values(self) -> dict[str, Any]:
        """What the person entered; a line left alone is decided another time."""
        place = stock.find_location(self.location.data) if self.location.data else None
        decisions = [
            services.Decision(row["line_id"], row["decision"], place)
            for row in self.items.data
            if row["decision"]
        ]
        return {"decisions": decisions, "note": self.note.data}

    def offer(self, receipt: GoodsReceipt) -> None:
        """Ask for each line that nobody has decided about."""
        for line in receipt.undecided:
            self.items.append_entry({"line_id": line.id})


class AsideForm(Form):
    """A delivery that belongs to no order."""

    key = KeyField()
    vendor = vendor_field("Vendor", [Optional()])
    delivery_note = StringField(
        "Their packing slip", [Length(max=LONGEST_NOTE)], filters=[stripped]
    )
    others = FieldList(FormField(OtherRow), "What has come", min_entries=4)
    note = StringField("Note", [Length(max=LONGEST_NOTE)], filters=[stripped])

    @property
    def values(self) -> dict[str, Any]:
        """What the person entered, as items and as a delivery."""
        said = {"delivery_note": self.delivery_note.data, "note": self.note.data}
        return {
            "key": self.key.once,
            "vendor_id": self.vendor.data,
            "items": other_items(self.others.data),
            "delivery": Delivery(**said),
        }
