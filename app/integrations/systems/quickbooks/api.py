"""The QuickBooks search service's own calls: cache, configuration, health, raw data."""

import time
from datetime import UTC, datetime
from typing import Any

import marshmallow as ma
from flask import abort, current_app, jsonify, make_response, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from app.catalog.costs import COSTS
from app.core.api import Blueprint, only_tokens_write
from app.core.db import db, end_transaction
from app.core.health import has_database
from app.core.permissions import SIGNED_IN, ensure, may_see, public, requires
from app.integrations.hub import queries
from app.integrations.hub.apps import system_app
from app.integrations.hub.errors import NotConnected, Unavailable
from app.integrations.hub.models import Connection
from app.integrations.sync import queries as sync
from app.integrations.sync.models import SyncRun
from app.integrations.sync.services import start_sync
from app.integrations.systems.quickbooks.connector import QuickBooks
from app.invoices.models import BOOK_KINDS
from app.vendor_bills.models import KINDS

SHOWN_ID = 10
LARGEST_LIMIT, DEFAULT_LIMIT = 1000, 50
WAIT_SECONDS, LOOK = 300, 0.2
DATA = {  # name in the address -> kind in the mirror, and who may see it
    "customers": ("customer", "customers.view"),
    "vendors": ("vendor", "vendors.view"),
    "items": ("item", "products.view"),
    "invoices": ("invoice", "invoices.view"),
}
MORE = {  # that the search service did not have
    f"{kind.replace('_', '-')}s": (kind, "invoices.view") for kind in BOOK_KINDS
} | {f"{kind.replace('_', '-')}s": (kind, "vendor_bills.view") for kind in KINDS}

COST_FIELDS = ("PurchaseCost",)  # of items

WAIT = {
    "in": "query",
    "name": "wait",
    "description": "1: answer when the sync is done",
    "schema": {"type": "integer", "enum": [0, 1]},
}
LIMIT = {
    "in": "query",
    "name": "limit",
    "schema": {"type": "integer", "default": DEFAULT_LIMIT, "maximum": LARGEST_LIMIT},
}

bp = Blueprint("quickbooks_api", __name__, url_prefix="/api", description="QuickBooks")
bp.before_request(only_tokens_write)


class HealthSchema(ma.Schema):
    """Whether the service can answer questions."""

    status = ma.fields.Str(metadata={"description": "healthy or unhealthy"})
    timestamp = ma.fields.AwareDateTime()
    version = ma.fields.Str()
    authenticated = ma.fields.Bool(metadata={"description": "Whether QuickBooks is connected"})
    cache_age_minutes = ma.fields.Float(
        allow_none=True, metadata={"description": "Since the last sync; null if none"}
    )


class CacheSchema(ma.Schema):
    """How much of QuickBooks is here, and how old it is."""

    last_updated = ma.fields.AwareDateTime(allow_none=True)
    customers_count = ma.fields.Int()
    vendors_count = ma.fields.Int()
    items_count = ma.fields.Int()
    invoices_count = ma.fields.Int()


class CacheRefreshSchema(ma.Schema):
    """A sync that was started, or that is done."""

    message = ma.fields.Str()
    job_id = ma.fields.Int()


class ConfigSchema(ma.Schema):
    """How QuickBooks is connected, without anything secret."""

    company_id = ma.fields.Str(allow_none=True)
    client_id = ma.fields.Str(allow_none=True)
    has_access_token = ma.fields.Bool()
    has_refresh_token = ma.fields.Bool()
    token_expires_at = ma.fields.AwareDateTime(allow_none=True)


@bp.get("/health")
@public
@bp.response(200, HealthSchema)
@bp.alt_response(503, schema=HealthSchema, description="The database is away")
def health() -> Any:
    """Answer whether questions can be answered; open to everybody."""
    try:
        connection = _connection() if has_database() else None
        is_healthy = has_database()
    except SQLAlchemyError:
        connection, is_healthy = None, False
    said = {
        "status": "healthy" if is_healthy else "unhealthy",
        "timestamp": datetime.now(UTC),
        "version": current_app.config["VERSION"],
        "authenticated": connection is not None and connection.is_live,
        "cache_age_minutes": _age(connection),
    }
    return said if is_healthy else make_response(jsonify(HealthSchema().dump(said)), 503)


