"""Writing of tables: CSV and Excel files that open well, and that our own import takes back."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from enum import Enum
from io import StringIO
from typing import IO, TYPE_CHECKING, Any

from app.core.cells import LONGEST_CELL, Carried, Figure, excel_text, guarded
from app.core.errors import DomainError
from app.core.quantities import plain

if TYPE_CHECKING:
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

BOM = "\ufeff"  # without it Excel takes UTF-8 for Windows-1252
LINES = 500  # rows that are sent together


class Format(Enum):
    """The kinds of files that we write."""

    CSV = "csv"
    EXCEL = "xlsx"

    @property
    def content_type(self) -> str:
        """What browsers call it."""
        if self is Format.CSV:
            return "text/csv"
        return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class TextTooLong(DomainError):
    """A text does not fit into a cell of an Excel file."""


def csv_lines(rows: Iterable[Sequence[Any]], delimiter: str = ",") -> Iterator[str]:
    """Write rows as CSV, some hundred at a time."""
    buffer = StringIO(BOM)
    buffer.seek(0, 2)
    writer = csv.writer(buffer, delimiter=delimiter)
    for count, row in enumerate(rows, 1):
        writer.writerow([_text(value) for value in row])
        if count % LINES == 0:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def _text(value: Any) -> str:
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str) and not isinstance(value, Figure | Carried):
        return guarded(value)
    return "" if value is None else str(value)


def write_table(
    rows: Iterable[Sequence[Any]],
    form: Format,
    title: str,
    target: IO[bytes],
    *,
    delimiter: str = ",",
) -> None:
    """Write rows as a file of either kind, and go back to its beginning.

    Raises:
        TextTooLong: A text has more characters than a cell of an Excel file can hold.
    """
    if form is Format.EXCEL:
        write_excel(rows, title, target)
    else:
        target.writelines(part.encode() for part in csv_lines(rows, delimiter))
    target.seek(0)


def write_excel(rows: Iterable[Sequence[Any]], title: str, target: IO[bytes]) -> None:
    """Write rows as an Excel file with one sheet, whose first row stays in view.

    Raises:
        TextTooLong: A text has more characters than a cell can hold.
    """
    from openpyxl import Workbook  # noqa: PLC0415  (only those who export need it)

    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for row in rows:
        sheet.append([excel_cell(sheet, value) for value in row])
    book.save(target)


def excel_cell(sheet: "WriteOnlyWorksheet", value: Any) -> Any:
    """Make of a value what stands in a cell: of text, what no spreadsheet takes for a formula.

    Raises:
        TextTooLong: It has more characters than a cell can hold.
    """
    if isinstance(value, Figure):
        return Decimal(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not isinstance(value, str) or not value:
        return value or None if isinstance(value, str) else value
    text = value if isinstance(value, Carried) else guarded(value)
    return _text_cell(sheet, excel_text(text))


def _text_cell(sheet: "WriteOnlyWorksheet", text: str) -> Any:
    """Keep digits, errors and whatever looks like something else a text."""
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415

    if len(text) > LONGEST_CELL:
        reason = f"“{text[:40]}…” is too long for a cell of an Excel file. Export CSV instead."
        raise TextTooLong(reason)
    if text[0].isalpha():
        return text
    cell = WriteOnlyCell(sheet, text)
    cell.data_type, cell.number_format = "s", "@"
    return cell
