"""Whether this process is alive, and whether it can do its work."""

from datetime import UTC, datetime
from typing import Any

import marshmallow as ma
from flask import Blueprint, current_app, jsonify, make_response
from flask.typing import ResponseReturnValue
from flask_smorest import Blueprint as ApiBlueprint
from redis import RedisError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.core.broker import broker
from app.core.db import db
from app.core.jobs.workers import live_workers
from app.core.permissions import public

bp = Blueprint("health", __name__)
api = ApiBlueprint("health_api", __name__, url_prefix="/api/health", description="Health")


class HealthSchema(ma.Schema):
    """Whether the service can answer questions."""

    status = ma.fields.Str(metadata={"description": "healthy or unhealthy"})
    timestamp = ma.fields.AwareDateTime()
    version = ma.fields.Str()
    authenticated = ma.fields.Bool(metadata={"description": "Whether QuickBooks is connected"})
    cache_age_minutes = ma.fields.Float(
        allow_none=True,
        metadata={"description": "Since the last QuickBooks sync; null if none"},
    )


@bp.get("/health")
@public
def health() -> ResponseReturnValue:
    """Answer that this process is alive; it asks nothing of anybody else."""
    return jsonify(status="ok")


@bp.get("/ready")
@public
def ready() -> ResponseReturnValue:
    """Answer whether pages can be served.

    Without the database they cannot: 503. Without Redis or workers they can, but live updates
    and background work wait: `degraded`.
    """
    database, workers = _has_database(), _workers()
    found = {"database": database, "redis": workers is not None, "workers": workers or 0}
    status = "ok" if database and workers else "degraded" if database else "unavailable"
    return jsonify(status=status, **found), 200 if database else 503


@api.get("")
@public
@api.response(200, HealthSchema)
@api.alt_response(503, schema=HealthSchema, description="The database is away")
def show() -> Any:
    """Answer whether questions can be answered; open to everybody."""
    is_healthy = _has_database()
    health = {
        "status": "healthy" if is_healthy else "unhealthy",
        "timestamp": datetime.now(UTC),
        "version": current_app.config["VERSION"],
        "authenticated": False,
        "cache_age_minutes": None,
    }
    if is_healthy:
        return health
    return make_response(jsonify(HealthSchema().dump(health)), 503)


def _has_database() -> bool:
    try:
        db.session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        db.session.rollback()
        return False
    return True


def _workers() -> int | None:
    """How many workers there are; None without Redis."""
    try:
        broker().ping()
        return live_workers()
    except RedisError:
        return None
