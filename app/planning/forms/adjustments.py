"""The form of what a planner says a level of the consensus comes to."""

from datetime import date
from typing import Any

from wtforms import SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange

from app.catalog.choices import customer_field, product_field
from app.core.countries import countries
from app.core.forms import Follows, Form, PlainDecimalField
from app.core.texts import parse_line
from app.planning.models import Cycle


def _number(text: Any) -> int | None:
    return int(text) if text and text != "None" else None


def _month(text: Any) -> date | None:
    if isinstance(text, date):
        return text
    return date.fromisoformat(text) if text and text != "None" else None


class AdjustForm(Form):
    """Which rows and months, to which total, and why; what is left empty is all of them."""

    rep_id = SelectField("Rep", coerce=_number)
    customer_id = customer_field("Customer")
    product_id = product_field("Product")
    country = SelectField("Country of the customer", default="")
    category = StringField("Category of the product", [Follows(parse_line)])
    month = SelectField("Month", coerce=_month)
    total = PlainDecimalField(
        "In all",
        [InputRequired("Say how much."), NumberRange(0)],
        description="Spread by what the rows say now, else by the year before, else evenly.",
    )
    reason = StringField("Reason", [InputRequired("Say why."), Follows(parse_line)])

    def offer(self, cycle: Cycle) -> None:
        """Offer who takes part, countries, and the months of the cycle."""
        self.rep_id.choices = [SelectChoice("", "All reps")] + [
            SelectChoice(one.user_id, one.user.name) for one in cycle.submissions
        ]
        self.country.choices = [
            SelectChoice(code, name)
            for code, name in {"": "All countries", **countries()}.items()
        ]
        self.month.choices = [SelectChoice("", "All months together")] + [
            SelectChoice(month, f"{month:%B %Y}") for month in cycle.horizon
        ]


class ScenarioForm(Form):
    """What a copy of the forecast is called."""

    name = StringField(
        "Name", [InputRequired("Say what it is called."), Follows(parse_line), Length(max=80)]
    )
    note = StringField("Note", [Follows(parse_line), Length(max=500)])
