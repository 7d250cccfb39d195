"""Every case of ../shared/cases/imports comes to its right result, and others of its kind."""

from datetime import time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import Workbook
from sqlalchemy.orm import Session

from app.catalog.models import Barcode, Customer, Product
from app.core.files import StoredFile
from app.core.settings.services import set_settings
from app.imports import services
from app.imports.reading import UnreadableFile
from app.orders.models import OrderLine, SalesOrder
from tests.factories import CustomerFactory, ProductFactory
from tests.imports.cases import read, tried
from tests.imports.samples import counts, errors, imported, saved

HEAD = ("SKU", "Name", "Price")
LINE = ("Order number", "Customer", "SKU", "Quantity", "Order date", "Unit price", "Tax rate")


def products(session: Session) -> dict[str, Product]:
    return {product.sku: product for product in session.query(Product)}


def barcodes(session: Session) -> dict[str, str]:
    rows = session.query(Product.sku, Barcode.code).join(Barcode)
    return dict(rows.all())


@pytest.fixture
def buyer(session: Session) -> Customer:
    for sku in ("BA-2280", "BA-2281"):
        ProductFactory.create(sku=sku, price=Decimal(10))
    return CustomerFactory.create(code="C-00001", currency="USD")


def order(*rows: tuple[str, ...], **more: Any) -> dict[str, Any]:
    return imported("orders", LINE, *rows, **more)


def upload(content: bytes, **layout: Any) -> dict[str, Any]:
    run = services.upload("products", file_name="f", content=content, **layout)
    services.choose(run, run.mapping)
    return services.run_import(run.id, dry_run=False)


def sheet(*rows: tuple[Any, ...], **formats: str) -> bytes:
    """A workbook; `formats` are number formats by cell."""
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    for cell, code in formats.items():
        book.active[cell].number_format = code
    return saved(book)


# Quotation marks


def test_01_a_quotation_mark_left_open_is_refused_with_its_row(session: Session) -> None:
    with pytest.raises(UnreadableFile, match="Row 3 cannot be read: a quotation mark"):
        read("products", "01_open_quote_unmapped.csv")


@pytest.mark.parametrize(
    "line", ['A,"Pipe" 3,1', 'A,"Pipe,1', 'A,"Pipe"x,1', 'A,"a\nb,1\nC,"d" e,1']
)
def test_text_after_a_closing_mark_is_never_a_shorter_file(session: Session, line: str) -> None:
    with pytest.raises(UnreadableFile, match="Row 2 cannot be read"):
        upload(f"SKU,Name,Price\n{line}\nB,Pot,1\n".encode())


def test_marks_within_a_text_and_blanks_around_a_mark_are_no_fault(session: Session) -> None:
    content = b'SKU,Name,Price\nA,3" pipe,1\nB, "a ""b"" c" ,2\n'

    with pytest.raises(UnreadableFile, match="Row 3"):
        upload(content)
    upload(content.replace(b'c" ,', b'c",'))

    assert {s: p.name for s, p in products(session).items()} == {"A": '3" pipe', "B": 'a "b" c'}


# Text


def test_03_no_break_spaces_stay(session: Session) -> None:
    assert counts(tried("products", "03_nbsp_description.csv")) == (2, 0, 0, 0)
    assert products(session)["T03-1"].description == "10\u00a0kg bag"


def test_05_emoji_of_any_year_stay(session: Session) -> None:
    assert counts(tried("products", "05_new_emoji.csv")) == (2, 0, 0, 0)
    assert products(session)["T05-1"].name == "Milk shake \U0001fae8"


def test_a_control_character_is_refused_in_its_row_alone(session: Session) -> None:
    result = imported("products", HEAD, ("A", "Bell\x07", "1"), ("B", "Pot\u3000noir", "1"))

    assert errors(result) == [(2, "name", "This holds a control character (U+0007).")]
    assert products(session)["B"].name == "Pot\u3000noir"


def test_33_what_dos_ends_a_file_with_is_no_row(session: Session) -> None:
    assert counts(tried("products", "33_ctrl_z_at_end.csv")) == (1, 0, 0, 0)


# Numbers


