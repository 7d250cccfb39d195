"""Rows of a line editor, as a browser sends them."""

from hypothesis import given
from hypothesis import strategies as st

from app.core.pages.lines import sent_rows

SAYS = ("sku", "quantity")


def test_rows_are_numbered_anew_and_keep_their_names() -> None:
    sent = {"items-7-sku": "B", "items-7-quantity": "2", "items-3-sku": "A", "notes": "x"}

    rows = sent_rows(sent, rows="items", says=SAYS)

    assert rows.numbers == ["3", "7"]
    assert rows.values.to_dict() == {
        "notes": "x",
        "items-0-sku": "A",
        "items-1-sku": "B",
        "items-1-quantity": "2",
    }


def test_empty_rows_and_the_one_removed_are_left_out() -> None:
    sent = {"items-0-sku": "A", "items-1-sku": " ", "items-1-note": "x", "items-2-sku": "C"}

    rows = sent_rows(sent, rows="items", says=SAYS, removed="0")

    assert rows.numbers == ["2"]


def test_names_that_are_no_rows_stay_what_they_are() -> None:
    sent = {"items-x-sku": "A", "items-1234567-sku": "B", "items": "C", "others-0-sku": "D"}

    rows = sent_rows(sent, rows="items", says=SAYS)

    assert (rows.numbers, rows.values.to_dict()) == ([], sent)


@given(st.lists(st.integers(0, 99_999), unique=True, max_size=20))
def test_numbers_come_back_in_order_whatever_they_are(numbers: list[int]) -> None:
    rows = sent_rows({f"items-{n}-sku": str(n) for n in numbers}, rows="items", says=SAYS)

    assert [int(number) for number in rows.numbers] == sorted(numbers)
    for position, number in enumerate(rows.numbers):
        assert rows.values[f"items-{position}-sku"] == number
