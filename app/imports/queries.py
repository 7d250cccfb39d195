"""Selects over imports."""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, Select, and_, not_, or_, select
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.orm import joinedload

from app.core.actors import current_actor_id
from app.imports.definition import Importer
from app.imports.models import ImportRun


def import_runs(
    kinds: Mapping[str, Importer], *, search: str = "", kind: str = "", stage: str = ""
) -> Select[ImportRun]:
    """Imports of the kinds a person may see, with the job of each.

    A file with a field that the person may not see is shown to them only if they brought it:
    its rows, errors and notices all quote it.
    """
    runs = select(ImportRun).where(ImportRun.kind.in_(kinds)).options(joinedload(ImportRun.job))
    closed = [_holds_closed(importer) for importer in kinds.values() if importer.closed_fields]
    if closed:
        runs = runs.where(or_(ImportRun.actor_id == current_actor_id(), not_(or_(*closed))))
    if search:
        runs = runs.where(ImportRun.file_name.icontains(search, autoescape=True))
    if kind:
        runs = runs.where(ImportRun.kind == kind)
    return runs.where(ImportRun.stage == stage) if stage else runs


def import_run(import_id: int, kinds: Mapping[str, Importer]) -> Select[ImportRun]:
    """One import, if its kind is one of these."""
    return import_runs(kinds).where(ImportRun.id == import_id)


def _holds_closed(importer: Importer) -> ColumnElement[bool]:
    names = [field.name for field in importer.closed_fields]
    places = (ImportRun.mapping, ImportRun.left_out, ImportRun.fixed)
    held = [place.has_any(array(names)) for place in places]
    return and_(ImportRun.kind == importer.kind, or_(*held))
