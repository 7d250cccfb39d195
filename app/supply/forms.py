"""The form of a plan that is asked for."""

from wtforms import IntegerField, SelectField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, NumberRange

from app.core.db import db
from app.core.forms import Form
from app.planning.models import CYCLE_STATUSES, LONGEST_HORIZON, Cycle
from app.supply import queries


class PlanForm(Form):
    """By which forecast, and for how many months."""

    cycle_id = SelectField(
        "Forecast",
        [InputRequired("Choose a forecast.")],
        coerce=int,
        description="Of an open cycle what it says now, of a closed one what it said then.",
    )
    months = IntegerField(
        "Months",
        [InputRequired("Say how many."), NumberRange(1, LONGEST_HORIZON)],
        default=12,
        description="From this one on. What no cycle forecasts goes by orders alone.",
    )

    def offer_cycles(self) -> None:
        """Offer every cycle that was opened, the latest first."""
        found = db.session.scalars(queries.usual_cycle()).all()
        self.cycle_id.choices = [SelectChoice(one.id, _label(one)) for one in found]


def _label(cycle: Cycle) -> str:
    return f"{cycle} ({CYCLE_STATUSES[cycle.status].lower()})"
