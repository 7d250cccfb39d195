"""Backups for programs, such as one that watches over several installations."""

from typing import Any

import marshmallow as ma

from app.core.api import Blueprint, only_tokens_write, page_of, page_schema, sorted_query
from app.core.backup import jobs, queries
from app.core.backup.models import Backup
from app.core.backup.services import PERMISSION
from app.core.idempotency import idempotent
from app.core.jobs.api import JobSchema
from app.core.jobs.models import JobRun
from app.core.permissions import requires

bp = Blueprint(
    "backups_api",
    __name__,
    url_prefix="/api/v1/backups",
    description="Backups that were made, whether they were tried, and where they are",
)
bp.before_request(only_tokens_write)

SORTS = {"id": Backup.id, "made_at": Backup.made_at, "size": Backup.size}


class BackupSchema(ma.Schema):
    """One backup file."""

    id = ma.fields.Int()
    name = ma.fields.Str()
    folder = ma.fields.Str()
    size = ma.fields.Int(metadata={"description": "Bytes"})
    sha256 = ma.fields.Str()
    row_count = ma.fields.Int(metadata={"description": "Rows of all tables"})
    has_keys = ma.fields.Bool(metadata={"description": "The keys are in it, sealed"})
    seconds = ma.fields.Int(metadata={"description": "That making and trying it took"})
    is_good = ma.fields.Bool(metadata={"description": "It was put back and equal"})
    made_at = ma.fields.DateTime()
    checked_at = ma.fields.DateTime(allow_none=True)
    sent_at = ma.fields.DateTime(allow_none=True)
    gone_at = ma.fields.DateTime(allow_none=True)


@bp.get("")
@requires(PERMISSION)
@bp.arguments(sorted_query(SORTS, "-id"), location="query")
@bp.response(200, page_schema(BackupSchema))
def index(args: dict[str, Any]) -> dict[str, Any]:
    """List the backups, the newest first."""
    return page_of(queries.backups(), args, sorts=SORTS)


@bp.post("")
@requires(PERMISSION)
@idempotent
@bp.response(202, JobSchema)
def create() -> JobRun:
    """Make a backup in the background."""
    return jobs.back_up.enqueue()
