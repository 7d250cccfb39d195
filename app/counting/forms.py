"""What people type or tap in counting."""

from typing import Any

import wtforms
from wtforms import (
    BooleanField,
    FieldList,
    FormField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from app.core.db import db
from app.core.forms import Form
from app.core.quantities import QUANTITY_DECIMALS, parse_shown
from app.counting import queries
from app.counting.models.plans import DAYS
from app.counting.services import MOST_BINS
from app.scanning.forms import ActionForm

LONGEST = 200
WHAT = {
    "location": "A bin, a zone or a warehouse",
    "product": "A product, wherever it lies",
    "oldest": "What was not counted for longest",
}


def _stripped(text: str | None) -> str:
    return (text or "").replace("\0", "").strip()


class QuantityForm(ActionForm):
    """How many there are in all."""

    line_id = IntegerField(validators=[InputRequired("Which line is it about?")])
    quantity = StringField("Quantity", [InputRequired("Type how many."), Length(max=20)])

    def validate_quantity(self, field: Any) -> None:
        """Take a number as people write it."""
        try:
            self.pieces = parse_shown(field.data, decimals=QUANTITY_DECIMALS)
        except ValueError as error:
            raise ValidationError(str(error)) from None


class NewCountForm(Form):
    """What is to be counted: one of three ways to say it."""

    what = RadioField(
        "What", choices=[SelectChoice(*choice) for choice in WHAT.items()], default="location"
    )
    location = StringField(
        "Location",
        [Length(max=100)],
        filters=[_stripped],
        description="Code or barcode. Of a zone or a warehouse all bins are counted.",
    )
    with_empty = BooleanField("Also bins that should be empty")
    product = StringField(
        "Product", [Length(max=100)], filters=[_stripped], description="SKU or barcode."
    )
    number = IntegerField("Number of bins", [Optional(), NumberRange(1, MOST_BINS)], default=10)
    note = StringField(
        "Note", [Length(max=LONGEST)], filters=[_stripped], description="Counters see it."
    )

    def validate_location(self, field: StringField) -> None:
        """Ask for it where it is what was chosen."""
        self._needed("location", field)

    def validate_product(self, field: StringField) -> None:
        """Ask for it where it is what was chosen."""
        self._needed("product", field)

    def _needed(self, what: str, field: StringField) -> None:
        if self.what.data == what and not field.data:
            raise ValidationError("This is needed.")


class CountRow(wtforms.Form):
    """A bin, a zone or a product; with a product beside a place, only that product there."""

    code = StringField(
        "Bin, zone or product",
        [InputRequired("What is to be counted?"), Length(max=100)],
        filters=[_stripped],
    )
    product = StringField("Only this product", [Length(max=100)], filters=[_stripped])


class CountListForm(Form):
    """What is to be counted, line by line. `lines_view` is how the lines are shown."""

    rearranging = frozenset({"more", "removed"})
    lines_view: Any
    lines = FieldList(FormField(CountRow), "Lines")
    note = StringField(
        "Note", [Length(max=LONGEST)], filters=[_stripped], description="Counters see it."
    )


def _number(label: str, usual: int, most: int, *, least: int = 1) -> IntegerField:
    rules = [InputRequired("This is needed."), NumberRange(least, most)]
    return IntegerField(label, rules, default=usual)


class CountPlanForm(Form):
    """How the goods of a warehouse are counted in turn."""

    warehouse_id = SelectField("Warehouse", coerce=int)
    share_a = _number("Class A: the first percent of the value", 80, 100)
    share_b = _number("Class B: the next percent", 15, 100, least=0)
    times_a = _number("Class A, times a year", 12, DAYS)
    times_b = _number("Class B, times a year", 4, DAYS)
    times_c = _number("Class C, times a year", 1, DAYS)
    most_a_day = _number("Products a day, at most", 50, 10_000)

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        places = db.session.scalars(queries.warehouses())
        self.warehouse_id.choices = [SelectChoice(str(one.id), one.label) for one in places]


class ApprovalForm(Form):
    """Why a difference is believed."""

    reason = StringField(
        "Reason",
        [InputRequired("This is needed."), Length(max=LONGEST)],
        filters=[_stripped],
        description="Stands in the ledger beside each movement.",
    )
    releases = BooleanField("Release what is reserved of them")


class ReversalForm(Form):
    """Why a count that was posted is taken back."""

    reason = StringField(
        "Reason",
        [InputRequired("This is needed."), Length(max=LONGEST)],
        filters=[_stripped],
        description="Stands in the ledger beside each movement.",
    )


class CancellationForm(Form):
    """Why a count is given up."""

    reason = StringField("Reason", [Length(max=LONGEST)], filters=[_stripped])
