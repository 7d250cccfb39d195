"""Figures, days and heads of reports are read as they are meant, or not at all."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from app.integrations.hub.errors import NotUnderstood, Unreadable
from app.integrations.hub.tables import read_table, read_text
from app.integrations.systems.amazon import finances, flat_files, reading
from tests.standins.amazon import columns, vendor

PLAIN = {"Content-Type": "text/plain; charset=UTF-8"}


def figure(text: str) -> Decimal:
    return reading.figure({"amount": text}, "amount")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("12", "12"), ("-12.50", "-12.50"), ("95,00", "95.00"), ("1,234.50", "1234.50"),
        ("1.234,50", "1234.50"), ("0,5", "0.5"), (" 7 ", "7"), ("1234,5678", "1234.5678"),
    ],
)  # fmt: skip
def test_figures_are_read_with_either_mark(text: str, found: str) -> None:
    assert figure(text) == Decimal(found)


@pytest.mark.parametrize("text", ["1,234", "1.2.3", "", "NaN", "12e3", "--", "10000000000000"])
def test_what_may_be_two_figures_is_none(text: str) -> None:
    with pytest.raises(Unreadable):
        figure(text)


def test_half_a_piece_is_no_number_of_pieces() -> None:
    with pytest.raises(Unreadable, match="no number of pieces"):
        reading.count({"quantity": "1.5"}, "quantity")
    assert reading.count({"quantity": "2.0"}, "quantity") == 2


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        (["11/03/2026", "11/28/2026"], ["2026-11-03", "2026-11-28"]),
        (["03/11/2026", "28/11/2026"], ["2026-11-03", "2026-11-28"]),
        (["2026-11-03T10:00:00+00:00"], ["2026-11-03"]),
        (["28.11.2026"], ["2026-11-28"]),
        (["12/01/2026"], ["2026-12-01"]),  # their midnight is another
        ([], []),
    ],
)
def test_the_month_shows_in_which_order_days_are_written(
    texts: list[str], found: list[str]
) -> None:
    assert flat_files.days_of(texts, "2026-11") == found


def test_days_of_another_month_are_no_report_of_this_one() -> None:
    with pytest.raises(NotUnderstood, match="other days"):
        flat_files.days_of(["2026-11-03", "2026-08-03"], "2026-11")


def test_months_begin_at_midnight_of_the_pacific_coast_and_never_end_in_the_future() -> None:
    began, ended = flat_files.moments("2025-07")
    assert (began.isoformat(), ended.isoformat()) == (
        "2025-07-01T07:00:00+00:00", "2025-08-01T06:59:59+00:00",
    )  # fmt: skip
    assert flat_files.moments(flat_files.this_month())[1] < datetime.now(UTC)
    assert flat_files.month_after("2025-12") == "2026-01"


def test_a_pass_begins_in_the_month_in_which_rows_may_have_changed() -> None:
    ledger = flat_files.FILES["ledger"]

    assert flat_files.first_range(ledger, datetime(2026, 3, 5, tzinfo=UTC)) == "2026-02"
    assert flat_files.first_range(ledger, datetime(2026, 3, 25, tzinfo=UTC)) == "2026-03"
    assert flat_files.first_range(flat_files.FILES["fee_estimate"], None) == flat_files.NOW
    first = date.fromisoformat(f"{flat_files.first_range(ledger, None)}-01")
    assert 140 < (datetime.now(UTC).date() - first).days < 190


def test_quotes_are_read_where_a_file_has_them_and_left_where_it_has_not() -> None:
    quoted = b'"SKU"\t"Title"\n"A"\t"a ""big"" pan"\n'
    bare = b'SKU\tTitle\nA\t"big" pan\nB\tplain\n'

    told = [
        [*read_table(one, PLAIN, needed=("sku",), else_in="cp1252").rows]
        for one in (quoted, bare)
    ]

    assert told == [[["A", 'a "big" pan']], [["A", '"big" pan'], ["B", "plain"]]]


@pytest.mark.parametrize(
    "content",
    [b"SKU\tTitle\nA\tpan\nB", b'"SKU"\t"Title"\n"A"\t"pan"\n"B"\t"ha', b"<html></html>", b""],
)
def test_a_file_that_is_cut_or_none_is_not_read(content: bytes) -> None:
    with pytest.raises(NotUnderstood):
        read_table(content, PLAIN, needed=("sku", "title"), else_in="cp1252")


def test_letters_of_japan_are_tried_where_files_come_from_there() -> None:
    text, note = read_text("やかん".encode("cp932"), {}, else_in="cp932")

    assert (text, "cp932" in note) == ("やかん", True)
    with pytest.raises(NotUnderstood):
        read_text(b"\x81", {}, else_in="cp1252")


def amount(value: float, code: str = "EUR") -> dict[str, Any]:
    return {"currencyAmount": value, "currencyCode": code}


def transaction(**more: Any) -> dict[str, Any]:
    return {
        "transactionId": "1", "transactionType": "Shipment", "transactionStatus": "RELEASED",
        "postedDate": "2026-11-03T10:00:00Z", "totalAmount": amount(8.5),
    } | more  # fmt: skip


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"totalAmount": amount(8.5, "XXY")}, "no currency"),
        ({"totalAmount": {}}, "no amount"),
        ({"totalAmount": amount(8.12345)}, "finer"),
        ({"transactionStatus": "HALF"}, "no state"),
        ({"postedDate": "2026-11-03T10:00:00"}, "nobody's clock"),
        ({"transactionId": None}, "no transactionId"),
        (
            {"breakdowns": [{"breakdownType": "Sales", "breakdownAmount": amount(9)}]},
            "do not add up",
        ),
        (
            {"breakdowns": [{"breakdownType": "Sales", "breakdownAmount": amount(8.5, "GBP")}]},
            "another currency",
        ),
    ],
)
def test_money_that_is_not_as_it_should_be_is_refused(more: dict[str, Any], why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        finances.transaction(transaction(**more))


def test_money_without_parts_has_no_fee() -> None:
    found = finances.transaction(transaction())

    assert (found["amount"], found["fee"], found["net"]) == (
        Decimal("8.5"), Decimal(0), Decimal("8.5"),
    )  # fmt: skip
    assert found["role"] == "sale"


@pytest.mark.skipif(not vendor.AVAILABLE, reason="the vendor's models are not here")
def test_the_heads_of_the_standin_are_the_vendors() -> None:
    theirs = vendor.heads()

    assert theirs
    assert {name: columns.COLUMNS[name] for name in theirs} == theirs


def test_what_is_needed_of_a_report_stands_in_its_head() -> None:
    from app.integrations.hub.tables import plain_name  # noqa: PLC0415

    for file in flat_files.FILES.values():
        head = {plain_name(one) for one in columns.COLUMNS[file.type]}
        assert {*file.needed, *([file.day] if file.day else [])} <= head
