"""Whether this process is alive, and whether it can do its work."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from redis import RedisError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.core.broker import broker
from app.core.db import db
from app.core.permissions import public

bp = Blueprint("health", __name__)


@bp.get("/health")
@public
def health() -> ResponseReturnValue:
    """Answer that this process is alive; it asks nothing of anybody else."""
    return jsonify(status="ok")


@bp.get("/ready")
@public
def ready() -> ResponseReturnValue:
    """Answer whether the database and Redis can be reached; 503 if not."""
    found = {"database": _database(), "redis": _redis()}
    is_ready = all(found.values())
    return jsonify(
        status="ok" if is_ready else "unavailable", **found
    ), 200 if is_ready else 503


def _database() -> bool:
    try:
        db.session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return False
    return True


def _redis() -> bool:
    try:
        return bool(broker().ping())
    except RedisError:
        return False
