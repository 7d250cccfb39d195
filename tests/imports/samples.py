"""Small files, made when they are needed."""

import csv
from collections.abc import Iterable, Sequence
from io import BytesIO, StringIO
from typing import Any

from openpyxl import Workbook

from app.imports import services
from app.imports.models import ImportRun

Rows = Iterable[Sequence[Any]]


def csv_file(rows: Rows, *, delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    buffer = StringIO()
    csv.writer(buffer, delimiter=delimiter).writerows(rows)
    return buffer.getvalue().encode(encoding)


def excel_file(rows: Rows, *, merged: str = "", sheets: Sequence[str] = ()) -> bytes:
    """The rows stand on the first sheet; `sheets` are further ones, without any."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    if merged:
        sheet.merge_cells(merged)
    for name in sheets:
        book.create_sheet(name)
    return saved(book)


def saved(book: Workbook) -> bytes:
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def uploaded(kind: str, *rows: Sequence[Any], **layout: Any) -> ImportRun:
    """An import whose columns are as they are guessed."""
    run = services.upload(kind, file_name="file.csv", content=csv_file(rows), **layout)
    services.choose(run, run.mapping)
    return run


def imported(
    kind: str,
    *rows: Sequence[Any],
    mapping: dict[str, str] | None = None,
    dry_run: bool = False,
    update: bool = True,
    options: Sequence[str] = (),
    **layout: Any,
) -> dict[str, Any]:
    """Import rows, the first of which is the header."""
    run = services.upload(kind, file_name="file.csv", content=csv_file(rows), **layout)
    services.choose(run, mapping or run.mapping, update=update, options=options)
    return services.run_import(run.id, dry_run=dry_run)


def counts(result: dict[str, Any]) -> tuple[int, ...]:
    """Created, updated, unchanged, failed."""
    return tuple(result[name] for name in ("created", "updated", "unchanged", "failed"))


def errors(result: dict[str, Any]) -> list[tuple[int, str, str]]:
    return [(one["row"], one["field"], one["error"]) for one in result["errors"]]
