"""Forms of connections."""

from collections.abc import Mapping
from typing import Any

from wtforms import BooleanField, HiddenField, PasswordField, SelectField, StringField
from wtforms.validators import InputRequired, Optional

from app.core.forms import Form, VersionField
from app.integrations.hub.auth import CredentialsConnector


class AppForm(Form):
    """Our registration with a system. What is secret is never shown again."""

    version = VersionField(validators=[Optional()])
    environment = SelectField("Environment")
    client_id = StringField("Client ID", [InputRequired("Please fill this in.")])
    client_secret = PasswordField("Client secret")
    webhook_secret = PasswordField("Verifier token of webhooks")
    forget_webhook_secret = BooleanField("Forget the verifier token: take no webhooks")

    @property
    def values(self) -> dict[str, Any]:
        """What the service takes: an empty secret stays as it is, unless it is to go."""
        given = super().values
        is_forgotten = given.pop("forget_webhook_secret", False)
        given["client_secret"] = given["client_secret"] or None
        given["webhook_secret"] = "" if is_forgotten else given["webhook_secret"] or None
        return given

    def offer(
        self, environments: Mapping[str, str], *, is_known: bool, takes_webhooks: bool
    ) -> "AppForm":
        """Say which environments there are, and which secrets there are already."""
        self.environment.choices = list(environments.items())
        self.client_secret.flags.required = not is_known
        kept = "Leave it empty to keep the one there is."
        self.client_secret.description = kept if is_known else ""
        self.webhook_secret.description = "Only if the system is to tell us of changes."
        if takes_webhooks:
            self.webhook_secret.description = kept
        elif "forget_webhook_secret" in self:
            del self.forget_webhook_secret
        return self


class CredentialsForm(Form):
    """The address of an account, and what shows who we are; `fitting` adds its fields."""

    address = StringField("Address", [InputRequired("Please fill this in.")])
    auth_method = HiddenField()

    @property
    def credentials(self) -> dict[str, str]:
        """What was typed apart from the address."""
        known = {"address", "auth_method"}
        return {
            name: str(text or "") for name, text in self.values.items() if name not in known
        }


def credentials_form(connector: CredentialsConnector, method: str) -> type[CredentialsForm]:
    """Make the form of one way into a system. What is secret is never shown again."""
    fields = {
        field.name: (PasswordField if field.is_secret else StringField)(
            field.label, [InputRequired("Please fill this in.")]
        )
        for field in connector.auth_methods[method].fields
    }
    fields["address"] = StringField(
        connector.address_label,
        [InputRequired("Please fill this in.")],
        description=connector.address_help,
    )
    return type("AuthMethodForm", (CredentialsForm,), fields)


def selected_ids(values: Any) -> list[int]:
    """Read the ids of selected rows."""
    return [int(value) for value in values if value.isdecimal()][:1000]
