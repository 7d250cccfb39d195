"""What the whole of a file shows, and what bookkeepers and shops of other countries write."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.imports import services
from app.imports.dates import plain_moment
from app.imports.numbers import column_sign, plain_number, with_sign
from app.imports.reading.encodings import encoding_of
from tests.imports.samples import csv_file, errors, imported

ORDER = ("Order", "Customer", "SKU", "Quantity", "Order date")


def order_row(day: str, number: int = 1) -> tuple[Any, ...]:
    return (f"N-{number}", "", "", "1", day)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Zażółć gęślą jaźń;kawa mielona;świeży chleb", "cp1250"),
        ("číslo dokladu;množství;měna;zákazník", "cp1250"),
        ("Árvíztűrő tükörfúrógép;kávé;őszi alma", "cp1250"),
        ("Stück;Größe;Müller;Köln", "cp1252"),
        ("Quantité;Désignation;où;Français;château", "cp1252"),
        ("Quantità;perché;più;città;lunedì", "cp1252"),
        ("Ærø;Malmö;Tromsø;smørbrød;år", "cp1252"),
        ("Artikel;Preis (€)", "cp1252"),
        ("商品コード;商品名;数量;単価;コーヒー豆", "cp932"),
    ],
)
def test_letters_say_in_which_encoding_a_file_is(text: str, encoding: str) -> None:
    assert encoding_of(text.encode(encoding), "") == (encoding, True)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("(1.234,50)", "-1234.50"),
        ("1234,50-", "-1234.50"),
        ("1234,50\u2212", "-1234.50"),
        ("-1234,50", "-1234.50"),
        ("1.234,50", "1234.50"),
    ],
)
def test_a_minus_may_stand_behind_or_be_brackets(text: str, number: str) -> None:
    assert plain_number(with_sign(text), ",") == number


@pytest.mark.parametrize("text", ["-5-", "(-5)", "(5", "5)", "()", "-"])
def test_a_sign_that_could_be_two_things_is_no_number(text: str) -> None:
    with pytest.raises(ValueError, match="not a number"):
        plain_number(with_sign(text), ".")


@pytest.mark.parametrize(
    ("text", "order", "moment"),
    [
        ("4/19/2011 4:19 PM", "mdy", "2011-04-19 16:19:00"),
        ("12/1/2010 12:04 am", "mdy", "2010-12-01 00:04:00"),
        ("01.12.2010 13:04", "dmy", "2010-12-01 13:04:00"),
        ("2010-12-01T14:05:06.5Z", "", "2010-12-01 14:05:06"),
        ("2010-12-01", "", "2010-12-01"),
    ],
)
def test_a_time_beside_a_day_is_read(text: str, order: str, moment: str) -> None:
    assert plain_moment(text, order) == moment


@pytest.mark.parametrize("text", ["2010-12-01 25:00", "1/2/2010 13:00 PM", "1/2/2010 10:60"])
def test_a_time_that_no_clock_shows_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="There is no such time"):
        plain_moment(text, "dmy")


@pytest.mark.parametrize(
    ("name", "sign"),
    [
        ("Price (€)", "€"),
        ("Net amount EUR", "EUR"),
        ("Amount [USD]", "USD"),
        ("Unit price", ""),
    ],
)
def test_the_name_of_a_column_may_say_the_currency(name: str, sign: str) -> None:
    assert column_sign(name) == sign


def test_one_date_at_the_very_end_says_how_all_of_them_are_read(session: Session) -> None:
    rows = [order_row("3/4/2026", number) for number in range(1500)]
    run = services.upload(
        "orders", file_name="f.csv", content=csv_file([ORDER, *rows, order_row("3/31/2026")])
    )

    assert "Dates are read month first: “3/31/2026” shows it." in run.notices


def test_dates_in_two_orders_are_asked_about(session: Session) -> None:
    rows = [order_row("31/3/2026"), order_row("3/4/2026"), order_row("3/31/2026")]
    run = services.upload("orders", file_name="f.csv", content=csv_file([ORDER, *rows]))
    result = imported("orders", ORDER, *rows, dry_run=True)

    doubt = "Dates stand in two orders (“3/31/2026” and “31/3/2026”)"
    assert any(notice.startswith(doubt) for notice in run.notices)
    assert any(notice.startswith(doubt) for notice in result["notices"])
    asked = "This may be two days: choose in which order day and month stand."
    assert (3, "order_date", asked) in errors(result)


def test_what_is_guessed_of_a_text_is_said(session: Session) -> None:
    content = csv_file([("SKU", "Price"), ("A", "1.234")], delimiter=";", encoding="cp1252")
    run = services.upload("products", file_name="f.csv", content=content)

    assert run.notices == [
        "“1.234” may be thousands or decimals: choose under “How the file is read”.",
        "Read as UTF-8, with a semicolon between the cells.",
    ]
