"""The form of an endpoint."""

from typing import Any
from urllib.parse import urlsplit

from wtforms import SelectMultipleField, StringField, URLField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from app.catalog.rules import parse_line
from app.core.forms import Follows, Form, VersionField
from app.core.slices import slices

LONGEST_URL = 2_000


def parse_url(text: str) -> str:
    """Read the address of an endpoint.

    Raises:
        ValueError: It is none, or holds a password, which would be seen by whoever sees it.
    """
    address = text.strip()
    try:
        parts = urlsplit(address)
        is_complete = parts.scheme in {"http", "https"} and bool(parts.hostname)
        is_complete = is_complete and parts.port != 0
    except ValueError:
        is_complete = False
    if not is_complete or not address.isprintable() or " " in address:
        raise ValueError("This is no address like https://example.com/hooks.")
    if parts.username or parts.password:
        raise ValueError("Leave out user and password: the signature says who is calling.")
    return address


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
