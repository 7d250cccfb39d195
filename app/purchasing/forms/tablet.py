"""What a tablet at the dock sends."""

from decimal import Decimal
from typing import Any

from wtforms import IntegerField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from app.core.quantities import QUANTITY_DECIMALS, parse_shown
from app.scanning.forms import ActionForm


class QuantityForm(ActionForm):
    """How many there are of something in hand."""

    line_id = IntegerField(validators=[InputRequired("Which line is it about?")])
    quantity = StringField("Quantity", [InputRequired("Type how many."), Length(max=20)])
    pieces: Decimal

    def validate_quantity(self, field: Any) -> None:
        """Take a number as people write it."""
        try:
            self.pieces = parse_shown(field.data, decimals=QUANTITY_DECIMALS)
        except ValueError as error:
            raise ValidationError(str(error)) from None
