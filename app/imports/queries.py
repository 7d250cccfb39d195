"""Selects over imports."""

from collections.abc import Collection

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from app.imports.models import ImportRun


def import_runs(
    kinds: Collection[str], *, search: str = "", kind: str = "", stage: str = ""
) -> Select[ImportRun]:
    """Imports of the kinds a person may see, with the job of each."""
    runs = select(ImportRun).where(ImportRun.kind.in_(kinds)).options(joinedload(ImportRun.job))
    if search:
        runs = runs.where(ImportRun.file_name.icontains(search, autoescape=True))
    if kind:
        runs = runs.where(ImportRun.kind == kind)
    return runs.where(ImportRun.stage == stage) if stage else runs


def import_run(import_id: int, kinds: Collection[str]) -> Select[ImportRun]:
    """One import, if its kind is one of these."""
    return import_runs(kinds).where(ImportRun.id == import_id)
