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
    "cp1253": "Greek (Windows-1253)",
    "cp1254": "Turkish (Windows-1254)",
    "cp1257": "Baltic (Windows-1257)",
    "iso-8859-15": "Western European (ISO 8859-15)",
    "iso-8859-2": "Central European (ISO 8859-2)",
    "cp850": "Western European (DOS 850)",
    "cp852": "Central European (DOS 852)",
    "mac_roman": "Western European (Macintosh)",
    "shift_jis": "Japanese (Shift JIS)",
    "gb18030": "Chinese (GB 18030)",
    "big5": "Chinese (Big5)",
    "euc_kr": "Korean (EUC-KR)",
}
BOMS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
NO_WINDOWS = (b"\x81", b"\x8d", b"\x8f", b"\x90", b"\x9d")
NO_TEXT = f"This is neither an Excel file nor a text file. {ADVICE}"
SAMPLE = 64 * 1024  # bytes or characters that guesses are made from
SAMPLE_ROWS = 50
LONGEST_LINE = 2 * 1024 * 1024  # characters
MOST_RUBBISH, FEW = 0.01, 3  # control characters: their share, and how many are none
LEAST_MIXED = 4  # by chance a line in another encoding is UTF-8, but not one of four
_SEP = re.compile(r"sep=([^\r\n])\r?(?:\n|\Z)", re.IGNORECASE)
_RUBBISH = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ufffd]")

_LETTERS, _STRANGE = re.compile(rb"[A-Za-z]"), re.compile(rb"[\x80-\xff]")

csv.field_size_limit(1024 * 1024)


class TextTable(Table):
    """The table in a text file."""

    def __init__(self, content: bytes, layout: Layout) -> None:
        self.layout = layout
        self.notices = []
        # Ctrl-Z is how DOS ended a text.
        self._content = content.rstrip(b"\x1a")
        self.encoding, is_guess = _encoding(self._content, layout.encoding)
        sample = self._text().read(SAMPLE)
        if _is_binary(sample):
            raise UnreadableFile(NO_TEXT)
        if is_guess:
            self.notices.append(_guessed(self.encoding, sample))
        self.told = _told_delimiter(sample)
        self.delimiter = layout.delimiter or self.told or guess_delimiter(sample)
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
        lines = self._lines()
        rows = csv.reader(
            lines, delimiter=self.delimiter, strict=True, skipinitialspace=self.delimiter != " "
        )
        number = 0
        try:
            for number, cells in enumerate(rows, 1):
                if number == 1 and self.told:
                    continue
                if any(map(str.strip, cells)):
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


def _guessed(encoding: str, sample: str) -> str:
    """Say what was guessed, with a word by which people see whether it is right."""
    words = re.findall(r"[^\s,;|\"]*[^\x00-\x7f][^\s,;|\"]*", sample)
    shown = ", ".join(dict.fromkeys(words[:3])) or "the letters beyond ASCII"
    name = ENCODINGS.get(encoding, encoding)
    return f"The encoding is a guess, {name}: if it is not “{shown}”, choose another one."


def _encoding(content: bytes, chosen: str) -> tuple[str, bool]:
    """Find an encoding in which all of the file makes sense, and whether it is a guess.

    Raises:
        UnreadableFile: It does not in the chosen one, or in any.
    """
    found = next((name for bom, name in BOMS.items() if content.startswith(bom)), None)
    encoding, is_guess = (
        (found or chosen, False) if found or chosen else _guess_encoding(content)
    )
    try:
        with TextIOWrapper(BytesIO(content), encoding=encoding) as text:
            while text.read(SAMPLE):
                pass
    except (UnicodeError, LookupError) as error:
        reason = f"The file is not text in {encoding}." if chosen else NO_TEXT
        raise UnreadableFile(reason) from error
    return encoding, is_guess


def _guess_encoding(content: bytes) -> tuple[str, bool]:
    """UTF-8 proves itself, UTF-16 shows by its zero bytes, the rest is likelihood.

    Raises:
        UnreadableFile: Some lines are UTF-8 and others are not.
    """
    if half := _half_of_utf16(content[:SAMPLE]):
        return half, False
    try:
        codecs.decode(content, "utf-8")
    except UnicodeError:
        _refuse_mixed(content)
        return _likely_encoding(content), True
    return "utf-8", False


def _refuse_mixed(content: bytes) -> None:
    """Refuse a file that was put together of two: either half would come out as rubbish."""
    strange = [
        (number, _is_utf8(line))
        for number, line in enumerate(content.split(b"\n"), 1)
        if not line.isascii()
    ]
    fits = sum(is_utf8 for _number, is_utf8 in strange)
    others = [number for number, is_utf8 in strange if not is_utf8]
    if fits * LEAST_MIXED >= len(others):
        raise UnreadableFile(
            f"Line {others[0]} is not in UTF-8, as other lines are: the file was put together "
            "of two. Save it in one encoding, or choose the one that all of it is in."
        )


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeError:
        return False
    return True


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
        return _western(content)
    best = from_bytes(strange, cp_isolation=["cp1252", "cp1251"]).best()
    return best.encoding if best else _western(content)


def _western(content: bytes) -> str:
    """Five bytes are no letter in Windows-1252; in what DOS wrote, all are."""
    return "cp850" if any(content.count(byte) for byte in NO_WINDOWS) else "cp1252"


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
