"""A table in a file: named columns and numbered rows of text."""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from copy import copy
from dataclasses import asdict, dataclass, fields, replace
from itertools import chain, islice
from typing import Any

from app.imports.reading.files import MOST_COLUMNS, MOST_ROWS, UnreadableFile

NO_HEADER = "If the file has no header row, say so."
TOP = 20  # rows among which the header is looked for
MOST_TEXTS = 200_000  # different ones of a column: more of them show nothing new
BATCH = 2000  # rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How to read a file; what is empty is guessed or asked.

    With `header` the row `header_row` names the columns, 0 for the first that is not blank;
    else they are called "1", "2" and so on. `decimal` is "." or ",". `dates` is the order in
    which a date like 3/4/2026 is written, "dmy" or "mdy". `figures` says what counts of a
    number that a spreadsheet shows with fewer decimals than it holds: "held" or "shown".
    """

    sheet: str = ""
    header: bool = True
    header_row: int = 0
    encoding: str = ""
    delimiter: str = ""
    decimal: str = ""
    dates: str = ""
    figures: str = ""

    @classmethod
    def of(cls, settings: dict[str, Any]) -> "Layout":
        """Take what belongs to the layout out of stored settings."""
        names = [field.name for field in fields(cls)]
        return cls(**{name: settings[name] for name in names if name in settings})

    @property
    def settings(self) -> dict[str, Any]:
        """The layout as it is stored."""
        return asdict(self)

    def with_header(self, row: int) -> "Layout":
        """Give the layout with another header row."""
        return replace(self, header_row=row)


Row = tuple[int, list[str]]  # its number as a spreadsheet shows it, its cells


class Table(ABC):
    """Columns and rows of one sheet. Rows are read from the beginning as often as asked.

    `notices` are sentences about what was guessed or left out, for a person to see before
    anything is written.
    """

    layout: Layout
    columns: list[str]  # how they are called, unique
    height: int  # rows, about
    notices: list[str]

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
            next((number for number, _cells in rows if number >= self.layout.header_row), None)
        width = len(self.columns)
        for count, (number, cells) in enumerate(rows, 1):
            if count > MOST_ROWS:
                raise UnreadableFile(f"The table has more than {MOST_ROWS:,} rows.")
            yield number, cells + [""] * (width - len(cells))

    def laid_out(self, layout: Layout) -> "Table":
        """Give the same table with another header row; the file is not opened again.

        Raises:
            UnreadableFile: There is no such row, or nothing below it.
        """
        other = copy(self)
        other.layout, other.notices = layout, [*self.notices]
        other._name_columns()  # noqa: SLF001  (it is one of us)
        return other

    def top(self) -> list[Row]:
        """Give the first rows of the sheet, whatever they are."""
        return [*islice(self._open(), TOP)]

    def preview(self, count: int) -> list[Row]:
        """Give the first rows below the header."""
        return [row for _index, row in zip(range(count), self.rows(), strict=False)]

    def texts(self, places: Collection[int]) -> dict[int, set[str]]:
        """Give the different texts of some columns; values of a spreadsheet are none.

        Raises:
            UnreadableFile: The file is broken somewhere.
        """
        seen: dict[int, set[str]] = {place: set() for place in places}
        rows = self.rows()
        while batch := [cells for _number, cells in islice(rows, BATCH)]:
            for place, known in seen.items():
                if len(known) < MOST_TEXTS:
                    known.update([c for r in batch if (c := r[place]).__class__ is str])
        return seen

    def check(self) -> None:
        """Read the file to its end.

        Raises:
            UnreadableFile: It is broken somewhere.
        """
        for _row in self._open():
            pass

    def _name_columns(self) -> None:
        """Learn the columns from the header row.

        Raises:
            UnreadableFile: There is no such row, or nothing below it.
        """
        if not self.layout.header:
            seen = [*islice(self._open(), 100)]
            if not seen:
                raise UnreadableFile("There are no rows in the table.")
            widest = max(len(cells) for _number, cells in seen)
            self.columns = [str(number) for number in range(1, widest + 1)]
        else:
            rows = (row for row in self._open() if row[0] >= self.layout.header_row)
            first, second = next(rows, None), next(rows, None)
            if first is None:
                field = "header_row" if self.layout.header_row else "file"
                raise UnreadableFile(self._nothing(), field=field)
            if second is None:
                raise UnreadableFile(f"There is nothing below the header row. {NO_HEADER}")
            self.columns = self._names(first[1], chain([second], islice(rows, TOP)))
            if first[0] > 1 and any(number < first[0] for number, _cells in self.top()):
                self.notices.append(f"The columns are named in row {first[0]}.")
        if len(self.columns) > MOST_COLUMNS:
            raise UnreadableFile(f"The table has more than {MOST_COLUMNS} columns.")

    def _nothing(self) -> str:
        row = self.layout.header_row
        return (
            f"There is no row {row} in the table." if row else "There are no rows in the table."
        )

    def _names(self, cells: Sequence[str], below: Iterator[Row]) -> list[str]:
        """Name every column once. One without a name, or with another's, gets its number."""
        names = [" ".join(cell.split()) for cell in cells]
        filled = {at for _n, row in below for at, cell in enumerate(row) if cell.strip()}
        while names and not names[-1] and len(names) - 1 not in filled:
            names.pop()
        seen = Counter(name.casefold() for name in names if name)
        self._tell(names, filled, seen)
        return [
            f"{name} ({number})" if seen[name.casefold()] > 1 else name or f"({number})"
            for number, name in enumerate(names, 1)
        ]

    def _tell(self, names: Sequence[str], filled: set[int], seen: Counter[str]) -> None:
        bare = [str(at + 1) for at, name in enumerate(names) if not name and at in filled]
        if bare:
            which = ", ".join(bare)
            self.notices.append(f"Columns without a name, left out unless chosen: {which}.")
        shared = [name for name in reversed(names) if seen[name.casefold()] > 1]
        for name in reversed({name.casefold(): name for name in shared}.values()):
            self.notices.append(f"Several columns are called “{name}”: choose the right one.")
