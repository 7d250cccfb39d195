"""Text files: comma, semicolon, tab or pipe separated, in whatever encoding."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from io import BytesIO, TextIOWrapper

from app.imports.reading.encodings import (
    NO_TEXT,
    SAMPLE,
    broken_before,
    encoding_of,
    guessed,
)
from app.imports.reading.files import ADVICE, UnreadableFile
from app.imports.reading.table import Layout, Row, Table

DELIMITERS = {",": "Comma", ";": "Semicolon", "\t": "Tab", "|": "Pipe"}
SAMPLE_ROWS = 50
LONGEST_LINE = 2 * 1024 * 1024  # characters
MOST_RUBBISH, FEW = 0.01, 3  # control characters: their share, and how many are none
_SEP = re.compile(r"sep=([^\r\n])\r?(?:\n|\Z)", re.IGNORECASE)
_RUBBISH = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ufffd]")

csv.field_size_limit(1024 * 1024)


class TextTable(Table):
    """The table in a text file."""

    def __init__(self, content: bytes, layout: Layout) -> None:
        self.layout = layout
        self.notices = []
        # Ctrl-Z is how DOS ended a text.
        self._content = content.rstrip(b"\x1a")
        self.encoding, is_guess = encoding_of(self._content, layout.encoding)
        sample = self._text().read(SAMPLE)
        if _is_binary(sample):
            raise UnreadableFile(NO_TEXT)
        if is_guess:
            self.notices.append(guessed(self.encoding, sample))
        elif broken := broken_before(self._content, self.encoding):
            self.notices.append(broken)
        self.told = _told_delimiter(sample)
        self.delimiter = layout.delimiter or self.told or guess_delimiter(sample)
        self.height = content.count(b"\n") + 1
        self._name_columns()

    def _text(self) -> TextIOWrapper:
        return TextIOWrapper(BytesIO(self._content), encoding=self.encoding, newline="")

    def _lines(self) -> Iterator[str]:
        """Refuse a line that no table has, before it becomes millions of cells."""
        return self._checked_lines() if self._may_be_long else iter(self._text())

    @cached_property
    def _may_be_long(self) -> bool:
        """Tell whether a line may be too long: in most encodings its bytes can say so."""
        is_wide = self.encoding.startswith("utf-16")
        return is_wide or max(map(len, BytesIO(self._content))) > LONGEST_LINE

    def _checked_lines(self) -> Iterator[str]:
        for number, line in enumerate(self._text(), 1):
            if len(line) > LONGEST_LINE:
                raise UnreadableFile(f"Line {number} is far too long for a table.")
            yield line

    def _open(self) -> Iterator[Row]:
        """Count records, not lines: a cell may have several lines, a spreadsheet's row too."""
        lines = self._lines()
        rows = csv.reader(
            lines, delimiter=self.delimiter, strict=True, skipinitialspace=self.delimiter != " "
        )
        number = 0
        try:
            for number, cells in enumerate(rows, 1):
                if number == 1 and self.told:
                    continue
                # Most rows begin with something: the rest is looked at only where one does not.
                if (cells and cells[0] and not cells[0].isspace()) or any(
                    map(str.strip, cells)
                ):
                    yield number, cells
        except csv.Error as error:
            raise UnreadableFile(_broken(number + 1, error)) from error


def _broken(row: int, error: csv.Error) -> str:
    """Say where a quotation mark is wrong: from there on nobody knows what is a cell."""
    if "field larger" in str(error):
        return f"Row {row} cannot be read: is a quotation mark missing? {ADVICE}"
    return (
        f"Row {row} cannot be read: a quotation mark is opened there and not closed before "
        "other text. Close it, or write it twice if it belongs to the text."
    )


def _told_delimiter(sample: str) -> str:
    """Read the line by which a file tells Excel what parts its cells, as in `sep=;`."""
    found = _SEP.match(sample)
    return found[1] if found else ""


def _is_binary(sample: str) -> bool:
    """Tell what is no text at all from a text with a stray character."""
    rubbish = len(_RUBBISH.findall(sample))
    return "\0" in sample or rubbish > max(len(sample) * MOST_RUBBISH, FEW)


def guess_delimiter(sample: str) -> str:
    """Choose the separator by which most rows have the same number of cells, more than one."""
    return max(DELIMITERS, key=lambda delimiter: _evenness(sample, delimiter))


def _evenness(sample: str, delimiter: str) -> tuple[float, int]:
    """Share of rows as wide as most are, and how wide."""
    lines = sample.splitlines(keepends=True)[:SAMPLE_ROWS]
    try:
        rows = list(csv.reader(lines, delimiter=delimiter))
    except csv.Error:
        return (0.0, 0)
    widths = Counter(len(cells) for cells in rows if cells)
    if not widths:
        return (0.0, 0)
    width, count = widths.most_common(1)[0]
    return (count / widths.total(), width) if width > 1 else (0.0, 0)
