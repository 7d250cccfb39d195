"""Rows read by their letters say what a parser of XML says of them, or are left to it."""

from io import BytesIO
from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.imports.reading import marks
from app.imports.reading.formats import CellFormat
from app.imports.reading.marks import Row
from app.imports.reading.plain_rows import plain_rows

STYLES = {"1": CellFormat(decimals=2), "3": CellFormat(is_percent=True)}
HEAD = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
)
TAIL = "</sheetData></worksheet>"
CELLS = st.sampled_from(
    [
        '<c r="{0}"><v>1</v></c>',
        '<c r="{0}" s="1"><v>1.5</v></c>',
        '<c r="{0}" s="3"><v>0.19</v></c>',
        '<c r="{0}" s="1" t="s"><v>0</v></c>',
        '<c r="{0}" s="1"/>',
        '<c r="{0}" t="e"><v>#N/A</v></c>',
        '<c r="{0}"><f>A1+1</f><v></v></c>',
        '<c r="{0}" t="inlineStr"><is><t>&lt;c r="A1" s="1"&gt;</t></is></c>',
    ]
)
# What is written in another way, and nobody may misread.
ODD = [
    '<c r="A1" t="inlineStr"><is><t><![CDATA[<c r="B1" s="1">]]></t></is></c>',
    "<c r='A1' s='1'><v>1</v></c>",
    '<c s="1"><v>1</v></c>',
    '<c s="1" r="A1"><v>1</v></c>',
    "<c><v>1</v></c>",
    '<!-- <c r="B1" s="1"> --><c r="A1"><v>1</v></c>',
]


def by_letters(sheet: str) -> tuple[dict[int, Row], int | None]:
    """The rows that were read by their letters, and where that ended."""
    rows = plain_rows(BytesIO(sheet.encode()), _read)
    found: dict[int, Row] = {}
    while True:
        try:
            number, row = next(rows)
        except StopIteration as end:
            return found, end.value
        found[number] = row


def _read(cells: bytes) -> Row:
    return marks._marked(fromstring(b"<row>" + cells + b"</row>"), STYLES)  # noqa: S314


def by_parser(sheet: str) -> dict[int, Row]:
    return dict(marks._rows(BytesIO(sheet.encode()), STYLES))


@given(st.lists(st.lists(CELLS, min_size=1, max_size=5), min_size=1, max_size=8))
def test_both_say_the_same(table: list[list[str]]) -> None:
    rows = [
        "".join(cell.format(f"{'ABCDE'[at]}{number}") for at, cell in enumerate(cells))
        for number, cells in enumerate(table, 1)
    ]
    written = "".join(f'<row r="{n}" spans="1:5">{row}</row>' for n, row in enumerate(rows, 1))
    sheet = f"{HEAD}{written}{TAIL}"

    found, end = by_letters(sheet)

    assert end is None
    assert found == by_parser(sheet)


@pytest.mark.parametrize("odd", ODD)
def test_what_is_written_otherwise_is_left_to_the_parser(odd: str) -> None:
    plain = '<row r="1"><c r="A1" s="1"><v>1</v></c></row>'
    sheet = f'{HEAD}{plain}<row r="2">{odd}</row>{TAIL}'

    found, end = by_letters(sheet)

    assert ([*found], end) == ([1], 1)


@pytest.mark.parametrize(
    "sheet",
    [
        "<x:worksheet><x:sheetData><x:row/></x:sheetData></x:worksheet>",
        f'{HEAD}<row><c r="A1" s="1"><v>1</v></c></row>{TAIL}',
        f'{HEAD}<row r="2"><c r="A2"/></row><row r="1"><c r="A1" s="1"/></row>{TAIL}',
        f'{HEAD}<row r="1"><c r="A1"/></row>',
    ],
)
def test_rows_that_are_not_counted_or_do_not_end_are_left_to_the_parser(sheet: str) -> None:
    _found, end = by_letters(sheet)

    assert end is not None


def test_rows_without_cells_are_passed_by() -> None:
    sheet = f'{HEAD}<row r="1"/><row r="2"><c r="B2" s="3"><v>1</v></c></row>{TAIL}'

    assert by_letters(sheet) == ({2: {1: marks.Mark(format=STYLES["3"])}}, None)
