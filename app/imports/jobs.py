"""Background work of imports and exports."""

from typing import Any

from app.core.jobs import job
from app.imports import services

LONGEST = 3600  # seconds


@job(queue="interactive", label="Check an import", timeout=LONGEST, retry_after=(10,))
def check_file(*, import_id: int) -> dict[str, Any]:
    """Tell what importing a file would do."""
    return services.run_import(import_id, dry_run=True)


@job(queue="interactive", label="Import a file", timeout=LONGEST, retry_after=(10, 60))
def apply_file(*, import_id: int) -> dict[str, Any]:
    """Import a file."""
    return services.run_import(import_id, dry_run=False)
