"""The form of an endpoint."""

from typing import Any

from wtforms import SelectMultipleField, StringField, URLField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from app.catalog.rules import parse_line
from app.core.forms import Follows, Form, VersionField
from app.core.slices import slices
from app.webhooks.rules import parse_url

LONGEST_URL = 2_000


class NewEndpointForm(Form):
    """Who is told of what."""

    name = StringField("Name", [InputRequired(), Length(max=100), Follows(parse_line)])
    url = URLField(
        "Address",
        [InputRequired(), Length(max=LONGEST_URL), Follows(parse_url)],
        description="Is sent a POST for every event.",
    )
    events = SelectMultipleField(
        "Events",
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.events.choices = [
            SelectChoice(event.name, f"{event.label} ({event.name})")
            for event in slices().webhooks.values()
        ]


class EndpointForm(NewEndpointForm):
    """An endpoint that is there already."""

    version = VersionField()