def _age(connection: Connection | None) -> float | None:
    if connection is None or connection.last_synced_at is None:
        return None
    return round((datetime.now(UTC) - connection.last_synced_at).total_seconds() / 60, 1)


@bp.get("/cache/status")
@requires(SIGNED_IN)
@bp.response(200, CacheSchema)
def cache_status() -> dict[str, Any]:
    """Say how much of QuickBooks is here, and when it was last synced."""
    connection = _connection()
    counts = _counts(connection)
    last = connection.last_synced_at if connection else None
    return {"last_updated": last} | {
        f"{name}_count": counts.get(kind, 0) for name, (kind, _permission) in DATA.items()
    }


@bp.post("/cache/refresh")
@requires("integrations.sync")
@bp.doc(parameters=[WAIT])
@bp.alt_response(200, schema=CacheRefreshSchema, description="Done, with wait=1")
@bp.alt_response(202, schema=CacheRefreshSchema, description="Started")
@bp.alt_response(409, description="QuickBooks is not connected")
@bp.alt_response(503, description="QuickBooks does not answer")
def refresh() -> ResponseReturnValue:
    """Start a sync of QuickBooks."""
    run = start_sync(_connected().id, mode="changes", cause="program")
    if request.args.get("wait") == "1":
        return _when_done(run.id)
    return jsonify(message="Cache refresh started", job_id=run.job_run_id), 202


def _when_done(run_id: int) -> ResponseReturnValue:
    """Wait for a sync, for five minutes at most."""
    until = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < until:
        run = db.session.get_one(SyncRun, run_id, populate_existing=True)
        end_transaction()
        if run.state in {"succeeded", "asking"}:
            return jsonify(message="Cache refreshed successfully")
        if not run.is_active:
            raise Unavailable(run.problem or "The sync did not succeed.")
        time.sleep(LOOK)
    return jsonify(message="Cache refresh is still running", job_id=run.job_run_id), 202


@bp.get("/config")
@requires("integrations.manage")
@bp.response(200, ConfigSchema)
def config() -> dict[str, Any]:
    """Say how QuickBooks is connected. No token ever leaves."""
    app, connection = system_app(QuickBooks.system), _connection()
    is_there = connection is not None and connection.expires_at is not None
    return {
        "company_id": connection.account if connection else None,
        "client_id": f"{app.client_id[:SHOWN_ID]}..." if app else None,
        "has_access_token": is_there,
        "has_refresh_token": is_there,
        "token_expires_at": connection.expires_at if connection else None,
    }


@bp.get("/data/<name>")
@requires(SIGNED_IN)
@bp.doc(parameters=[LIMIT])
@bp.alt_response(200, description="The records as QuickBooks has them")
@bp.alt_response(404, description="No such data")
def show(name: str) -> ResponseReturnValue:
    """Give records as QuickBooks has them; costs only to whoever may see them."""
    if name not in DATA | MORE:
        abort(404, f"There is no data {name}.")
    kind, permission = (DATA | MORE)[name]
    ensure(permission)
    limit, connection = _limit(), _connection()
    if connection is None:
        return jsonify([])
    records = db.session.scalars(sync.mirrored(connection.id, kind).limit(limit))
    hidden = () if may_see(COSTS) else COST_FIELDS
    return jsonify([{n: v for n, v in one.items() if n not in hidden} for one in records])


def _limit() -> int:
    text = request.args.get("limit") or str(DEFAULT_LIMIT)
    if not (text.isascii() and text.isdecimal() and int(text) > 0):
        abort(400, "limit is a number from 1.")
    return min(int(text), LARGEST_LIMIT)


def _connection() -> Connection | None:
    """The first company that was connected: the service speaks of one."""
    live = queries.live_connections(QuickBooks.system)
    return db.session.scalars(live.limit(1)).first()


def _connected() -> Connection:
    connection = _connection()
    if connection is None:
        raise NotConnected("QuickBooks is not connected.")
    return connection


def _counts(connection: Connection | None) -> dict[str, int]:
    if connection is None:
        return {}
    return dict(db.session.execute(sync.counts(connection.id)).all())
