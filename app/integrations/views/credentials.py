"""Connecting with what a person types: an address, and what the system has given them."""

from collections.abc import Sequence
from typing import Any

from flask import abort, render_template, request, url_for
from werkzeug import Response

from app.core.pages import Action, Resource
from app.core.web import respond_redirect
from app.integrations.forms import CredentialsForm, credentials_form
from app.integrations.hub.auth import CredentialsConnector
from app.integrations.hub.connector import connectors
from app.integrations.hub.models import Connection
from app.integrations.services import credentials
from app.integrations.services.credentials import CheckResult
from app.integrations.views.apps import webhook_address
from app.integrations.views.blueprint import bp, one


def _connector(system: str) -> CredentialsConnector:
    connector = connectors().get(system)
    return connector if isinstance(connector, CredentialsConnector) else abort(404)


def _form(connector: CredentialsConnector) -> CredentialsForm:
    """Ask in the way that is wanted: the one sent, the one chosen, or the one taken last."""
    if request.method == "POST":
        method = request.form.get("auth_method", "")
        if method not in connector.auth_methods:
            abort(400)
    else:
        last = _last(connector)
        method = request.args.get("auth_method") or (last.environment if last else "")
    known = [name for name in connector.auth_methods if name == method]
    form = credentials_form(connector, [*known, *connector.auth_methods][0])()
    form.auth_method.data = [*known, *connector.auth_methods][0]
    return form


def _last(connector: CredentialsConnector) -> Connection | None:
    """The connection that is signed in to again, or what was connected before."""
    connection_id = request.args.get("connection", 0, int)
    if not connection_id:
        return credentials.ended(connector.system)
    connection = one(connection_id)
    return connection if connection.system == connector.system else abort(404)


def _begin(form: CredentialsForm, connector: CredentialsConnector) -> None:
    last = _last(connector)
    form.address.data = last.address if last else ""


def _connected(_connector: CredentialsConnector, connection: Connection) -> Response:
    said = f"{connection.name} is connected. Its records are being read."
    return respond_redirect(url_for(".show", connection_id=connection.id), said)


def _trial(
    connector: CredentialsConnector, form: CredentialsForm, status: int,
    checks: Sequence[CheckResult] = (),
) -> Response:  # fmt: skip
    """Show what a trial has found; beside the form, what was typed stays as it is."""
    found = _shown(connector) | {"checks": checks}
    if request.headers.get("HX-Target") == "checks":
        return Response(render_template("connections/_checks.html", form=form, **found))
    return CONNECT.but(context=lambda _: found).show(connector, form, status=status)


def _shown(connector: CredentialsConnector) -> dict[str, Any]:
    takes = bool(connector.webhook_field)
    return {"checks": (), "takes_webhooks_at": takes and webhook_address(connector.system)}


CONNECTOR = Resource(
    name="connector",
    area="connections",
    query=_connector,
    rule="/credentials/<system>",
    keys={"system": "system"},
)
CONNECT = Action(
    resource=CONNECTOR,
    name="update_credentials",
    title="Connect {0.label}",
    permission="integrations.manage",
    make=_form,
    fill=_begin,
    act=credentials.connect_with_credentials,
    reply=_connected,
    to=lambda _subject: url_for("connections.index"),
    submit="Connect",
    fields="connections/_credentials.html",
    context=_shown,
    is_wide=True,
)
CHECK = Action(
    resource=CONNECTOR,
    name="check_credentials",
    title="Test",
    permission="integrations.manage",
    path="/checks",
    make=_form,
    act=credentials.check_credentials,
    page=_trial,
    reply=lambda connector, checks: _trial(connector, _form(connector), 200, checks),
)
for action in (CONNECT, CHECK):
    action.add_to(bp)
