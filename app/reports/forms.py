"""Forms of reports and of their schedules."""

from collections.abc import Mapping

from wtforms import DateField, SelectField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Optional

from app.catalog.rules import parse_email
from app.core.db import db
from app.core.forms import Follows, Form
from app.planning.models import CYCLE_STATUSES
from app.reports import queries
from app.reports.kinds import open_kinds
from app.reports.models import EVERY, FORMS

MOST_RECIPIENTS = 50


def _choices(named: Mapping[str, str]) -> list[SelectChoice]:
    return [SelectChoice(name, label) for name, label in named.items()]


def parse_recipients(text: str) -> str:
    """Read e-mail addresses with commas or line ends between.

    Raises:
        ValueError: One of them is none, there are none, or too many.
    """
    found = [
        parse_email(one) for one in text.replace(",", "\n").replace(";", "\n").splitlines()
    ]
    addresses = [*dict.fromkeys(filter(None, found))]
    if not addresses:
        raise ValueError("Say to whom it goes.")
    if len(addresses) > MOST_RECIPIENTS:
        raise ValueError(f"At most {MOST_RECIPIENTS} addresses.")
    return ", ".join(addresses)


class ReportForm(Form):
    """Which report, of when, as what."""

    kind = SelectField("Report", [InputRequired("Choose a report.")])
    form = SelectField("File", choices=_choices(FORMS))
    since = DateField(
        "From",
        [Optional()],
        description="Of sales and accuracy. Without days: the last twelve whole months.",
    )
    until = DateField("To", [Optional()])
    cycle_id = SelectField(
        "Cycle",
        coerce=lambda text: int(text) if text and text != "None" else None,
        description="Of a forecast. Of an open cycle what it says then.",
    )

    def offer(self) -> None:
        """Offer what the person asking may see."""
        self.kind.choices = _choices(open_kinds())
        cycles = db.session.scalars(queries.opened_cycles()).all()
        self.cycle_id.choices = [SelectChoice("", "The latest")] + [
            SelectChoice(one.id, f"{one} ({CYCLE_STATUSES[one.status].lower()})")
            for one in cycles
        ]


class ScheduleForm(Form):
    """Which report, how often, to whom."""

    kind = SelectField("Report", [InputRequired("Choose a report.")])
    form = SelectField("File", choices=_choices(FORMS))
    every = SelectField("How often", choices=_choices(EVERY), default="month")
    next_on = DateField("First on", [InputRequired("Say a day.")])
    recipients = TextAreaField(
        "To",
        [Follows(parse_recipients)],
        description="E-mail addresses with commas or line ends between.",
    )

    def offer(self) -> None:
        """Offer what the person asking may see."""
        self.kind.choices = _choices(open_kinds())
