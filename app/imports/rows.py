"""From the cells of a file to values that fit, and to reasons why they do not.

Good rows and errors go to temporary files on disk, ready for COPY: memory stays flat, and
the long part of an import is over before its transaction begins.
"""

import csv
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import IO, Any, NamedTuple

from app.core.cells import unguarded
from app.imports.definition import Field, Importer
from app.imports.mapping import Mapped
from app.imports.numbers import guess_decimal, plain_number
from app.imports.reading import Table, TextTable

BATCH = 2000  # rows between two reports of progress
SAMPLE_ROWS = 1000
SHOWN = 200  # characters of a wrong value

Progress = Callable[[int, int], None]


class RowError(NamedTuple):
    """Why a row cannot be imported."""

    row: int
    field: str
    value: str
    error: str


class Wanted(NamedTuple):
    """A field, and the position of its column."""

    field: Field
    position: int


class ParsedFile(NamedTuple):
    """What was read: good rows and errors as CSV for COPY, and how many rows there were."""

    fields: Sequence[Field]
    good: IO[str]
    wrong: IO[str]
    rows: int


@contextmanager
def parsed(
    importer: Importer, table: Table, mapping: Mapped, report: Progress
) -> Iterator[ParsedFile]:
    """Parse a whole table; `report` hears the rows done and all there are."""
    wanted = wanted_columns(importer, table, mapping)
    decimal = table.layout.decimal or sampled_decimal(table, wanted)
    with _scratch() as good, _scratch() as wrong:
        good_rows, errors = csv.writer(good), csv.writer(wrong)
        count = 0
        for count, (number, cells) in enumerate(table.rows(), 1):
            values, problems = _parse(number, cells, wanted, decimal)
            problems += _beyond(number, cells, len(table.columns))
            if problems:
                errors.writerows(problems)
            else:
                good_rows.writerow([number, *values])
            if count % BATCH == 0:
                report(count, max(table.height, count))
        good.seek(0)
        wrong.seek(0)
        yield ParsedFile([column.field for column in wanted], good, wrong, count)


def _scratch() -> IO[str]:
    return TemporaryFile("w+", encoding="utf-8", newline="")


def wanted_columns(importer: Importer, table: Table, mapping: Mapped) -> list[Wanted]:
    """Find the mapped fields' columns, in the order of the fields."""
    return [
        Wanted(field, table.columns.index(mapping[field.name]))
        for field in importer.fields
        if field.name in mapping
    ]


def sampled_decimal(table: Table, wanted: Sequence[Wanted]) -> str:
    """Guess the decimal separator from the columns that hold numbers."""
    indexes = [column.position for column in wanted if column.field.is_number]
    sample = [row[i] for _number, row in table.preview(SAMPLE_ROWS) for i in indexes]
    delimiter = table.delimiter if isinstance(table, TextTable) else ""
    return guess_decimal(sample, delimiter)


def _parse(
    number: int, cells: list[str], wanted: Sequence[Wanted], decimal: str
) -> tuple[list[Any], list[RowError]]:
    values: list[Any] = []
    errors = []
    for field, index in wanted:
        try:
            values.append(_value(field, cells[index], decimal))
        except ValueError as error:
            errors.append(RowError(number, field.name, _shown(cells[index]), str(error)))
    return values, errors


def _value(field: Field, cell: str, decimal: str) -> Any:
    """Parse a cell; None if it is empty. What our export has guarded is taken as it is."""
    text = unguarded(cell)
    if text is None:
        text = cell if cell.__class__ is not str else cell.strip()
    if not text:
        return None
    if field.is_number:
        text = plain_number(text, decimal)
    value = field.parse(text)
    return None if value == "" else value


def _beyond(number: int, cells: list[str], width: int) -> list[RowError]:
    """Refuse cells to the right of the last column: a separator inside of a text, mostly."""
    extra = [cell for cell in cells[width:] if cell.strip()]
    reason = "The row has more cells than the table has columns."
    return [RowError(number, "", _shown(cell), reason) for cell in extra[:1]]


def _shown(text: str) -> str:
    """Cut a value short, without what PostgreSQL cannot keep."""
    return text[:SHOWN].replace("\0", "").encode("utf-8", "replace").decode()
