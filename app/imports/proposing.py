"""Where the table is in a file: the sheet and the row that names the columns.

It is a proposal: the person sees the first rows and chooses another sheet or row.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from app.imports.definition import Importer
from app.imports.mapping import guess_mapping, known_columns
from app.imports.reading import (
    FileKind,
    Layout,
    Table,
    UnreadableFile,
    kind_of,
    open_table,
    sheet_names,
)

MOST_SHEETS = 10
LEAST_NAMES = 2


class _Header(NamedTuple):
    """A row that may name the columns, and for how many of our fields it does."""

    table: Table
    row: int
    fields: int
    has_keys: bool


def proposed_table(importer: Importer, content: bytes, layout: Layout) -> Table:
    """Open the table of a file at the sheet and the row in which most fields are named.

    What the layout says already is not looked for. Without any such row it is the first row
    of the first sheet that has one.

    Raises:
        UnreadableFile: No sheet has a row, or the file cannot be read.
    """
    is_excel = kind_of(content) is FileKind.EXCEL
    sheets = [layout.sheet]
    if is_excel and not layout.sheet:
        sheets = sheet_names(content)[:MOST_SHEETS] or [""]
    if layout.header_row or not layout.header:
        return open_table(content, replace(layout, sheet=sheets[0]))
    best: _Header | None = None
    for sheet in sheets:
        for header in _headers(importer, content, replace(layout, sheet=sheet)):
            if best is None or header.fields > best.fields:
                best = header
        if best and best.has_keys:
            break
    if best is None:
        return open_table(content, replace(layout, sheet=sheets[0]))
    found = best.table.layout
    return best.table.laid_out(replace(found, header=True, header_row=best.row))


def _headers(importer: Importer, content: bytes, layout: Layout) -> Iterator[_Header]:
    """Look at the first rows of a sheet; one without rows has none."""
    try:
        table = open_table(content, replace(layout, header=False))
    except UnreadableFile:
        return
    named = [(number, _names(cells)) for number, cells in table.top()]
    known = known_columns(importer, [names for _number, names in named])
    for place, (number, names) in enumerate(named):
        mapping = guess_mapping(importer, names) if len(names) >= LEAST_NAMES else {}
        is_known = tuple(names) in known
        if place == 0 or (place + 1 < len(named) and (mapping or is_known)):
            has_keys = is_known or {*importer.key} <= mapping.keys()
            yield _Header(table, number, len(names) if is_known else len(mapping), has_keys)


def _names(cells: Sequence[str]) -> list[str]:
    return [" ".join(cell.split()) for cell in cells]
