"""Forms of time accounts, overtime and swaps of shifts."""

from wtforms import DateField, IntegerField, SelectField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import HiddenInput

from app.attendance.forms.fields import clock_field, text_field
from app.attendance.models import ENTRIES
from app.core.forms import Form

NEEDED = "This is needed."


class EntryForm(Form):
    """Time that is put into an account, or taken out."""

    kind = SelectField("What it is", choices=[SelectChoice(*one) for one in ENTRIES.items()])
    day = DateField("Day", [InputRequired(NEEDED)])
    minutes = clock_field(
        "Hours",
        is_needed=True,
        description="As 1:30 or 7.5. What is taken out by an adjustment has a minus.",
    )
    reason = text_field("Reason", is_needed=True)


def _seen() -> IntegerField:
    """Make a field for the minutes that whoever decides has looked at."""
    return IntegerField(widget=HiddenInput(), validators=[Optional()])


class OvertimeForm(Form):
    """How much of the overtime counts, and what is answered."""

    minutes = clock_field("Hours that count", description="As 1:30. Empty: all of it.")
    answer = text_field("Answer")
    seen = _seen()


class OvertimeAnswerForm(Form):
    """What is answered to whoever worked overtime."""

    answer = text_field("Answer")
    seen = _seen()


class SwapForm(Form):
    """A shift that somebody wants to give away."""

    duty = SelectField("Which shift")
    colleague_id = SelectField("Who is asked", coerce=int)
    reason = text_field("Note")


class AcceptanceForm(Form):
    """What is given in return for a shift, if anything."""

    duty = SelectField("In return I give")
