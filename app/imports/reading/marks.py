"""What stands beside the values of a sheet: errors, formulas without a value, formats.

python-calamine gives values alone. A cell that shows 19% holds 0.19, one that shows 00042
holds 42, and one that shows #N/A holds nothing at all. The sheet's own XML says so (ECMA-376,
part 1, 18.3.1.4 and 18.8); it is read row by row beside the values, and only where there is
something of the kind in it.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import IO, NamedTuple
from xml.etree.ElementTree import Element, ParseError, fromstring, iterparse

from app.imports.reading.formats import CellFormat, built_in, cell_format
from app.imports.reading.plain_rows import plain_rows

BLOCK = 256 * 1024
STYLES = "xl/styles.xml"
_TELLTALE = re.compile(rb"""t\s*=\s*["']e["']|<(?:\w+:)?f[\s/>]""")
_LETTERS = re.compile(r"[A-Z]+")
Row = dict[int, "Mark"]


class Mark(NamedTuple):
    """What is special about a cell: a reason why it has no value, or how it is shown."""

    wrong: str = ""
    text: str = ""  # of one without a value, as a spreadsheet shows it
    format: CellFormat | None = None


NO_VALUE = (
    "The cell holds a formula whose value is not in the file. Open the file, save it and try "
    "again."
)


def marks(content: bytes, sheet: str) -> Iterator[tuple[int, Row]]:
    """Give the rows of a sheet that have special cells: number of the row, column from 0."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            part = _part(package, sheet)
            styles = _styles(package)
            if part and (styles or _has_telltale(package, part)):
                yield from _sheet_rows(package, part, styles)
    except (zipfile.BadZipFile, zlib.error, ParseError, KeyError, ValueError, OSError):
        return  # what the reader of values makes of it decides


def _part(package: zipfile.ZipFile, sheet: str) -> str:
    """Find the file of a sheet by its name."""
    targets = {}
    for element in _elements(package, "xl/_rels/workbook.xml.rels", "Relationship"):
        target = element.get("Target", "")
        targets[element.get("Id", "")] = (
            target.lstrip("/") if target[:1] == "/" else f"xl/{target}"
        )
    for element in _elements(package, "xl/workbook.xml", "sheet"):
        if element.get("name") == sheet:
            ids = [value for name, value in element.attrib.items() if name.endswith("}id")]
            return targets.get(ids[0], "") if ids else ""
    return ""


def _styles(package: zipfile.ZipFile) -> dict[str, CellFormat]:
    """Give the formats that change what a number says, by the index that cells name."""
    if STYLES not in package.namelist():
        return {}
    codes = {
        element.get("numFmtId", ""): element.get("formatCode", "")
        for element in _elements(package, STYLES, "numFmt")
    }
    used = [
        style.get("numFmtId", "0")
        for group in _elements(package, STYLES, "cellXfs")
        for style in group
    ]
    formats = [cell_format(codes.get(number) or built_in(number)) for number in used]
    return {str(place): shown for place, shown in enumerate(formats) if shown}


def _elements(package: zipfile.ZipFile, part: str, name: str) -> Iterator[Element]:
    with package.open(part) as stream:
        # expat bounds by itself what entities unfold to, and reads none from elsewhere.
        for _event, element in iterparse(stream):  # noqa: S314
            if _local(element.tag) == name:
                yield element


def _has_telltale(package: zipfile.ZipFile, part: str) -> bool:
    """Look for errors and formulas before anything is parsed."""
    rest = b""
    with package.open(part) as stream:
        while block := stream.read(BLOCK):
            if _TELLTALE.search(rest + block):
                return True
            rest = block[-20:]
    return False


def _sheet_rows(
    package: zipfile.ZipFile, part: str, styles: dict[str, CellFormat]
) -> Iterator[tuple[int, Row]]:
    """Read the rows as long as they are written plainly, and leave the others to a parser."""

    def read(cells: bytes) -> Row:
        return _marked(fromstring(b"<row>" + cells + b"</row>"), styles)  # noqa: S314

    with package.open(part) as stream:
        last = yield from plain_rows(stream, read)
    if last is not None:
        with package.open(part) as stream:
            yield from (row for row in _rows(stream, styles) if row[0] > last)


def _rows(stream: IO[bytes], styles: dict[str, CellFormat]) -> Iterator[tuple[int, Row]]:
    """Read the rows one after the other; what was read is let go."""
    number, table = 0, None
    for event, element in iterparse(stream, ("start", "end")):  # noqa: S314  (see above)
        name = _local(element.tag)
        if event == "start" and name == "sheetData":
            table = element
        elif event == "end" and name == "row":
            number = int(element.get("r") or number + 1)
            if row := _marked(element, styles):
                yield number, row
            if table is not None:
                table.clear()


def _marked(row: Element, styles: dict[str, CellFormat]) -> Row:
    found, column = Row(), 0
    for cell in row:
        column = _column(cell.get("r", ""), column)
        if mark := _mark(cell, styles):
            found[column] = mark
        column += 1
    return found


def _mark(cell: Element, styles: dict[str, CellFormat]) -> Mark | None:
    kind = cell.get("t", "n")
    parts = {_local(part.tag): part.text or "" for part in cell}
    if kind == "e":
        error = parts.get("v") or "#ERROR!"
        return Mark(f"The cell holds {error}.", error)
    if "f" in parts and not parts.get("v") and kind != "str":
        return Mark(NO_VALUE, f"={parts['f']}")
    if kind == "n" and (shown := styles.get(cell.get("s", ""))):
        return Mark(format=shown)
    return None


def _column(reference: str, following: int) -> int:
    """Count from 0: `C7` is 2. A cell without a reference follows the one before."""
    found = _LETTERS.match(reference)
    if not found:
        return following
    number = 0
    for letter in found[0]:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
