"""A table in a file: named columns and numbered rows of text."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from itertools import chain
from typing import Any

from app.imports.reading.files import MOST_COLUMNS, MOST_ROWS, UnreadableFile

NO_HEADER = "If the file has no header row, say so."


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How to read a file; what is empty is guessed.

    With `header` the first row that is not blank names the columns, else they are called
    "1", "2" and so on. `decimal` is "." or ",", and only matters for text.
    """

    sheet: str = ""
    header: bool = True
    encoding: str = ""
    delimiter: str = ""
    decimal: str = ""

    @classmethod
    def of(cls, settings: dict[str, Any]) -> "Layout":
        """Take what belongs to the layout out of stored settings."""
        names = [field.name for field in fields(cls)]
        return cls(**{name: settings[name] for name in names if name in settings})

    @property
    def settings(self) -> dict[str, Any]:
        """The layout as it is stored."""
        return asdict(self)


Row = tuple[int, list[str]]  # its number as a spreadsheet shows it, its cells


class Table(ABC):
    """Columns and rows of one sheet. Rows are read from the beginning as often as asked."""

    layout: Layout
    columns: list[str]  # how they are called, unique
    height: int  # rows, about

    @abstractmethod
    def _open(self) -> Iterator[Row]:
        """All rows, the header too, blank ones not."""

    def rows(self) -> Iterator[Row]:
        """Rows below the header that are not blank, as wide as the header at least.

        Raises:
            UnreadableFile: There are too many, or the file is broken further down.
        """
        rows = self._open()
        if self.layout.header:
            next(rows, None)
        width = len(self.columns)
        for count, (number, cells) in enumerate(rows, 1):
            if count > MOST_ROWS:
                raise UnreadableFile(f"The table has more than {MOST_ROWS:,} rows.")
            yield number, cells + [""] * (width - len(cells))

    def preview(self, count: int) -> list[Row]:
        """Give the first rows."""
        return [row for _index, row in zip(range(count), self.rows(), strict=False)]

    def _name_columns(self, skipped: int = 0) -> None:
        """Learn the columns from the first row; `skipped` ones at the left hold nothing.

        Raises:
            UnreadableFile: There is no row, or the header does not name every column once.
        """
        rows = self._open()
        first = next(rows, None)
        if first is None:
            raise UnreadableFile("There are no rows in the table.")
        if self.layout.header:
            self.columns = _names(first[1], skipped)
            if next(rows, None) is None:
                raise UnreadableFile(f"There is nothing below the header row. {NO_HEADER}")
        else:
            seen = chain([first], (row for _n, row in zip(range(100), rows, strict=False)))
            widest = max(len(cells) for _number, cells in seen)
            self.columns = [str(number) for number in range(1, widest + 1)]
        if len(self.columns) > MOST_COLUMNS:
            raise UnreadableFile(f"The table has more than {MOST_COLUMNS} columns.")


def _names(cells: list[str], skipped: int) -> list[str]:
    """Check the header row: every column has a name, and no other has the same."""
    names = [" ".join(cell.split()) for cell in cells]
    while names and not names[-1]:
        names.pop()
    seen: dict[str, int] = {}
    for number, name in enumerate(names, 1):
        if not name and number > skipped:
            raise UnreadableFile(f"Column {number} has no header. {NO_HEADER}")
        if name and name.casefold() in seen:
            first = seen[name.casefold()]
            raise UnreadableFile(
                f"Columns {first} and {number} are both called “{name}”. {NO_HEADER}"
            )
        seen[name.casefold()] = number
    return [name or f"({number})" for number, name in enumerate(names, 1)]