def test_06_a_cell_that_shows_19_percent_is_19_percent(
    session: Session, buyer: Customer
) -> None:
    assert counts(tried("orders", "06_orders_percent_cell.xlsx")) == (1, 0, 0, 0)

    made = session.query(SalesOrder).one()
    assert [made.subtotal, made.tax, made.total] == [100, 19, 119]


@pytest.mark.parametrize(
    ("rate", "kept"),
    [("19%", 19), ("19", 19), ("0.5%", Decimal("0.5")), ("7.7 %", Decimal("7.7"))],
)
def test_a_rate_is_read_with_and_without_its_sign(
    session: Session, buyer: Customer, rate: str, kept: Any
) -> None:
    order(("1", "C-00001", "BA-2280", "1", "2026-12-31", "1", rate))

    assert session.query(OrderLine.tax_rate).one() == (kept,)


def test_a_rate_below_one_is_asked(session: Session, buyer: Customer) -> None:
    result = order(("1", "C-00001", "BA-2280", "1", "2026-12-31", "1", "0.19"))

    assert errors(result) == [
        (2, "line_tax_rate", "This may be 0.19% or 19%: write the % sign.")
    ]


def test_a_percentage_is_no_price(session: Session) -> None:
    result = imported("products", HEAD, ("A", "Cup", "19%"))

    assert errors(result) == [(2, "price", "This is a percentage: a number is wanted here.")]


def test_08_errors_of_cells_are_no_zeros(session: Session) -> None:
    result = tried("products", "08_error_cells.xlsx")

    assert errors(result) == [
        (3, "price", "The cell holds #N/A."),
        (4, "price", "The cell holds #DIV/0!."),
    ]
    assert {s: p.price for s, p in products(session).items()} == {"T08-1": Decimal("2.5")}


def test_a_formula_without_a_value_is_no_empty_cell(session: Session) -> None:
    result = upload(sheet(HEAD, ("A", "Cup", "=1+1"), ("B", '=CONCAT("a")', 1)))

    assert [(row, field) for row, field, _why in errors(result)] == [(2, "price"), (3, "name")]
    assert "formula whose value is not in the file" in errors(result)[0][2]


@pytest.mark.parametrize("error", ["#N/A", "#NAME?", "#WERT!", "#NV", "#div/0!"])
def test_an_error_in_a_text_file_is_none_either(session: Session, error: str) -> None:
    result = imported("products", HEAD, ("A", error, "1"), ("B", "Cup", error))

    assert [(row, field) for row, field, _why in errors(result)] == [(2, "name"), (3, "price")]


def test_10_the_tail_of_a_computed_number_is_taken_off(session: Session) -> None:
    assert counts(tried("products", "10_float_noise.csv")) == (3, 0, 0, 0)
    prices = [product.price for product in products(session).values()]
    assert prices == [Decimal("926.64"), Decimal("19.99"), Decimal("0.3")]


def test_a_number_with_many_digits_of_its_own_is_not_cut(session: Session) -> None:
    result = imported("products", HEAD, ("A", "Cup", "1.23456789012345678"))

    assert errors(result) == [(2, "price", "At most 4 decimals.")]


def test_a_price_shown_rounded_is_asked(session: Session) -> None:
    content = sheet(HEAD, ("A", "Cup", 1.2345), ("B", "Pot", 2.5), C2="0.00", C3="#,##0.00")

    asked = upload(content)
    shown = upload(content, figures="shown")
    price = products(session)["A"].price
    held = upload(content, figures="held")

    assert errors(asked) == [
        (2, "price", "The cell shows 1.23 and holds 1.2345: choose which counts.")
    ]
    assert (counts(shown), price) == ((1, 0, 1, 0), Decimal("1.23"))
    assert counts(held) == (0, 1, 1, 0)


def test_27_the_sign_of_the_currency_may_stand_beside_a_price(session: Session) -> None:
    assert counts(tried("products", "27_currency_signs.csv")) == (3, 0, 0, 0)
    prices = [product.price for product in products(session).values()]
    assert prices == [Decimal("1.5"), Decimal(1250), Decimal(3)]


