"""What files are, and what stands in them."""

import zipfile
from io import BytesIO
from itertools import islice

import pytest
from openpyxl import Workbook

from app.imports.reading import Layout, UnreadableFile, files, open_table, sheet_names
from app.imports.reading import table as tables
from tests.imports.samples import csv_file, excel_file, saved

ROWS = [("sku", "name"), ("00123", "Käse"), ("B", "Brot")]
NO_HEADER = Layout(header=False)


def reason(content: bytes, layout: Layout | None = None) -> str:
    with pytest.raises(UnreadableFile) as refusal:
        list(open_table(content, layout or Layout()).rows())
    return str(refusal.value)


def packed(**parts: bytes) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return target.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)
def test_a_text_file_is_read_in_any_common_way_of_writing(
    delimiter: str, encoding: str
) -> None:
    table = open_table(csv_file(ROWS, delimiter=delimiter, encoding=encoding), Layout())

    assert table.columns == ["sku", "name"]
    assert list(table.rows()) == [(2, ["00123", "Käse"]), (3, ["B", "Brot"])]


def test_cyrillic_is_told_from_western_letters() -> None:
    rows = [("sku", "name"), ("1", "Хлеб и молоко"), ("2", "Мясо, рыба и сыр"), ("3", "Яблоки")]

    table = open_table(csv_file(rows, encoding="cp1251"), Layout())

    assert [cells[1] for _number, cells in table.rows()] == [row[1] for row in rows[1:]]


def test_a_chosen_encoding_and_delimiter_are_obeyed() -> None:
    content = csv_file([("sku", "name"), ("1", "Žába,x")], delimiter=";", encoding="cp1250")

    table = open_table(content, Layout(encoding="cp1250", delimiter=";"))

    assert list(table.rows()) == [(2, ["1", "Žába,x"])]


def test_a_file_that_is_not_in_the_chosen_encoding_says_so() -> None:
    content = csv_file(ROWS, encoding="cp1252")

    assert reason(content, Layout(encoding="utf-8")) == "The file is not text in utf-8."
    assert reason(content, Layout(encoding="klingon")) == "The file is not text in klingon."


def test_an_excel_file_is_read_with_the_numbers_of_its_rows() -> None:
    rows = [(), ("sku", "name"), (123.0, "A"), (), ("00123", 1.5)]

    table = open_table(excel_file(rows), Layout())

    assert list(table.rows()) == [(3, ["123", "A"]), (5, ["00123", "1.5"])]


def test_rows_are_numbered_as_a_spreadsheet_shows_them() -> None:
    content = b'sku,name\r\n1,"two\r\nlines"\r\n\r\n2,B\r\n'

    table = open_table(content, Layout())

    assert list(table.rows()) == [(2, ["1", "two\r\nlines"]), (4, ["2", "B"])]


def test_a_short_row_is_filled_up() -> None:
    table = open_table(b"a,b,c\n1\n", Layout())

    assert list(table.rows()) == [(2, ["1", "", ""])]


def test_rows_can_be_read_more_than_once() -> None:
    table = open_table(csv_file(ROWS), Layout())

    assert table.preview(1) == [(2, ["00123", "Käse"])]
    assert list(table.rows()) == list(table.rows())


@pytest.mark.parametrize("write", [csv_file, excel_file])
def test_without_a_header_columns_have_numbers(write: object) -> None:
    content = write([("x", "y"), ("1", "2", "3")])  # type: ignore[operator]

    table = open_table(content, NO_HEADER)

    assert table.columns == ["1", "2", "3"]
    assert list(table.rows()) == [(1, ["x", "y", ""]), (2, ["1", "2", "3"])]


def test_columns_count_from_the_left_edge_of_the_sheet() -> None:
    book = Workbook()
    book.active["C2"], book.active["D2"] = "sku", "name"  # type: ignore[index]
    book.active["C3"] = "A"  # type: ignore[index]

    table = open_table(saved(book), Layout())

    assert table.columns == ["(1)", "(2)", "sku", "name"]
    assert list(table.rows()) == [(3, ["", "", "A", ""])]


