"""Records as files: answered at once, or by a job where there are many."""

from collections.abc import Collection, Iterator, Mapping
from io import BytesIO
from typing import Any

from sqlalchemy import func, select

from app.core.db import db
from app.core.files import StoredFile, store_file
from app.core.sheets import Format, write_table
from app.imports.definition import Importer, importers

AT_ONCE = 20_000  # rows that a person waits for
FETCHED = 1000


def is_large(importer: Importer, filters: Mapping[str, str]) -> bool:
    """Tell whether there are more rows than a request should carry."""
    rows = _query(importer, filters).order_by(None).limit(AT_ONCE + 1).subquery()
    return (db.session.scalar(select(func.count()).select_from(rows)) or 0) > AT_ONCE


def exported(
    importer: Importer,
    form: Format,
    filters: Mapping[str, str],
    names: Collection[str] | None = None,
) -> BytesIO:
    """Write the records into a file in memory: kept files are limited in size anyway.

    It has the fields of these `names`, or those that the person asking may see.

    Raises:
        TextTooLong: A text does not fit into a cell of an Excel file.
    """
    known = [field.name for field in importer.open_fields]
    target, rows = BytesIO(), _rows(importer, filters, names=known if names is None else names)
    write_table(rows, form, importer.label, target)
    return target


def store_export(
    kind: str, form: Format, filters: Mapping[str, str], names: Collection[str] | None = None
) -> StoredFile:
    """Write the records, or their fields of these names, as a file that is kept.

    Raises:
        FileTooLarge: It is over the limit of kept files.
    """
    importer = importers()[kind]
    names = [field.name for field in importer.fields] if names is None else names
    return store_file(
        f"{kind}.{form.value}",
        exported(importer, form, filters, names).getvalue(),
        content_type=form.content_type,
        permission=importer.file_permission(names),
    )


def _query(importer: Importer, filters: Mapping[str, str]) -> Any:
    assert importer.export is not None  # noqa: S101  (its callers have looked)
    return importer.export(filters)


def _rows(
    importer: Importer, filters: Mapping[str, str], *, names: Collection[str]
) -> Iterator[Any]:
    places = [at for at, field in enumerate(importer.fields) if field.name in names]
    yield [importer.fields[at].label for at in places]
    query = _query(importer, filters).execution_options(yield_per=FETCHED)
    for row in db.session.execute(query):
        yield [row[at] for at in places]
