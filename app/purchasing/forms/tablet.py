"""What a tablet at the dock sends."""

from decimal import Decimal
from typing import Any

from wtforms import DateField, IntegerField, StringField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from app.catalog.scan_codes import LONGEST_SCAN
from app.core.quantities import QUANTITY_DECIMALS, parse_shown
from app.purchasing.forms.orders import stripped
from app.scanning.forms import ActionForm


class LotForm(ActionForm):
    """The lot of what was scanned without it, and when it expires."""

    lot = StringField(
        "Lot or serial number",
        [InputRequired("Type or scan it."), Length(max=LONGEST_SCAN)],
        filters=[stripped],
    )
    expires_on = DateField("Expires on", [Optional()])


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
