"""Connecting with what a person types: an address, and what the system has given them."""

from flask import abort, render_template, request, url_for
from werkzeug import Response

from app.core.errors import DomainError
from app.core.permissions import requires
from app.core.web import render, respond_redirect
from app.integrations.forms import CredentialsForm, credentials_form
from app.integrations.hub.auth import CredentialsConnector
from app.integrations.hub.connector import connectors
from app.integrations.hub.models import Connection
from app.integrations.services import credentials
from app.integrations.services.credentials import CheckResult
from app.integrations.views.blueprint import bp, one


@bp.get("/credentials/<system>/edit")
@requires("integrations.manage")
def edit_credentials(system: str) -> Response:
    """Ask for address and credentials, in the way that was taken last."""
    connector = _connector(system)
    last = _known(system, request.args.get("connection", 0, int))
    method = request.args.get("auth_method") or (last.environment if last else "")
    form = _form(
        connector,
        method if method in connector.auth_methods else next(iter(connector.auth_methods)),
    )
    form.address.data = last.address if last else ""
    return _page(connector, form)


@bp.post("/credentials/<system>")
@requires("integrations.manage")
def update_credentials(system: str) -> Response:
    """Connect with them."""
    connector, form = _sent(system)
    if not form.validate_on_submit():
        return _page(connector, form, status=422)
    try:
        connection = credentials.connect_with_credentials(
            system,
            address=form.address.data,
            method=form.auth_method.data,
            credentials=form.credentials,
        )
    except DomainError as error:
        return _page(connector, form, status=form.refuse(error))
    said = f"{connection.name} is connected. Its records are being read."
    return respond_redirect(url_for(".show", connection_id=connection.id), said)


@bp.post("/credentials/<system>/checks")
@requires("integrations.manage")
def check_credentials(system: str) -> Response:
    """Say what can be read with them, and keep nothing."""
    connector, form = _sent(system)
    checks, status = [], 422
    if form.validate_on_submit():
        try:
            checks, status = (
                credentials.check_credentials(
                    system,
                    address=form.address.data,
                    method=form.auth_method.data,
                    credentials=form.credentials,
                ),
                200,
            )
        except DomainError as error:
            form.refuse(error)
    if request.headers.get("HX-Target") == "checks":  # what was typed stays as it is
        return Response(render_template("connections/_checks.html", checks=checks, form=form))
    return _page(connector, form, checks=checks, status=status)


def _known(system: str, connection_id: int) -> Connection | None:
    """The connection that is signed in to again, or what was connected before."""
    if not connection_id:
        return credentials.ended(system)
    connection = one(connection_id)
    return connection if connection.system == system else abort(404)


def _connector(system: str) -> CredentialsConnector:
    connector = connectors().get(system)
    return connector if isinstance(connector, CredentialsConnector) else abort(404)


def _sent(system: str) -> tuple[CredentialsConnector, CredentialsForm]:
    connector, method = _connector(system), request.form.get("auth_method", "")
    if method not in connector.auth_methods:
        abort(400)
    return connector, _form(connector, method)


def _form(connector: CredentialsConnector, method: str) -> CredentialsForm:
    form = credentials_form(connector, method)()
    form.auth_method.data = method
    return form


def _page(
    connector: CredentialsConnector, form: CredentialsForm, *, status: int = 200,
    checks: list[CheckResult] | None = None,
) -> Response:  # fmt: skip
    method = connector.auth_methods[form.auth_method.data or ""]
    return render(
        "connections/credentials.html",
        fragment="form",
        status=status,
        form=form,
        connector=connector,
        method=method,
        fields=[form[field.name] for field in method.fields],
        checks=checks or [],
    )
