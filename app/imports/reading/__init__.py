"""Reading of uploaded files: what they are, their sheets, their columns, their rows."""

from app.imports.reading.excel import ExcelTable, sheet_names
from app.imports.reading.files import MOST_BYTES, FileKind, UnreadableFile, kind_of
from app.imports.reading.table import Layout, Table
from app.imports.reading.text import TextTable

__all__ = [
    "MOST_BYTES",
    "FileKind",
    "Layout",
    "Table",
    "TextTable",
    "UnreadableFile",
    "kind_of",
    "open_table",
    "sheet_names",
]


def open_table(content: bytes, layout: Layout) -> Table:
    """Open the table in a file.

    Raises:
        UnreadableFile: With the reason, for a person.
    """
    table = ExcelTable if kind_of(content) is FileKind.EXCEL else TextTable
    return table(content, layout)
