"""Rows of a line editor, as a browser sends them."""

from decimal import Decimal

import wtforms
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from app.core.pages.lines import Column, LineEditor, put, sent_form, sent_rows

SAYS = ("sku", "quantity")
EDITOR = LineEditor(
    rows="items",
    columns=(Column("sku"), Column("quantity", is_number=True)),
    hidden=(),
    says=("sku",),
    quantity="quantity",
    endpoint="",
    figures="",
    totals="",
)


class Item(wtforms.Form):
    sku = wtforms.StringField()
    quantity = wtforms.DecimalField()


class Items(wtforms.Form):
    items = wtforms.FieldList(wtforms.FormField(Item))


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


def test_a_form_has_the_rows_that_say_something_but_for_the_one_to_be_removed(
    app: Flask,
) -> None:
    sent = {"items-4-sku": "A", "items-6-sku": "B", "items-9-quantity": "2", "removed": "4"}

    with app.test_request_context("/", method="POST", data=sent):
        form, numbers = sent_form(EDITOR, Items)

    assert (numbers, [row.sku.data for row in form.items]) == (["6"], ["B"])


def test_what_is_put_in_stands_in_place_of_what_was_sent(app: Flask) -> None:
    sent = {"items-0-sku": "A", "items-0-quantity": "many"}

    with app.test_request_context("/", method="POST", data=sent):
        row = sent_form(EDITOR, Items)[0].items[0].form
        assert row.quantity.process_errors
        put(row.quantity, Decimal("5.000"))
        put(row.sku, None)

    assert (row.quantity.data, row.quantity._value()) == (Decimal(5), "5")
    assert (row.quantity.process_errors, row.sku.raw_data) == ([], None)
