"""Forms of what is done with a purchase order: reasons, days, and how much of which line."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import wtforms
from wtforms import DateField, FieldList, FormField, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from app.catalog.rules import parse_line
from app.core.currencies import CURRENCIES
from app.core.forms import Follows, Form, KeyField, VersionField
from app.core.quantities import MONEY_DECIMALS, QUANTITY_DECIMALS
from app.core.roles import role_number, roles
from app.purchasing.forms.orders import number, stripped
from app.purchasing.services.closing import LONGEST_REASON


class CancellationForm(Form):
    """Why an order is given up."""

    reason = StringField("Reason", [Length(max=LONGEST_REASON)], filters=[stripped])


class PartRow(wtforms.Form):
    """How much of a line, in the product's own unit."""

    line_id = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    quantity = number("Quantity", decimals=QUANTITY_DECIMALS)


class PartsForm(Form):
    """How much of which line of the order as it was shown: sent twice, it counts once."""

    key = KeyField()
    version = VersionField(validators=[Optional()])
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


class DayRow(wtforms.Form):
    """When a line comes."""

    line_id = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    day = DateField("Day", [Optional()])


class ConfirmationForm(Form):
    """What the vendor says: their number, and when what comes."""

    version = VersionField(validators=[Optional()])
    vendor_reference = StringField("Their order number", [Follows(parse_line)])
    confirmed_on = DateField(
        "They deliver on", [Optional()], description="For all lines that say nothing else."
    )
    days = FieldList(FormField(DayRow), "Days")

    @property
    def values(self) -> dict[str, Any]:
        """What the person entered, days by line."""
        days = {row["line_id"]: row["day"] for row in self.days.data}
        return super().values | {"days": days}


class LimitForm(Form):
    """Up to which amount a role approves."""

    version = VersionField(validators=[Optional()])
    role_id = SelectField("Role", coerce=role_number)
    currency = SelectField("Currency", choices=sorted(CURRENCIES))
    amount = number("Up to", decimals=MONEY_DECIMALS, is_needed=True)

    def offer_roles(self) -> None:
        """Offer every role."""
        self.role_id.choices = [(number, name) for number, name in roles()]