def test_a_sign_that_does_not_fit_is_named(session: Session) -> None:
    set_settings(currency="EUR")

    result = imported(
        "products", (*HEAD, "Currency"), ("A", "Cup", "$1.50", ""), ("B", "Pot", "$2", "USD")
    )

    assert "The currency sign “$” does not fit EUR" in errors(result)[0][2]
    assert (counts(result), products(session)["B"].currency) == ((1, 0, 0, 1), "USD")


# Codes


def test_12_zeros_that_the_format_shows_belong_to_the_code(session: Session) -> None:
    assert counts(tried("products", "12_leading_zeros_by_format.xlsx")) == (1, 0, 0, 0)
    assert barcodes(session) == {"00042": "012345678905"}


def test_letters_of_a_format_belong_to_the_code(session: Session) -> None:
    upload(sheet(HEAD, (42, "Cup", 7), A2='"AB-"0000', C2='0.00 "USD"'))

    assert {s: p.price for s, p in products(session).items()} == {"AB-0042": 7}


def test_13_an_apostrophe_before_digits_is_a_spreadsheets(session: Session) -> None:
    mapping = {"sku": "Variant SKU", "name": "Title", "barcodes": "Variant Barcode"}

    assert read("products", "13_apostrophe_codes.csv").mapping == mapping
    assert counts(tried("products", "13_apostrophe_codes.csv")) == (2, 0, 0, 0)
    assert barcodes(session) == {"T13-1": "8720602828605", "00123": "4006381333931"}


def test_a_text_written_as_a_formula_is_that_text(session: Session) -> None:
    upload(b'SKU,Name\n="00123",Cup\n"=""0042""",Pot\n')

    assert set(products(session)) == {"00123", "0042"}


@pytest.mark.parametrize(
    "damaged",
    [
        "8.7E+12",
        "8,72060282860E+12",
        "TRUE",
        "falsch",
        "1-Mar",
        "Mar-01",
        "03.01.2026",
        "2026-03-01",
    ],
)
def test_what_a_spreadsheet_made_of_a_code_is_seen(session: Session, damaged: str) -> None:
    rows = HEAD, (damaged, "Cup", "1")

    refused = imported("products", *rows)
    kept = imported("products", *rows, options=["own_codes"])

    assert "a spreadsheet" in errors(refused)[0][2]
    assert (counts(kept), set(products(session))) == ((1, 0, 0, 0), {damaged})


def test_a_date_or_a_truth_in_a_cell_is_no_code(session: Session) -> None:
    from datetime import date  # noqa: PLC0415

    result = upload(sheet(HEAD, (date(2026, 3, 1), "Cup", 1), (True, "Pot", 1)))

    assert ["date" in errors(result)[0][2], "truth" in errors(result)[1][2]] == [True, True]


def test_15_what_nobody_sees_makes_no_other_code(session: Session) -> None:
    result = tried("products", "15_zero_width_sku.csv")

    assert errors(result) == [
        (3, "sku", "The same SKU is in row 2 already."),
        (5, "sku", "The same SKU is in row 4 already."),
    ]
    assert set(products(session)) == {"T15-1", "T15-2"}


def test_17_case_makes_no_other_code(session: Session) -> None:
    result = tried("products", "17_case_twins.csv")

    assert errors(result) == [(3, "sku", "The same SKU is in row 2 already.")]
    assert set(products(session)) == {"t17-a"}


def test_35_a_house_code_that_looks_like_a_gtin_is_kept_by_choice(session: Session) -> None:
    refused = tried("products", "35_own_14_digit_codes.csv")
    kept = tried("products", "35_own_14_digit_codes.csv", options=["own_codes"])
    again = tried("products", "35_own_14_digit_codes.csv", options=["own_codes"])

    assert "If it is a number of your own, say so." in errors(refused)[0][2]
    assert (counts(kept), counts(again)) == ((1, 0, 0, 0), (0, 0, 1, 0))
    assert session.query(Barcode.code, Barcode.is_own).one() == ("69045451079834", True)


# Where the table is


def test_18_the_line_that_tells_excel_the_separator_is_no_row(session: Session) -> None:
    assert counts(tried("products", "18_sep_line.csv")) == (1, 0, 0, 0)
    assert products(session)["T18-1"].price == Decimal("1.5")


