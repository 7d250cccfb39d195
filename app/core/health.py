"""Whether this process is alive, and whether it can do its work."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from redis import RedisError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.core import disk
from app.core.broker import broker
from app.core.db import db
from app.core.jobs.workers import live_workers
from app.core.permissions import public

bp = Blueprint("health", __name__)


@bp.get("/health")
@public
def health() -> ResponseReturnValue:
    """Answer that this process is alive, and whether there is room on the disk.

    It asks nothing of anybody else. A full disk is told and is no reason to start anew: 200.
    """
    status = "disk full" if disk.is_full() else "ok"
    return jsonify(status=status, free_megabytes=disk.free() // 1024**2)


@bp.get("/ready")
@public
def ready() -> ResponseReturnValue:
    """Answer whether pages can be served.

    Without the database they cannot: 503. Without Redis or workers they can, but live updates
    and background work wait: `degraded`.
    """
    database, workers = has_database(), _workers()
    found = {"database": database, "redis": workers is not None, "workers": workers or 0}
    status = "ok" if database and workers else "degraded" if database else "unavailable"
    return jsonify(status=status, **found), 200 if database else 503


def has_database() -> bool:
    """Tell whether the database answers."""
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
