"""Excel files. python-calamine reads them, and runs nothing that is in them."""

from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING

from app.core.cells import as_text
from app.imports.reading.files import ADVICE, UnreadableFile, check_extent
from app.imports.reading.table import Layout, Row, Table

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook


class ExcelTable(Table):
    """One sheet of a workbook."""

    def __init__(self, content: bytes, layout: Layout) -> None:
        self.layout = layout
        workbook = _workbook(content)
        self._sheet = _sheet(workbook, layout.sheet or next(iter(_visible(workbook)), ""))
        start = self._sheet.start or (0, 0)
        self.height = self._sheet.total_height
        check_extent(self.height, self._sheet.total_width)
        self._left = [""] * start[1]
        if layout.header:
            self._refuse_merged(start[0])
        self._name_columns(skipped=start[1])

    def _open(self) -> Iterator[Row]:
        for number, values in enumerate(self._sheet.iter_rows(), 1):
            cells = [*self._left, *map(as_text, values)]
            if any(map(str.strip, cells)):
                yield number, cells

    def _refuse_merged(self, header: int) -> None:
        """Refuse merged cells in the header row: nobody can tell which column they name."""
        for (top, left), (bottom, right) in self._sheet.merged_cell_ranges or []:
            if top <= header <= bottom:
                columns = f"{left + 1} to {right + 1}" if left < right else f"{left + 1}"
                raise UnreadableFile(
                    f"The header row has merged cells in columns {columns}. "
                    "Unmerge them, so that one row names every column."
                )


def sheet_names(content: bytes) -> list[str]:
    """Name the sheets that a person sees.

    Raises:
        UnreadableFile: The workbook cannot be read.
    """
    return _visible(_workbook(content))


def _visible(workbook: "CalamineWorkbook") -> list[str]:
    from python_calamine import SheetTypeEnum, SheetVisibleEnum  # noqa: PLC0415  (see below)

    return [
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
    ]


def _workbook(content: bytes) -> "CalamineWorkbook":
    from python_calamine import (  # noqa: PLC0415  (only those who import need it)
        CalamineError,
        CalamineWorkbook,
        PasswordError,
    )

    try:
        return CalamineWorkbook.from_filelike(BytesIO(content))
    except PasswordError as error:
        raise UnreadableFile("The file is protected by a password.") from error
    except CalamineError as error:
        raise UnreadableFile(f"The Excel file is damaged. {ADVICE}") from error


def _sheet(workbook: "CalamineWorkbook", name: str) -> "CalamineSheet":
    from python_calamine import CalamineError, WorksheetNotFound  # noqa: PLC0415

    try:
        return workbook.get_sheet_by_name(name)
    except WorksheetNotFound as error:
        raise UnreadableFile(f"There is no sheet called “{name}”.") from error
    except CalamineError as error:
        raise UnreadableFile(f"The sheet cannot be read. {ADVICE}") from error
