"""Forms of what is done with an order: reasons, and how much of which line."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import wtforms
from wtforms import (
    FieldList,
    FormField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import HiddenInput

from app.core.forms import Form, KeyField, PlainDecimalField, VersionField, at_most_decimals
from app.core.quantities import LARGEST_QUANTITY, QUANTITY_DECIMALS
from app.orders.models import CONDITIONS, RETURN_REASONS
from app.orders.services.closing import LONGEST_REASON

MOST = LARGEST_QUANTITY - 1
LONGEST_LOTS = 20_000  # 500 serial numbers of 40 characters


def stripped(text: str | None) -> str:
    """Give what was typed without blanks around it, or what PostgreSQL cannot hold."""
    return (text or "").replace("\0", "").strip()


class HoldForm(Form):
    """Why an order has to wait."""

    reason = StringField(
        "Reason",
        [InputRequired("Say why it has to wait."), Length(max=LONGEST_REASON)],
        filters=[stripped],
    )


class CancellationForm(Form):
    """Why an order is given up."""

    reason = StringField("Reason", [Length(max=LONGEST_REASON)], filters=[stripped])


class PartRow(wtforms.Form):
    """How much of a line."""

    line_id = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    quantity = PlainDecimalField(
        "Quantity",
        [
            Optional(),
            at_most_decimals(QUANTITY_DECIMALS),
            NumberRange(0, MOST, f"Enter a number from 0 to {MOST}."),
        ],
        places=None,
    )


class PartsForm(Form):
    """How much of which line, and a key so that sent twice it counts once."""

    key = KeyField()
    quantities = FieldList(FormField(PartRow), "Quantities")

    @property
    def values(self) -> dict[str, Any]:
        """What the person entered; a line left empty is none of it."""
        rows = self.quantities.data
        parts = {row["line_id"]: row["quantity"] or Decimal(0) for row in rows}
        return super().values | {"quantities": parts}

    def offer(self, quantities: Mapping[int, Decimal | None]) -> None:
        """Ask for lines of an order, with a quantity to begin with or None."""
        for line_id, quantity in quantities.items():
            self.quantities.append_entry({"line_id": line_id, "quantity": quantity})


class SplitForm(PartsForm):
    """How much of which line of the order as it was shown: sent twice, it counts once."""

    version = VersionField(validators=[Optional()])


class ShipmentUndoForm(Form):
    """Which shipment never left: each says all of its lines."""

    key = KeyField()
    posting_id = RadioField(
        "Shipment", [InputRequired("Which one?")], coerce=int, validate_choice=True
    )

    def offer(self, shipments: Mapping[int, tuple[str, str]]) -> None:
        """Offer shipments by posting: what left, and why it is not to be chosen, if so."""
        self.posting_id.choices = [
            (number, f"{said}. {refusal}" if refusal else said, {"disabled": bool(refusal)})
            for number, (said, refusal) in shipments.items()
        ]


class ReturnRow(PartRow):
    """How much of a line came back; of what is tracked, of which lot, or which pieces."""

    lot = StringField(
        "Lot or serial numbers",
        [Length(max=LONGEST_LOTS)],
        filters=[stripped],
        description="Several serial numbers are parted by blanks.",
    )


class ReturnForm(PartsForm):
    """What came back, why, and where it was put."""

    quantities = FieldList(FormField(ReturnRow), "Quantities")

    reason = SelectField(
        "Reason", choices=[SelectChoice(*one) for one in RETURN_REASONS.items()]
    )
    condition = SelectField(
        "Condition", choices=[SelectChoice(*one) for one in CONDITIONS.items()]
    )
    location = StringField(
        "Put where",
        [Length(max=100)],
        filters=[stripped],
        description="Type or scan the code. Left empty: the default location.",
    )
    note = StringField("Note", [Length(max=LONGEST_REASON)], filters=[stripped])

    @property
    def values(self) -> dict[str, Any]:
        """What the person entered, with the lots by line."""
        lots = {row["line_id"]: row["lot"] for row in self.quantities.data if row["lot"]}
        return super().values | {"lots": lots}