def test_19_the_header_is_found_below_titles_and_can_be_chosen(session: Session) -> None:
    run = read("products", "19_title_rows.csv")

    assert (run.layout["header_row"], run.notices[0]) == (4, "The columns are named in row 4.")
    assert counts(tried("products", "19_title_rows.csv", header_row=4)) == (2, 0, 0, 0)


def test_the_sheet_and_the_row_are_looked_for(session: Session) -> None:
    book = Workbook()
    first = book.active
    assert first is not None
    first.title = "Empty"
    about = book.create_sheet("About")
    about.append(["Made by the shop"])
    data = book.create_sheet("Products")
    for row in (["Price list", None], [None], ["SKU", "Name"], ["A", "Cup"]):
        data.append(row)
    data.merge_cells("A1:B1")
    run = services.upload("products", file_name="f.xlsx", content=saved(book))

    assert (run.layout["sheet"], run.layout["header_row"]) == ("Products", 3)
    assert run.mapping == {"sku": "SKU", "name": "Name"}


def test_21_a_column_without_a_name_is_left_out(session: Session) -> None:
    assert read("products", "21_unnamed_index_column.csv").notices
    assert counts(tried("products", "21_unnamed_index_column.csv")) == (2, 0, 0, 0)


# Words


def test_22_countries_are_known_by_what_people_call_them(session: Session) -> None:
    assert counts(tried("customers", "22_customers_countries.csv")) == (5, 0, 0, 0)
    found = session.query(Customer.country).order_by(Customer.code)
    assert [country for (country,) in found] == ["GB", "GB", "US", "GB", "DE"]


def test_28_words_for_yes_and_no(session: Session) -> None:
    assert counts(tried("products", "28_status_words.csv")) == (5, 0, 0, 0)
    assert [p.is_active for p in products(session).values()] == [True, True, False, True, True]


def test_a_word_that_is_neither_is_asked_once(session: Session) -> None:
    rows = [(f"A{number}", "Cup", "perhaps") for number in range(3)]

    result = imported("products", ("SKU", "Name", "Status"), *rows)

    assert [(one["error"], one["count"], one["rows"]) for one in result["groups"]] == [
        ("Write yes or no.", 3, [2, 3, 4])
    ]
    assert result["advice"] == "Choose another column for “Active”, or none."


# Encodings


def test_24_a_file_of_two_encodings_is_refused_with_its_line(session: Session) -> None:
    with pytest.raises(UnreadableFile, match="Line 3 is not in UTF-8, as other lines are"):
        read("products", "24_mixed_encodings.csv")


def test_26_a_guessed_encoding_is_said_and_can_be_chosen(session: Session) -> None:
    guessed = read("products", "26_cp1250_polish.csv")
    result = tried("products", "26_cp1250_polish.csv", encoding="cp1250")

    assert "The encoding is a guess, Central European" in guessed.notices[0]
    assert result["notices"] == []
    assert products(session)["T26-1"].name == "Żółć pędzel"


# Orders


def test_30_dates_that_can_be_read_in_one_way_are_read(
    session: Session, buyer: Customer
) -> None:
    assert counts(tried("orders", "30_orders_dates.csv")) == (2, 0, 0, 0)
    found = session.query(SalesOrder.order_date).order_by(SalesOrder.external_number)
    assert [str(day) for (day,) in found] == ["2026-12-31", "2026-01-31"]


def test_a_date_that_may_be_two_days_is_asked(session: Session, buyer: Customer) -> None:
    rows = (("1", "C-00001", "BA-2280", "1", "03/04/2026", "1", ""),)

    asked = order(*rows)
    order(*rows, dates="mdy")

    assert "This may be two days" in errors(asked)[0][2]
    assert asked["advice"] == "Choose the order of dates under “How the file is read”."
    assert str(session.query(SalesOrder).one().order_date) == "2026-03-04"


def test_31_a_line_finds_its_product_in_any_case_or_is_refused(
    session: Session, buyer: Customer
) -> None:
    result = tried("orders", "31_orders_sku_case.csv")

    assert counts(result) == (1, 0, 0, 1)
    assert "NO-SUCH-SKU is no SKU or barcode of ours" in errors(result)[0][2]
    assert session.query(OrderLine.sku).one() == ("BA-2281",)


