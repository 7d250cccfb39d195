"""What is connected, how it does, and how to connect and disconnect it."""

from collections.abc import Sequence
from typing import Any

from flask import request, url_for
from flask_login import current_user
from sqlalchemy import func, select
from werkzeug import Response

from app.core.db import db
from app.core.jobs.schedule import planned
from app.core.permissions import requires
from app.core.web import render, respond_saved
from app.integrations.hub import apps, queries
from app.integrations.hub.connector import Connector, connectors
from app.integrations.hub.models import Connection
from app.integrations.inbound import queries as inbound
from app.integrations.outbox import queries as outbox
from app.integrations.services import connecting
from app.integrations.sync import queries as sync
from app.integrations.sync.services import start_sync
from app.integrations.system import find_system
from app.integrations.views.apps import callback_address, oauth_connector
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
        sections=[
            (section.template, section.shown(connection))
            for section in find_system(connection.system).sections
        ],
    )


def _number(query: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(query.subquery())) or 0


@bp.post("/apps/<system>/sign-ins")
@requires("integrations.manage")
def create_sign_in(system: str) -> Response:
    """Send the person to the system, where they let us in.

    A form may not lead to another site (form-action of our policy), so a page does.
    """
    connector = oauth_connector(system)
    address = connecting.begin_sign_in(
        system, user_id=current_user.id, redirect_uri=callback_address(system)
    )
    response = render(
        "connections/leaving.html", fragment="main", address=address, connector=connector
    )
    response.headers["Refresh"] = f"0; url={address}"
    return response


@bp.post("/<int:connection_id>/syncs")
@requires("integrations.sync")
def create_sync(connection_id: int) -> Response:
    """Sync now: what has changed, or everything."""
    one(connection_id)
    mode = "full" if request.form.get("mode") == "full" else "changes"
    run = start_sync(connection_id, mode=mode, cause="person")
    said = "Everything is being read." if run.mode == "full" else "Changes are being read."
    return respond_saved(url_for(".show", connection_id=connection_id), said, event=CHANGED)


@bp.post("/<int:connection_id>/pause")
@requires("integrations.manage")
def create_pause(connection_id: int) -> Response:
    """Ask and tell nothing for now."""
    one(connection_id)
    connection = connecting.pause(connection_id)
    return _shown(connection, f"{connection.name} is paused.")


@bp.post("/<int:connection_id>/pause/end")
@requires("integrations.manage")
def delete_pause(connection_id: int) -> Response:
    """Go on."""
    one(connection_id)
    connection = connecting.resume(connection_id)
    return _shown(connection, f"{connection.name} goes on: changes are being read.")


def _shown(connection: Connection, said: str) -> Response:
    here = url_for(".show", connection_id=connection.id)
    return respond_saved(here, said, event=CHANGED)


@bp.post("/<int:connection_id>/disconnection")
@requires("integrations.manage")
def create_disconnection(connection_id: int) -> Response:
    """End a connection."""
    one(connection_id)
    connection = connecting.disconnect(connection_id)
    return respond_saved(
        url_for(".index"), f"{connection.name} is disconnected.", event=CHANGED
    )
