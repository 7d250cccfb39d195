"""Excel files. python-calamine reads them, and runs nothing that is in them."""

from collections.abc import Collection, Iterator
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING, Any

from app.core.cells import Figure, RoundedFigure, as_text, failed, number_text
from app.imports.reading.files import ADVICE, UnreadableFile, check_extent
from app.imports.reading.marks import Mark, marks
from app.imports.reading.table import Layout, Row, Table

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

NO_MARKS: dict[int, Mark] = {}


class ExcelTable(Table):
    """One sheet of a workbook."""

    def __init__(self, content: bytes, layout: Layout) -> None:
        self.layout = layout
        self.notices = []
        self._content = content
        workbook = _workbook(content)
        self._sheet = _sheet(workbook, layout.sheet or next(iter(_visible(workbook)), ""))
        start = self._sheet.start or (0, 0)
        self.height = self._sheet.total_height
        check_extent(self.height, self._sheet.total_width)
        self._left = [""] * start[1]
        self._name_columns()

    def check(self) -> None:
        """Do nothing: the whole sheet was read when it was opened."""

    def _open(self) -> Iterator[Row]:
        marked = marks(self._content, self._sheet.name)
        at, row_marks = next(marked, (0, NO_MARKS))
        for number, values in enumerate(self._sheet.iter_rows(), 1):
            while at and at < number:
                at, row_marks = next(marked, (0, NO_MARKS))
            cells = [
                *self._left,
                *(v if v.__class__ is str else as_text(v) for v in values),
            ]
            if at == number:
                cells = _marked(cells, [*self._left, *values], row_marks)
            if any(map(str.strip, cells)):
                yield number, cells

    def texts(self, places: Collection[int]) -> dict[int, set[str]]:
        """Give the different texts of some columns; mostly there are none.

        How numbers are shown is not asked: they are no texts.
        """
        first = next(self.rows(), (0, []))[0]
        width, left = self._sheet.total_width, len(self._left)
        at = [place - left for place in places if 0 <= place - left < width]
        for number, values in enumerate(self._sheet.iter_rows(), 1):
            if number >= first and any(
                value and value.__class__ is str for value in map(values.__getitem__, at)
            ):
                return super().texts(places)
        return {place: set() for place in places}


def _marked(cells: list[str], values: list[Any], row_marks: dict[int, Mark]) -> list[str]:
    """Write the special cells of a row as they are shown, or as what is wrong with them."""
    cells = cells + [""] * (max(row_marks) + 1 - len(cells))
    for place, mark in row_marks.items():
        if mark.wrong:
            cells[place] = failed(mark.text, mark.wrong)
        elif place < len(values) and isinstance(values[place], int | float):
            cells[place] = _shown(mark, cells[place])
    return cells


def _shown(mark: Mark, text: str) -> str:
    shown = mark.format
    if shown is None or "E" in text:
        return text
    if shown.is_percent:
        return f"{number_text(float(Decimal(text) * 100))}%"
    if shown.pattern:
        return shown.written(Decimal(text)) or text
    if shown.decimals is not None and len(text.partition(".")[2]) <= shown.decimals:
        return Figure(text, shown.sign)  # as most are: nothing is rounded
    rounded = shown.rounded(Decimal(text))
    if rounded == Decimal(text):
        return Figure(text, shown.sign)
    figure = RoundedFigure(text, shown.sign)
    figure.shown = Figure(f"{rounded:f}", shown.sign)
    return figure


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
        raise UnreadableFile(f"There is no sheet called “{name}”.", field="sheet") from error
    except CalamineError as error:
        raise UnreadableFile(f"The sheet cannot be read. {ADVICE}") from error
