"""Forms of connections."""

from collections.abc import Mapping
from typing import Any

from flask import request
from wtforms import BooleanField, HiddenField, PasswordField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Optional

from app.core.forms import Form, VersionField
from app.integrations.hub.auth import CredentialsConnector
from app.integrations.hub.models import Connection, SystemApp
from app.integrations.inbound.catalog import OURS, THEIRS, catalog_targets

WAS = "was."  # before the name of a field: what it was when the page was opened


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

    def begin(self, app: SystemApp | None) -> None:
        """Show what is known, but nothing of what is secret."""
        if app is not None:
            self.version.data, self.environment.data = app.version, app.environment
            self.client_id.data = app.client_id


class CredentialsForm(Form):
    """The address of an account, and what shows who we are; `fitting` adds its fields."""

    address = StringField("Address", [InputRequired("Please fill this in.")])
    auth_method = HiddenField()

    @property
    def values(self) -> dict[str, Any]:
        """What the service takes: all but the address shows who we are."""
        given = super().values
        address, method = given.pop("address"), given.pop("auth_method")
        credentials = {name: str(text or "") for name, text in given.items()}
        return {"address": address, "method": method, "credentials": credentials}


def credentials_form(connector: CredentialsConnector, method: str) -> type[CredentialsForm]:
    """Make the form of one way into a system. What is secret is never shown again."""
    fields = {
        field.name: (PasswordField if field.is_secret else StringField)(
            field.label,
            [InputRequired("Please fill this in.") if field.is_required else Optional()],
            description=field.help,
        )
        for field in connector.auth_methods[method].fields
    }
    fields["address"] = StringField(
        connector.address_label,
        [InputRequired("Please fill this in.")],
        description=connector.address_help,
    )
    return type("AuthMethodForm", (CredentialsForm,), fields)


class PrecedenceForm(Form):
    """Which side wins, field by field; `precedence_form` adds the fields.

    Beside each stands which side it was when the page was opened: what nobody touched there
    stays as others have set it since.
    """

    @property
    def values(self) -> dict[str, Any]:
        """What was chosen, `kind.field` by `kind.field`; the service knows which there are."""
        sent = {name: side for name, side in request.form.items() if "." in name}
        was = {n.removeprefix(WAS): s for n, s in sent.items() if n.startswith(WAS)}
        chosen = {name: side for name, side in sent.items() if not name.startswith(WAS)}
        return {"field_precedence": chosen, "was": was}


def precedence_form(connection: Connection, label: str) -> type[PrecedenceForm]:
    """Make the form for the fields that a connection has."""
    sides = [SelectChoice(THEIRS, label), SelectChoice(OURS, "Opsroom")]
    fields: dict[str, Any] = {}
    for target in catalog_targets(connection.system):
        for name in target.fields:
            field = f"{target.kind}.{name}"
            present = target.precedence(connection.field_precedence, name)
            fields[field] = SelectField(
                target.importer.label_of(name),
                choices=sides,
                default=present,
                validate_choice=False,
            )
            fields[f"{WAS}{field}"] = HiddenField(default=present)
    return type("FieldsForm", (PrecedenceForm,), fields)
