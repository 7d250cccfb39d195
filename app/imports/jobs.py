"""Background work of imports and exports."""

from typing import Any

from app.core.db import db
from app.core.jobs import JobRun, job
from app.core.sheets import Format
from app.imports import exports, queries, services
from app.imports.definition import open_importers

LONGEST = 3600  # seconds


def _shown(job: JobRun) -> dict[str, Any] | None:
    """Give the counts alone to whom the import itself is not shown."""
    run = queries.import_run(job.arguments["import_id"], open_importers())
    if job.result is None or db.session.scalar(run):
        return job.result
    return {name: value for name, value in job.result.items() if isinstance(value, int)}


@job(
    queue="interactive",
    label="Check an import",
    timeout=LONGEST,
    retry_after=(10,),
    shows=_shown,
)
def check_file(*, import_id: int) -> dict[str, Any]:
    """Tell what importing a file would do."""
    return services.run_import(import_id, dry_run=True)


@job(
    queue="interactive",
    label="Import a file",
    timeout=LONGEST,
    retry_after=(10, 60),
    shows=_shown,
)
def apply_file(*, import_id: int) -> dict[str, Any]:
    """Import a file."""
    return services.run_import(import_id, dry_run=False)


@job(queue="interactive", label="Export records", timeout=LONGEST, retry_after=(10,))
def export_records(
    *, kind: str, form: str, filters: dict[str, str], names: list[str] | None = None
) -> dict[str, Any]:
    """Write many records into a file: the fields of these names, or all."""
    file = exports.store_export(kind, Format(form), filters, names)
    return {"file_url": file.url}
