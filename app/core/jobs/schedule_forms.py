"""The form of a periodic job."""

from wtforms import BooleanField, StringField
from wtforms.validators import InputRequired

from app.core.forms import Form, VersionField


class ScheduleForm(Form):
    """When it runs, and whether."""

    version = VersionField()
    cron = StringField(
        "When",
        [InputRequired("Say when, such as 30 2 * * 1-5.")],
        description="Minute, hour, day of the month, month, day of the week; in UTC.",
    )
    is_enabled = BooleanField("Runs by itself")
