"""Connections: made, tried, paused, ended."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from flask import url_for
from sqlalchemy import func, select

from app.core.api import page_of, page_schema, sorted_query
from app.core.db import db
from app.core.errors import Invalid
from app.core.idempotency import idempotent
from app.core.permissions import requires
from app.integrations.api.blueprint import bp, one
from app.integrations.api.fields import (
    ConnectionCheckSchema,
    ConnectionCredentialsSchema,
    ConnectionSchema,
    ConnectionStateSchema,
    PrecedenceChangeSchema,
    PrecedenceSchema,
    SystemSchema,
)
from app.integrations.hub import queries
from app.integrations.hub.auth import CredentialsConnector, OAuthConnector
from app.integrations.hub.connector import Connector, connectors
from app.integrations.hub.models import Connection
from app.integrations.inbound import decisions
from app.integrations.inbound import queries as inbound
from app.integrations.inbound.catalog import catalog_targets
from app.integrations.outbox import queries as outbox
from app.integrations.services import connecting, credentials
from app.integrations.sync import queries as sync

SORTS = {"id": Connection.id, "name": Connection.name}


class _Offered(NamedTuple):
    name: str
    label: str
    about: str
    streams: Sequence[Any]
    takes_writes: bool
    signs_in: bool
    methods: list[dict[str, Any]]


def _offered(connector: Connector) -> _Offered:
    methods = connector.auth_methods if isinstance(connector, CredentialsConnector) else {}
    told = [{"name": name, **way._asdict()} for name, way in methods.items()]
    return _Offered(
        connector.system, connector.label, connector.about, connector.streams,
        connector.takes_writes, isinstance(connector, OAuthConnector),
        [{**one, "fields_": one.pop("fields")} for one in told],
    )  # fmt: skip


def _state(connection: Connection) -> dict[str, Any]:
    def number(query: Any) -> int:
        return db.session.scalar(select(func.count()).select_from(query.subquery())) or 0

    counts = dict(db.session.execute(outbox.outbox_counts(connection.id)).all())
    names = (*ConnectionSchema().fields.keys() - {"sign_in_ends_at"}, "hard_expires_at")
    return {name: getattr(connection, name) for name in names} | {
        "mirrored": dict(db.session.execute(sync.counts(connection.id)).all()),
        "matches": number(inbound.doubts(connection.id)),
        "rejected": number(sync.rejected(connection.id)),
        "outbox_waiting": counts.get("waiting", 0),
        "outbox_refused": counts.get("refused", 0),
    }


@bp.get("/systems")
@requires("integrations.view")
@bp.response(200, SystemSchema(many=True))
def list_systems() -> list[_Offered]:
    """List the systems that can be connected, and what each asks for."""
    return [_offered(connector) for connector in connectors().values()]


@bp.get("")
@requires("integrations.view")
@bp.arguments(sorted_query(SORTS), location="query")
@bp.response(200, page_schema(ConnectionSchema))
def list_connections(query: dict[str, Any]) -> dict[str, Any]:
    """List connections, ended ones too."""
    return page_of(queries.connections(), query, sorts=SORTS)


@bp.post("")
@requires("integrations.manage")
@bp.arguments(ConnectionCredentialsSchema)
@bp.response(201, ConnectionSchema)
@bp.alt_response(409, description="The system does not let us in")
@bp.alt_response(502, description="The system refuses what is asked")
@bp.alt_response(503, description="The system does not answer")
def create_connection(given: dict[str, Any]) -> Any:
    """Connect with credentials, and begin the first sync.

    Where a person signs in (`signs_in`), only a browser can.
    """
    made = credentials.connect_with_credentials(_typed(given), **given)
    return made, 201, {"Location": url_for(".show_connection", connection_id=made.id)}


@bp.post("/check")
@requires("integrations.manage")
@bp.arguments(ConnectionCredentialsSchema)
@bp.response(200, ConnectionCheckSchema(many=True))
@bp.alt_response(409, description="The system does not let us in")
@bp.alt_response(502, description="The system refuses what is asked")
@bp.alt_response(503, description="The system does not answer")
def check_credentials(given: dict[str, Any]) -> Sequence[credentials.CheckResult]:
    """Try credentials, and keep nothing."""
    return credentials.check_credentials(_typed(given), **given)


def _typed(given: dict[str, Any]) -> str:
    """Take out which system it is.

    Raises:
        Invalid: It is none that takes credentials.
    """
    system: str = given.pop("system")
    if not isinstance(connectors().get(system), CredentialsConnector):
        raise Invalid("system", "No system of this name is connected by credentials.")
    return system


@bp.get("/<int:connection_id>")
@requires("integrations.view")
@bp.response(200, ConnectionStateSchema)
def show_connection(connection_id: int) -> dict[str, Any]:
    """Show a connection, and what waits for somebody."""
    return _state(one(connection_id))


@bp.post("/<int:connection_id>/test")
@requires("integrations.manage")
@bp.response(200, ConnectionCheckSchema(many=True))
@bp.alt_response(409, description="The system does not let us in")
@bp.alt_response(502, description="The system refuses what is asked")
@bp.alt_response(503, description="The system does not answer")
def test_connection(connection_id: int) -> Sequence[credentials.CheckResult]:
    """Ask for each thing that a sync needs, with what lets us in."""
    one(connection_id)
    return credentials.check_connection(connection_id)


@bp.post("/<int:connection_id>/pause")
@requires("integrations.manage")
@idempotent
@bp.response(200, ConnectionSchema)
def pause_connection(connection_id: int) -> Connection:
    """Ask and tell nothing until it is resumed; its tokens are kept alive."""
    one(connection_id)
    return connecting.pause(connection_id)


@bp.post("/<int:connection_id>/resume")
@requires("integrations.manage")
@idempotent
@bp.response(200, ConnectionSchema)
def resume_connection(connection_id: int) -> Connection:
    """Go on: ask for what has changed meanwhile, tell what waits."""
    one(connection_id)
    return connecting.resume(connection_id)


@bp.post("/<int:connection_id>/disconnect")
@requires("integrations.manage")
@idempotent
@bp.response(200, ConnectionSchema)
def disconnect_connection(connection_id: int) -> Connection:
    """End a connection: tokens are given back and forgotten. What was mirrored stays."""
    one(connection_id)
    return connecting.disconnect(connection_id)


@bp.get("/<int:connection_id>/precedence")
@requires("integrations.manage")
@bp.response(200, PrecedenceSchema)
def show_precedence(connection_id: int) -> dict[str, Any]:
    """Show per field whose value stays."""
    return _precedence(one(connection_id))


@bp.put("/<int:connection_id>/precedence")
@requires("integrations.manage")
@idempotent
@bp.arguments(PrecedenceChangeSchema)
@bp.response(200, PrecedenceSchema)
def update_precedence(given: dict[str, Any], connection_id: int) -> dict[str, Any]:
    """Say per field whose value stays; what is not named, or is sent as it was, is left."""
    unknown = given["fields_"].keys() - _precedence(one(connection_id))["fields_"].keys()
    if unknown:
        raise Invalid("fields", f"There is no field {min(unknown)}.")
    decisions.set_field_precedence(connection_id, given["fields_"], was=given["was"])
    return _precedence(one(connection_id))


def _precedence(connection: Connection) -> dict[str, Any]:
    return {
        "fields_": {
            f"{target.kind}.{name}": target.precedence(connection.field_precedence, name)
            for target in catalog_targets(connection.system)
            for name in target.fields
        }
    }
