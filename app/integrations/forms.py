"""Forms of connections."""

from collections.abc import Mapping
from typing import Any

from wtforms import PasswordField, SelectField, StringField
from wtforms.validators import InputRequired, Optional

from app.core.forms import Form, VersionField


class AppForm(Form):
    """Our registration with a system. What is secret is never shown again."""

    version = VersionField(validators=[Optional()])
    environment = SelectField("Environment")
    client_id = StringField("Client ID", [InputRequired("Please fill this in.")])
    client_secret = PasswordField("Client secret")
    webhook_secret = PasswordField("Verifier token of webhooks")

    def offer(self, environments: Mapping[str, str], *, is_known: bool) -> "AppForm":
        """Say which environments there are, and whether there are secrets already."""
        self.environment.choices = list(environments.items())
        self.client_secret.flags.required = not is_known
        if is_known:
            kept = "Leave it empty to keep the one there is."
            self.client_secret.description = kept
            self.webhook_secret.description = kept
        else:
            self.webhook_secret.description = "Only if the system is to tell us of changes."
        return self


def picked(values: Any) -> list[int]:
    """Read the ids of picked rows."""
    return [int(value) for value in values if value.isdecimal()][:1000]
