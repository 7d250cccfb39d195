"""What people type or tap in pick & pack."""

from decimal import Decimal
from typing import Any

from wtforms import HiddenField, IntegerField, StringField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from app.core.forms import Form
from app.core.quantities import QUANTITY_DECIMALS, parse_shown
from app.scanning.forms import ActionForm

LONGEST = 100


class LineForm(ActionForm):
    """A tap that is about a line."""

    line_id = IntegerField(validators=[InputRequired("Which line is it about?")])


class ShortForm(LineForm):
    """Why the rest of a line is not there."""

    reason = HiddenField(validators=[InputRequired("Choose a reason.")])


class QuantityForm(LineForm):
    """Several pieces at once."""

    quantity = StringField("Quantity", [InputRequired("Type how many."), Length(max=20)])

    def validate_quantity(self, field: Any) -> None:
        """Take a number as people write it."""
        try:
            self.pieces = parse_shown(field.data, decimals=QUANTITY_DECIMALS)
        except ValueError as error:
            raise ValidationError(str(error)) from None


class RepackForm(ActionForm):
    """So many pieces of a line of a parcel go elsewhere."""

    line_id = IntegerField(validators=[InputRequired("Which line is it about?")])
    quantity = StringField("Quantity", [InputRequired("Type how many."), Length(max=20)])
    to = HiddenField(validators=[InputRequired("Say where they go."), Length(max=20)])

    validate_quantity = QuantityForm.validate_quantity


class ParcelForm(Form):
    """Weight, size and the way of a parcel."""

    weight_kg = StringField("Weight", [Optional(), Length(max=20)])
    carrier = StringField("Carrier", [Length(max=LONGEST)])
    tracking = StringField("Tracking number", [Length(max=LONGEST)])

    def validate_weight_kg(self, field: Any) -> None:
        """Take a number above zero, in kilograms."""
        try:
            self.kilograms: Decimal | None = parse_shown(field.data, decimals=QUANTITY_DECIMALS)
        except ValueError as error:
            raise ValidationError(str(error)) from None
        if self.kilograms <= 0:
            raise ValidationError("Enter a weight above zero.")

    @property
    def values(self) -> dict[str, Any]:
        """What the service parts."""
        return {
            "weight_kg": self.kilograms if self.weight_kg.data else None,
            "carrier": (self.carrier.data or "").strip(),
            "tracking": (self.tracking.data or "").strip(),
        }
