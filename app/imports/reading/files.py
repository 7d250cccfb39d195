"""What a file is, by its content: names lie."""

import re
import struct
import zipfile
import zlib
from enum import Enum
from io import BytesIO

from app.core.errors import DomainError

MOST_BYTES = 50 * 1024 * 1024
MOST_UNPACKED = 600 * 1024 * 1024
MOST_RATIO = 200  # unpacked to packed, of a file inside that is large unpacked
LARGE = 20 * 1024 * 1024
MOST_ROWS = 1_000_000
MOST_COLUMNS = 500
MOST_CELLS = 40_000_000  # of the rectangle around all cells: the reader keeps it in memory

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
FOREIGN = {
    b"%PDF": "a PDF document",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"\x1f\x8b": "a packed file",
    b"7z\xbc\xaf": "a packed file",
    b"Rar!": "a packed file",
    b"\xfd7zXZ": "a packed file",
    b"{\\rtf": "a text document",
    b"\x7fELF": "a program",
    b"MZ\x90": "a program",
    b"SQLite format": "a database",
}
ADVICE = "Save it as .xlsx or .csv and try again."
BROKEN = (  # what `zipfile` raises, depending on where a file is damaged
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
)
BLOCK = 1024 * 1024
OVERLAP = 64
# References of cells and rows, however the file writes them: r="AB12", r='7'.
_CELL = re.compile(rb"""\br\s*=\s*["']([A-Z]{1,7})[0-9]""")
_ROW = re.compile(rb"""\br\s*=\s*["'][A-Z]*([0-9]{5,12})["']""")


class FileKind(Enum):
    """What we read."""

    EXCEL = "Excel"
    TEXT = "CSV"


class UnreadableFile(DomainError):
    """A file cannot be imported; the message says why and what to do."""

    status = 422

    def __init__(self, reason: str, *, field: str = "file") -> None:
        super().__init__(reason)
        self.field = field  # the file itself, or what was said of it: sheet, header_row

    @property
    def fields(self) -> dict[str, list[str]]:
        """What does not fit."""
        return {self.field: [str(self)]}


class FileTooLarge(UnreadableFile):
    """A file is over the limit."""

    status = 413


def kind_of(content: bytes) -> FileKind:
    """Tell an Excel file from a text file.

    Raises:
        UnreadableFile: It is neither, or it is dangerous, or there is nothing in it.
    """
    if len(content) > MOST_BYTES:
        raise FileTooLarge(f"The file is larger than {MOST_BYTES // 1024**2} MB.")
    if not content.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0"):
        raise UnreadableFile("The file is empty.")
    if content.startswith(OLE):
        raise UnreadableFile(_about_ole(content))
    for magic, what in FOREIGN.items():
        if content.startswith(magic):
            raise UnreadableFile(f"This is {what}, not a table. {ADVICE}")
    if content.startswith(b"PK\x03\x04"):
        _check_workbook(content)
        return FileKind.EXCEL
    return FileKind.TEXT


def _about_ole(content: bytes) -> str:
    if ENCRYPTED in content:
        return "The file is protected by a password. Remove the password and try again."
    return f"This is a file of an old version of Excel or Word. {ADVICE}"


def _check_workbook(content: bytes) -> None:
    """Read through the packed file once, in blocks, before anything keeps it in memory."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            parts = package.infolist()
            _check_parts(parts)
            for part in parts:
                _check_part(package, part)
    except BROKEN as error:
        raise UnreadableFile(f"The Excel file is damaged. {ADVICE}") from error


def _check_parts(parts: list[zipfile.ZipInfo]) -> None:
    if "xl/workbook.xml" not in {part.filename for part in parts}:
        raise UnreadableFile(f"This is a packed file, not an Excel file. {ADVICE}")
    unpacked = sum(part.file_size for part in parts)
    is_bomb = any(
        part.file_size > LARGE and part.file_size > MOST_RATIO * max(part.compress_size, 1)
        for part in parts
    )
    if is_bomb or unpacked > MOST_UNPACKED:
        raise UnreadableFile("The Excel file is far too large once it is unpacked.")
    if any(part.flag_bits & 1 for part in parts):
        raise UnreadableFile("The file is protected by a password. Remove it and try again.")


def _check_part(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Unpack one part, which also proves its size, and measure the sheet it may be."""
    is_sheet = part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml")
    columns, rows, rest = 0, 0, b""
    with package.open(part) as stream:
        while block := stream.read(BLOCK):
            if is_sheet:
                seen = rest + block
                columns = max([columns, *map(_column, set(_CELL.findall(seen)))])
                rows = max([rows, *map(int, _ROW.findall(seen))])
                rest = block[-OVERLAP:]
    check_extent(rows, columns)


def check_extent(rows: int, columns: int) -> None:
    """Refuse a table that is too large to be one.

    Raises:
        UnreadableFile: It has too many rows, columns or cells.
    """
    if columns > MOST_COLUMNS:
        raise UnreadableFile(f"The table has more than {MOST_COLUMNS} columns.")
    if rows > MOST_ROWS + 1 or rows * columns > MOST_CELLS:
        raise UnreadableFile(f"The table has more than {MOST_ROWS:,} rows, or too many cells.")


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