def test_one_bad_row_of_an_order_refuses_that_order_alone(
    session: Session, buyer: Customer
) -> None:
    result = order(
        ("1", "C-00001", "BA-2280", "1", "2026-12-31", "1", ""),
        ("2", "C-00001", "BA-2280", "1", "2026-12-31", "1", ""),
        ("2", "C-00001", "BA-2281", "many", "2026-12-31", "1", ""),
        ("3", "C-00001", "BA-2281", "1", "2026-12-31", "1", ""),
    )

    assert counts(result) == (2, 0, 0, 2)
    assert [row for row, _field, _why in errors(result)] == [3, 4]
    assert "Row 4 of this order is wrong" in errors(result)[0][2]


def test_a_row_without_an_order_number_holds_its_neighbours(
    session: Session, buyer: Customer
) -> None:
    result = order(
        ("1", "C-00001", "BA-2280", "1", "2026-12-31", "1", ""),
        ("", "C-00001", "BA-2280", "1", "2026-12-31", "1", ""),
        ("3", "C-00001", "BA-2281", "1", "2026-12-31", "1", ""),
        ("4", "C-00001", "BA-2281", "1", "2026-12-31", "1", ""),
    )

    assert counts(result) == (1, 0, 0, 3)


def test_when_every_row_fails_the_result_says_what_to_change(session: Session) -> None:
    result = upload(b"SKU;Name;Price\nA;Cup;1.234\nB;Pot;2.345\n")

    assert result["advice"] == "Choose the decimal separator under “How the file is read”."


def test_what_is_damaged_is_not_mended_by_the_file_of_errors(session: Session) -> None:
    content = b"SKU,Name,Price\n1-Mar,Cup,1\n=C,Pot,x\n'00123,Lid,x\n#N/A,Jug,1\n"
    run = services.upload("products", file_name="f.csv", content=content)
    services.choose(run, run.mapping)
    first = services.run_import(run.id, dry_run=False)
    file = session.get_one(StoredFile, run.error_file_id)

    again = services.upload("products", file_name="f.csv", content=bytes(file.content))
    services.choose(again, again.mapping)
    second = services.run_import(again.id, dry_run=False)

    assert [why for _row, _field, why in errors(second)] == [
        why for _row, _field, why in errors(first)
    ]
    assert products(session) == {}


@pytest.mark.parametrize("code", ["[$€-407] #,##0.00", '#,##0.00 "€"', "#,##0.00\\ [$EUR]"])
def test_the_currency_that_a_cell_is_shown_with_counts(session: Session, code: str) -> None:
    content = sheet(
        (*HEAD, "Currency"), ("A", "Cup", 1.5, ""), ("B", "Pot", 2, "EUR"), C2=code, C3=code
    )

    result = upload(content)

    assert "does not fit USD" in errors(result)[0][2]
    assert [(sku, p.price, p.currency) for sku, p in products(session).items()] == [
        ("B", Decimal(2), "EUR")
    ]


def test_what_dos_wrote_can_be_read_and_is_said_to_be_a_guess(session: Session) -> None:
    run = services.upload(
        "products", file_name="f.csv", content="SKU,Name\nA,Müller\n".encode("cp850")
    )

    assert services.table_of(run).preview(1) == [(2, ["A", "Müller"])]
    assert "The encoding is a guess" in run.notices[0]


# More of what spreadsheets make of codes


@pytest.mark.parametrize("value", [time(3, 5), timedelta(hours=30)], ids=str)
def test_a_time_that_was_a_code_is_seen(session: Session, value: Any) -> None:
    result = upload(sheet(HEAD, (value, "Pot", 1)))

    [(row, field, reason)] = errors(result)
    assert (row, field) == (2, "sku")
    assert "a time that a spreadsheet may have made of a code" in reason


def test_what_a_narrow_column_shows_is_no_value(session: Session) -> None:
    result = imported("products", HEAD, ("A", "########", "1"), ("B", "Pot", "####"))

    assert errors(result) == [
        (2, "name", "The cell holds ########."),
        (3, "price", "The cell holds ####."),
    ]