def test_a_sheet_is_chosen_by_name_and_hidden_ones_are_not_offered() -> None:
    book = Workbook()
    book.active.title = "Secret"  # type: ignore[union-attr]
    book.active.sheet_state = "hidden"  # type: ignore[union-attr]
    for name in ("First", "Second"):
        book.create_sheet(name).append(["sku", name])
        book[name].append(["1", name])
    content = saved(book)

    assert sheet_names(content) == ["First", "Second"]
    assert open_table(content, Layout()).columns == ["sku", "First"]
    assert open_table(content, Layout(sheet="Second")).columns == ["sku", "Second"]
    assert reason(content, Layout(sheet="Third")) == "There is no sheet called “Third”."


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "The file is empty."),
        (b"\xef\xbb\xbf \r\n", "The file is empty."),
        (b"%PDF-1.7 ...", "This is a PDF document"),
        (b"\x89PNG\r\n", "This is a picture"),
        (b"\x1f\x8b\x08", "This is a packed file"),
        (b"sku,name\n1,a\0b\n", "neither an Excel file nor a text file"),
        (bytes(range(1, 200)) * 5, "neither an Excel file nor a text file"),
        (b"sku,name\n", "There is nothing below the header row."),
        (b'sku,name\n1,"never ' + b"ends " * 250_000, "is a quotation mark missing?"),
        (b",".join(b"c%d" % n for n in range(501)) + b"\n1\n", "more than 500 columns"),
        (b"sku,name\n1,2\n" + b"," * 3_000_000, "Line 3 is far too long"),
        (b"PK\x03\x04 broken", "The Excel file is damaged."),
        (files.OLE + b"\0" * 600, "an old version of Excel or Word"),
        (files.OLE + b"\0" * 600 + files.ENCRYPTED, "protected by a password"),
    ],
)
def test_a_file_that_cannot_be_imported_says_why(content: bytes, why: str) -> None:
    assert why in reason(content)


def test_an_encrypted_or_foreign_package_is_refused() -> None:
    assert "not an Excel file" in reason(packed(word__document_xml=b"<x/>"))
    locked = bytearray(packed(xl__workbook_xml=b"<x/>"))
    locked[locked.find(b"PK\x01\x02") + 8] |= 1  # the flag of its entry in the directory
    assert "protected by a password" in reason(bytes(locked))


def test_a_package_without_sheets_is_damaged() -> None:
    assert "damaged" in reason(packed(xl__workbook_xml=b"<x/>"))


def test_a_damaged_part_is_found_before_it_is_used() -> None:
    content = bytearray(excel_file(ROWS))
    content[60:90] = b"\0" * 30

    assert "damaged" in reason(bytes(content))


def test_a_zip_bomb_is_refused_before_it_unfolds() -> None:
    bomb = packed(xl__workbook_xml=b"<x/>", xl__media__bomb=b"\0" * (files.LARGE + 1))

    assert "far too large once it is unpacked" in reason(bomb)


def test_an_unpacked_size_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_UNPACKED", 1000)

    assert "far too large once it is unpacked" in reason(excel_file(ROWS))


@pytest.mark.parametrize("cell", ["XFD1048576", "AAA1", "A1000003"])
def test_a_lonely_cell_far_away_does_not_fill_the_memory(cell: str) -> None:
    book = Workbook()
    book.active["A1"], book.active[cell] = "sku", "x"  # type: ignore[index]

    assert "The table has more than" in reason(saved(book))


def test_a_wide_and_long_rectangle_is_refused() -> None:
    book = Workbook()
    book.active["A900000"], book.active["SF1"] = "1", "x"  # type: ignore[index]

    assert "too many cells" in reason(saved(book))


def test_a_file_over_the_limit_is_refused_as_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_BYTES", 10)

    with pytest.raises(files.FileTooLarge) as refusal:
        open_table(csv_file(ROWS), Layout())

    assert refusal.value.status == 413


@pytest.mark.parametrize("write", [csv_file, excel_file])
def test_rows_over_the_limit_are_refused(
    write: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "MOST_ROWS", 1)
    content = write(ROWS)  # type: ignore[operator]

    assert "more than 1 rows" in reason(content)


def test_merged_titles_name_their_first_column() -> None:
    across = excel_file([("sku", "name"), ("1", "A")], merged="A1:B1")
    down = excel_file([("sku", "name"), ("1", "A"), ("2", "B")], merged="A1:A2")

    assert open_table(across, Layout()).columns == ["sku", "(2)"]
    assert open_table(down, Layout()).columns == ["sku", "name"]


def test_a_column_without_a_name_or_with_anothers_gets_its_number() -> None:
    table = open_table(b"sku,,Name,name \n1,2,3,4\n", Layout())

    assert table.columns == ["sku", "(2)", "Name (3)", "name (4)"]
    assert table.notices == [
        "Columns without a name, left out unless chosen: 2.",
        "Several columns are called “Name”: choose the right one.",
    ]


def test_merged_cells_further_down_are_nothing_special() -> None:
    content = excel_file([("sku", "name"), ("1", "A"), ("2", "B")], merged="A2:B2")

    assert [number for number, _cells in open_table(content, Layout()).rows()] == [2, 3]


def test_an_empty_sheet_is_refused() -> None:
    assert reason(excel_file([])) == "There are no rows in the table."


def test_a_file_of_one_column_is_a_table() -> None:
    table = open_table(b"sku\nA\nB\n", Layout())

    assert (table.columns, list(table.rows())) == (["sku"], [(2, ["A"]), (3, ["B"])])


def test_only_what_is_asked_for_is_read() -> None:
    table = open_table(b"sku,name\n" + b"A,B\n" * 100_000, Layout())

    assert len(list(islice(table.rows(), 3))) == 3
