"""Connecting with what a person types: an address, and what the system has given them."""

from flask import abort, render_template, request, url_for
from werkzeug import Response

from app.core.errors import DomainError
from app.core.permissions import requires
from app.core.web import render, respond_redirect
from app.integrations.admission import ByCredentials
from app.integrations.connector import connectors
from app.integrations.forms import CredentialsForm, credentials_form
from app.integrations.services import admitting
from app.integrations.services.admitting import Found
from app.integrations.views.blueprint import bp


@bp.get("/credentials/<system>/edit")
@requires("integrations.manage")
def edit_credentials(system: str) -> Response:
    """Ask for address and credentials, in the way that was taken last."""
    outside, last = _outside(system), admitting.latest(system)
    way = request.args.get("way") or (last.environment if last else "")
    form = _form(outside, way if way in outside.ways else next(iter(outside.ways)))
    form.address.data = last.address if last else ""
    return _page(outside, form)


@bp.post("/credentials/<system>")
@requires("integrations.manage")
def update_credentials(system: str) -> Response:
    """Connect with them."""
    outside, form = _sent(system)
    if not form.validate_on_submit():
        return _page(outside, form, status=422)
    try:
        connection = admitting.connect_by_credentials(
            system, address=form.address.data, way=form.way.data, credentials=form.credentials
        )
    except DomainError as error:
        return _page(outside, form, status=form.refuse(error))
    said = f"{connection.name} is connected. Its records are being read."
    return respond_redirect(url_for(".show", connection_id=connection.id), said)


@bp.post("/credentials/<system>/trials")
@requires("integrations.manage")
def try_credentials(system: str) -> Response:
    """Say what can be read with them, and keep nothing."""
    outside, form = _sent(system)
    found, status = [], 422
    if form.validate_on_submit():
        try:
            found, status = (
                admitting.try_credentials(
                    system,
                    address=form.address.data,
                    way=form.way.data,
                    credentials=form.credentials,
                ),
                200,
            )
        except DomainError as error:
            form.refuse(error)
    if request.headers.get("HX-Target") == "found":  # what was typed stays as it is
        return Response(render_template("connections/_found.html", found=found, form=form))
    return _page(outside, form, found=found, status=status)


def _outside(system: str) -> ByCredentials:
    outside = connectors().get(system)
    return outside if isinstance(outside, ByCredentials) else abort(404)


def _sent(system: str) -> tuple[ByCredentials, CredentialsForm]:
    outside, way = _outside(system), request.form.get("way", "")
    if way not in outside.ways:
        abort(400)
    return outside, _form(outside, way)


def _form(outside: ByCredentials, way: str) -> CredentialsForm:
    form = credentials_form(outside, way)()
    form.way.data = way
    return form


def _page(
    outside: ByCredentials, form: CredentialsForm, *, status: int = 200,
    found: list[Found] | None = None,
) -> Response:  # fmt: skip
    way = outside.ways[form.way.data or ""]
    return render(
        "connections/credentials.html",
        fragment="form",
        status=status,
        form=form,
        outside=outside,
        way=way,
        fields=[form[entry.name] for entry in way.entries],
        found=found or [],
    )
