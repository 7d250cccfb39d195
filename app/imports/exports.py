"""Records as files: answered at once, or by a job where there are many."""

from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any

from sqlalchemy import func, select

from app.core.db import db
from app.core.files import StoredFile, store_file
from app.core.sheets import Format, csv_lines, write_excel
from app.imports.definition import Importer, importers

AT_ONCE = 20_000  # rows that a person waits for
FETCHED = 1000


def is_large(importer: Importer, filters: Mapping[str, str]) -> bool:
    """Tell whether there are more rows than a request should carry."""
    rows = _query(importer, filters).order_by(None).limit(AT_ONCE + 1).subquery()
    return (db.session.scalar(select(func.count()).select_from(rows)) or 0) > AT_ONCE


def exported(importer: Importer, form: Format, filters: Mapping[str, str]) -> BytesIO:
    """Write the records into a file in memory: kept files are limited in size anyway.

    Raises:
        TextTooLong: A text does not fit into a cell of an Excel file.
    """
    target, rows = BytesIO(), _rows(importer, filters)
    if form is Format.EXCEL:
        write_excel(rows, importer.label, target)
    else:
        target.writelines(lines.encode() for lines in csv_lines(rows))
    target.seek(0)
    return target


def store_export(kind: str, form: Format, filters: Mapping[str, str]) -> StoredFile:
    """Write the records as a file that is kept.

    Raises:
        FileTooLarge: It is over the limit of kept files.
    """
    importer = importers()[kind]
    return store_file(
        f"{kind}.{form.value}",
        exported(importer, form, filters).getvalue(),
        content_type=form.content_type,
        permission=importer.permission,
    )


def _query(importer: Importer, filters: Mapping[str, str]) -> Any:
    assert importer.export is not None  # noqa: S101  (its callers have looked)
    return importer.export(filters)


def _rows(importer: Importer, filters: Mapping[str, str]) -> Iterator[Any]:
    yield [field.label for field in importer.fields]
    query = _query(importer, filters).execution_options(yield_per=FETCHED)
    yield from db.session.execute(query)
