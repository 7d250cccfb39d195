"""Rows of a sheet told apart by their letters, as nearly every program writes them.

A parser of XML looks at each of a million cells; most rows of a sheet are formatted alike, so
what is special about their cells is asked once for all of them. What is not written plainly is
left to the parser: cells without references, prefixes, comments, other encodings.
"""

import re
from collections.abc import Callable, Generator
from typing import IO, TypeVar

T = TypeVar("T")

BLOCK = 256 * 1024
MOST_KINDS = 10_000  # of rows that are remembered
END = b"</row>"
_ROW = re.compile(rb'<row(?= )[^>]*? r="([0-9]{1,7})"[^>]*>')
_CELL = re.compile(rb'<c r="([A-Z]{1,3})[0-9]{1,7}"([^>]*)>')
_OWN = re.compile(rb"""t="e"|<f[\s/>]""")  # what a cell says by more than its format


def plain_rows(
    stream: IO[bytes], read: Callable[[bytes], T]
) -> Generator[tuple[int, T], None, int | None]:
    """Give the rows with what `read` makes of their cells, where it makes anything.

    Rows whose cells have the same columns, types and formats are read once, but for those
    with errors and formulas. Returns the number of the last row before one that is not
    written plainly; None at the end of the rows.
    """
    known: dict[tuple[tuple[bytes, bytes], ...], T] = {}
    number, rest = 0, b""
    while block := stream.read(BLOCK):
        *rows, rest = (rest + block).split(END)
        for row in rows:
            begin = row.rfind(b"<row")
            head = _ROW.match(row, begin) if begin >= 0 else None
            cells = row[head.end() :] if head else b""
            found = tuple(_CELL.findall(cells))
            if head is None or len(found) != _count(cells) or int(head[1]) <= number:
                return number
            if _OWN.search(cells):
                marked = read(cells)
            else:
                if len(known) > MOST_KINDS:
                    known.clear()
                if found not in known:
                    known[found] = read(cells)
                marked = known[found]
            number = int(head[1])
            if marked:
                yield number, marked
    return None if b"</sheetData>" in rest and b"<row" not in rest else number


def _count(cells: bytes) -> int:
    """Count the cells of a row; -1 where there may be others."""
    if b"<!" in cells or b"<c>" in cells or b"<c/>" in cells:
        return -1
    return cells.count(b"<c ")
