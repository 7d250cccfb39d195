"""The rows that could not be imported, as a file to put right and upload again."""

from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import Any

from sqlalchemy import func, select

from app.core.cells import Figure, carried
from app.core.files import FileTooLarge, StoredFile, store_file
from app.core.sheets import Format, write_table
from app.imports.reading import Table, TextTable
from app.imports.staging import Staging

REASON = "Reason"


def error_file(staging: Staging, table: Table, file_name: str) -> StoredFile | None:
    """Keep the bad rows as they came, with the reasons in a column more.

    None if there are none, or if they are too many for a file.
    """
    rows = _bad_rows(staging, table)
    first = next(rows, None)
    if first is None:
        return None
    form = _form(table)
    stem = file_name.rpartition(".")[0] or file_name
    content = _written(_headed(table, first, rows), table)
    try:
        return store_file(
            f"{stem} - errors.{form.value}",
            content,
            content_type=form.content_type,
            permission=staging.importer.file_permission(staging.mapped),
        )
    except FileTooLarge:
        return None


def _written(rows: Iterator[list[Any]], table: Table) -> bytes:
    with TemporaryFile() as scratch:
        delimiter = table.delimiter if isinstance(table, TextTable) else ","
        write_table(rows, _form(table), "Errors", scratch, delimiter=delimiter)
        return scratch.read()


def _form(table: Table) -> Format:
    return Format.CSV if isinstance(table, TextTable) else Format.EXCEL


def _headed(table: Table, first: list[Any], rows: Iterator[list[Any]]) -> Iterator[list[Any]]:
    if table.layout.header:
        yield [*table.columns, REASON]
    yield first
    yield from rows


def _bad_rows(staging: Staging, table: Table) -> Iterator[list[Any]]:
    """Read the file once more, as far as there are errors, beside them in their order."""
    errors, width = _errors(staging), len(table.columns)
    rows = table.rows()
    for number, reason in errors:
        cells = next(cells for row, cells in rows if row == number)
        yield [*map(_as_it_came, cells[:width]), reason]


def _as_it_came(cell: str) -> str:
    """A damaged cell stays damaged: nothing becomes right by being downloaded."""
    return cell if isinstance(cell, Figure) else carried(cell)


def _errors(staging: Staging) -> Iterator[tuple[int, str]]:
    """Row numbers with their reasons."""
    label = staging.importer.label_of
    wrong = staging.errors.c
    said = func.array_agg(func.json_build_array(wrong.field, wrong.error))
    query = select(wrong.row, said).group_by(wrong.row).order_by(wrong.row)
    for row, reasons in staging.session.execute(query.execution_options(yield_per=1000)):
        yield row, " ".join(_said(label(field), error) for field, error in reasons)


def _said(label: str, error: str) -> str:
    return f"{label}: {error}" if label else error
