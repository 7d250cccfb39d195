"""Text files: comma, semicolon, tab or pipe separated, in whatever encoding."""

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterator
from io import BytesIO, TextIOWrapper

from app.imports.reading.files import ADVICE, UnreadableFile
from app.imports.reading.table import Layout, Row, Table

DELIMITERS = {",": "Comma", ";": "Semicolon", "\t": "Tab", "|": "Pipe"}
ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "cp1252": "Western European (Windows-1252)",
    "cp1250": "Central European (Windows-1250)",
    "cp1251": "Cyrillic (Windows-1251)",
}
BOMS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
NO_TEXT = f"This is neither an Excel file nor a text file. {ADVICE}"
SAMPLE = 64 * 1024  # bytes or characters that guesses are made from
SAMPLE_ROWS = 50
LONGEST_LINE = 2 * 1024 * 1024  # characters
_RUBBISH = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ufffd]")

_LETTERS, _STRANGE = re.compile(rb"[A-Za-z]"), re.compile(rb"[\x80-\xff]")

csv.field_size_limit(1024 * 1024)


class TextTable(Table):
    """The table in a text file."""

    def __init__(self, content: bytes, layout: Layout) -> None:
        self.layout = layout
        self._content = content
        self.encoding = _encoding(content, layout.encoding)
        sample = self._text().read(SAMPLE)
        if _RUBBISH.search(sample):
            raise UnreadableFile(NO_TEXT)
        self.delimiter = layout.delimiter or guess_delimiter(sample)
        self.height = content.count(b"\n") + 1
        self._name_columns()

    def _text(self) -> TextIOWrapper:
        return TextIOWrapper(BytesIO(self._content), encoding=self.encoding, newline="")

    def _lines(self) -> Iterator[str]:
        """Refuse a line that no table has, before it becomes millions of cells."""
        for number, line in enumerate(self._text(), 1):
            if len(line) > LONGEST_LINE:
                raise UnreadableFile(f"Line {number} is far too long for a table.")
            yield line

    def _open(self) -> Iterator[Row]:
        """Count records, not lines: a cell may have several lines, a spreadsheet's row too."""
        rows = csv.reader(self._lines(), delimiter=self.delimiter)
        number = 0
        try:
            for number, cells in enumerate(rows, 1):
                if any(map(str.strip, cells)):
                    yield number, cells
        except csv.Error as error:
            reason = f"Row {number + 1} cannot be read: is a quotation mark missing? {ADVICE}"
            raise UnreadableFile(reason) from error


def _encoding(content: bytes, chosen: str) -> str:
    """Find an encoding in which all of the file makes sense.

    Raises:
        UnreadableFile: It does not in the chosen one, or in any.
    """
    found = next((name for bom, name in BOMS.items() if content.startswith(bom)), None)
    encoding = found or chosen or _guess_encoding(content)
    try:
        with TextIOWrapper(BytesIO(content), encoding=encoding) as text:
            while text.read(SAMPLE):
                pass
    except (UnicodeError, LookupError) as error:
        reason = f"The file is not text in {encoding}." if chosen else NO_TEXT
        raise UnreadableFile(reason) from error
    return encoding


def _guess_encoding(content: bytes) -> str:
    """UTF-8 proves itself, UTF-16 shows by its zero bytes, the rest is likelihood."""
    if half := _half_of_utf16(content[:SAMPLE]):
        return half
    try:
        codecs.decode(content, "utf-8")
    except UnicodeError:
        return _likely_encoding(content)
    return "utf-8"


def _half_of_utf16(sample: bytes) -> str | None:
    """Every other byte of mostly Latin text in UTF-16 is zero."""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    enough = len(sample) * 0.3
    if even > enough > odd:
        return "utf-16-be"
    return "utf-16-le" if odd > enough > even else None


def _likely_encoding(content: bytes) -> str:
    """Tell letters with accents between others from letters of another alphabet.

    Windows-1250 and 1252 have most letters in common: 1250 has to be chosen by hand.
    """
    from charset_normalizer import from_bytes  # noqa: PLC0415  (rarely needed, and 10 MB)

    words = [word for word in content.split() if not word.isascii()]
    strange = b" ".join(words)[:SAMPLE]
    if len(_LETTERS.findall(strange)) > len(_STRANGE.findall(strange)):
        return "cp1252"
    best = from_bytes(strange, cp_isolation=["cp1252", "cp1251"]).best()
    return best.encoding if best else "cp1252"


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
