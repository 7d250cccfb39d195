"""What is connected, how it does, and how to connect and disconnect it."""

from collections.abc import Sequence
from typing import Any

from flask import abort, current_app, request, url_for
from flask_login import current_user
from sqlalchemy import func, select
from werkzeug import Response

from app.core.db import db
from app.core.errors import DomainError
from app.core.jobs.schedule import planned
from app.core.permissions import requires
from app.core.web import render, respond_redirect, respond_saved
from app.integrations.forms import AppForm
from app.integrations.hub import apps, queries
from app.integrations.hub.auth import OAuthConnector
from app.integrations.hub.connector import Connector, connectors
from app.integrations.hub.models import Connection
from app.integrations.inbound import queries as inbound
from app.integrations.outbox import queries as outbox
from app.integrations.services import connecting
from app.integrations.sync import queries as sync
from app.integrations.sync.services import start_sync
from app.integrations.system import find_system
from app.integrations.views.blueprint import CHANGED, bp, one

RUNS_SHOWN = 8


@bp.get("")
@requires("integrations.view")
def index() -> Response:
    """Show every system there is, connected or not."""
    known = db.session.scalars(queries.connections()).all()
    cards = [_card(connector, known) for connector in connectors().values()]
    return render("connections/index.html", fragment="record", cards=cards)


def _card(connector: Connector, known: Sequence[Connection]) -> dict[str, Any]:
    """A system with its connections; of those that are ended the last one, if all are."""
    mine = [one for one in known if one.system == connector.system]
    live = [one for one in mine if one.state != "disconnected"]
    return {
        "connector": connector,
        "connections": [_connection(one) for one in reversed(live)]
        or [_connection(one) for one in mine[:1]],
        "is_connected": bool(live),
        "app": apps.system_app(connector.system),
        "next_at": _next(connector),
    }


def _connection(connection: Connection) -> dict[str, Any]:
    runs = sync.runs(connection.id).limit(1)
    return {
        "connection": connection,
        "run": db.session.scalars(runs).first(),
        "counts": _counts(connection),
    }


def _counts(connection: Connection) -> list[tuple[str, int]]:
    found = dict(db.session.execute(sync.counts(connection.id)).all())
    streams = connectors()[connection.system].streams
    return [(stream.label, found.get(stream.kind, 0)) for stream in streams]


def _next(connector: Connector) -> Any:
    name = "sync-urgent" if connector.is_urgent else "sync-changes"
    return next(entry.next_at for entry in planned() if entry.name == name)


@bp.get("/<int:connection_id>")
@requires("integrations.view")
def show(connection_id: int) -> Response:
    """Show one connection: its state, its syncs, and what waits for somebody."""
    connection = one(connection_id)
    return render(
        "connections/show.html",
        fragment="record",
        connection=connection,
        connector=connectors()[connection.system],
        counts=_counts(connection),
        runs=db.session.scalars(sync.runs(connection_id).limit(RUNS_SHOWN)).all(),
        rejected=_number(sync.rejected(connection_id)),
        doubts=_number(inbound.doubts(connection_id)),
        outbox_counts=dict(db.session.execute(outbox.outbox_counts(connection_id)).all()),
        next_at=_next(connectors()[connection.system]),
        sections=find_system(connection.system).sections,
    )


def _number(query: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(query.subquery())) or 0


@bp.get("/apps/<system>/edit")
@requires("integrations.manage")
def edit_app(system: str) -> Response:
    """Ask for our registration with a system."""
    _oauth_connector(system)
    form = AppForm(obj=apps.system_app(system))
    form.client_secret.data = form.webhook_secret.data = ""
    return _form(system, form)


@bp.post("/apps/<system>")
@requires("integrations.manage")
def update_app(system: str) -> Response:
    """Keep our registration."""
    _oauth_connector(system)
    form = _offered(system, AppForm())
    if not form.validate_on_submit():
        return _form(system, form, 422)
    try:
        apps.save_app(system, **form.values)
    except DomainError as error:
        return _form(system, form, form.refuse(error))
    label = connectors()[system].label
    return respond_redirect(url_for(".index"), f"{label} is set up. Connect it now.")


def _oauth_connector(system: str) -> OAuthConnector:
    connector = connectors().get(system)
    return connector if isinstance(connector, OAuthConnector) else abort(404)


def _offered(system: str, form: AppForm) -> AppForm:
    app = apps.system_app(system)
    takes = app is not None and app.webhook_secret is not None
    environments = _oauth_connector(system).environments()
    return form.offer(environments, is_known=app is not None, takes_webhooks=takes)


def _form(system: str, form: AppForm, status: int = 200) -> Response:
    return render(
        "connections/app.html",
        fragment="form",
        status=status,
        form=_offered(system, form),
        connector=connectors()[system],
        redirect_uri=callback_address(system),
        webhook_address=_address("webhooks.create", system=system),
    )


@bp.post("/apps/<system>/sign-ins")
@requires("integrations.manage")
def create_sign_in(system: str) -> Response:
    """Send the person to the system, where they let us in.

    A form may not lead to another site (form-action of our policy), so a page does.
    """
    connector = _oauth_connector(system)
    address = connecting.begin_sign_in(
        system, user_id=current_user.id, redirect_uri=callback_address(system)
    )
    response = render(
        "connections/leaving.html", fragment="main", address=address, connector=connector
    )
    response.headers["Refresh"] = f"0; url={address}"
    return response


def callback_address(system: str) -> str:
    """Where the system sends people back to, as its developer pages must know it."""
    return _address(find_system(system).callback)


def _address(endpoint: str, **values: Any) -> str:
    if public := current_app.config.get("PUBLIC_URL"):
        return str(public).rstrip("/") + url_for(endpoint, **values)
    return url_for(endpoint, _external=True, **values)


@bp.post("/<int:connection_id>/syncs")
@requires("integrations.sync")
def create_sync(connection_id: int) -> Response:
    """Sync now: what has changed, or everything."""
    one(connection_id)
    mode = "full" if request.form.get("mode") == "full" else "changes"
    run = start_sync(connection_id, mode=mode, cause="person")
    said = "Everything is being read." if run.mode == "full" else "Changes are being read."
    return respond_saved(url_for(".show", connection_id=connection_id), said, event=CHANGED)


@bp.post("/<int:connection_id>/disconnection")
@requires("integrations.manage")
def create_disconnection(connection_id: int) -> Response:
    """End a connection."""
    one(connection_id)
    connection = connecting.disconnect(connection_id)
    return respond_saved(
        url_for(".index"), f"{connection.name} is disconnected.", event=CHANGED
    )
