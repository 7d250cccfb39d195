"""Forms of cycles and of their reminders."""

from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    MonthField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from app.core.db import db
from app.core.forms import Follows, Form, VersionField
from app.core.texts import parse_line, parse_text
from app.planning import queries
from app.planning.models import LONGEST_HORIZON, Cycle
from app.planning.models.cycles import MOST_PERCENT
from app.planning.services.matrix import LONGEST_HISTORY
from app.planning.services.templates import PLACES

NOBODY = 0


def _whole(label: str, least: int, most: int, **more: Any) -> Any:
    return IntegerField(
        label, [InputRequired("This is needed."), NumberRange(least, most)], **more
    )


class OpenCycleForm(Form):
    """What can still be changed of a cycle that is open."""

    version = VersionField()
    due_on = DateField("Due on", [InputRequired("Say when it is due.")])
    threshold = _whole(
        "Ask for a reason from",
        0,
        MOST_PERCENT,
        description="Percent off the baseline. At 0 nobody is asked.",
    )
    note = TextAreaField("Note", [Follows(parse_text)])


class CycleForm(Form):
    """A new cycle."""

    month = MonthField("First month", [InputRequired("Say which month is the first.")])
    months = _whole("Months", 1, LONGEST_HORIZON, description="How many are forecast.")
    due_on = DateField("Due on", [InputRequired("Say when it is due.")])
    threshold = _whole(
        "Ask for a reason from",
        0,
        MOST_PERCENT,
        description="Percent off the baseline. At 0 nobody is asked.",
    )
    rep_ids = SelectMultipleField(
        "Who forecasts",
        coerce=int,
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    note = TextAreaField("Note", [Follows(parse_text)])
    copies = BooleanField(
        "Copy the matrix of the cycle before", description="Of those who forecast in both."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = db.session.scalars(queries.reps())
        self.rep_ids.choices = [SelectChoice(one.id, one.name) for one in people]


class ChangedCycleForm(CycleForm):
    """A draft that is there already."""

    version = VersionField()
    copies = None


class ReminderForm(Form):
    """What reminders say."""

    version = VersionField()
    reminder_subject = StringField("Subject", [InputRequired(), Follows(parse_line)])
    reminder_text = TextAreaField(
        "Text",
        [InputRequired()],
        description="In braces: "
        + ", ".join(f"{{{name}}} {meaning}" for name, meaning in PLACES.items())
        + ".",
    )


class FillForm(Form):
    """From which sales the matrix is filled."""

    months = _whole(
        "Months of sales",
        1,
        LONGEST_HISTORY,
        description="What was sold in the months before the cycle is forecast.",
        default=12,
    )
    others_id = SelectField(
        "What nobody is known for goes to", coerce=int, description="Else it is left out."
    )

    @property
    def values(self) -> dict[str, Any]:
        """What was chosen; nobody is None."""
        return super().values | {"others_id": self.others_id.data or None}

    def offer_reps(self, cycle: Cycle) -> None:
        """Offer who takes part."""
        people = [(one.user_id, one.user.name) for one in cycle.submissions]
        self.others_id.choices = [SelectChoice(NOBODY, "Nobody")] + [
            SelectChoice(*person) for person in people
        ]
