"""How much of which line a vendor delivers, or gets back."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

import wtforms
from wtforms import FieldList, FormField, IntegerField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import HiddenInput

from app.catalog.choices import vendor_field
from app.core.forms import Form, KeyField, PlainDecimalField, VersionField, at_most_decimals
from app.core.quantities import LARGEST_QUANTITY, QUANTITY_DECIMALS
from app.orders.models import RETURN_REASONS
from app.stock.ledger.lines import LONGEST_NOTE

MOST = LARGEST_QUANTITY - 1


def _stripped(text: str | None) -> str:
    return (text or "").replace("\0", "").strip()


class LineRow(wtforms.Form):
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


class LinesForm(Form):
    """How much of which line; one left empty is none of it."""

    quantities = FieldList(FormField(LineRow), "Quantities")

    @property
    def values(self) -> dict[str, Any]:
        """What the person entered, by line."""
        rows = self.quantities.data
        return super().values | {
            "quantities": {row["line_id"]: row["quantity"] or Decimal(0) for row in rows}
        }

    def offer(self, quantities: Mapping[int, Decimal | None]) -> None:
        """Ask for lines, with a quantity to begin with or None."""
        for line_id, quantity in quantities.items():
            self.quantities.append_entry({"line_id": line_id, "quantity": quantity})


class DropShipForm(LinesForm):
    """What vendors deliver of the order as it was shown: sent twice, it counts once."""

    called: ClassVar[Mapping[str, str]] = {"vendor": "vendor_id"}
    version = VersionField(validators=[Optional()])
    vendor = vendor_field(
        "Vendor", [Optional()], description="Left empty: who usually sells each product."
    )

    @property
    def values(self) -> dict[str, Any]:
        """What the person entered; the vendor by its id."""
        return {self.called.get(name, name): value for name, value in super().values.items()}


class DirectReturnForm(LinesForm):
    """What a customer has sent back to the vendors who delivered it."""

    key = KeyField()
    reason = SelectField(
        "Reason", choices=[SelectChoice(*one) for one in RETURN_REASONS.items()]
    )
    note = StringField("Note", [Length(max=LONGEST_NOTE)], filters=[_stripped])
