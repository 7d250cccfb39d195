"""Rows read at once, column by column, are read as one after the other."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.imports import rows
from app.imports.definition import importers
from app.imports.reading import Layout, open_table

HEAD = "Date,Product,Quantity,Unit price,Currency,Customer"
CELLS = (
    ("2026-03-01", "2026-13-01", "", "Total"),
    ("A-1", "B 2", "", "1-Mar", '"A, B"'),
    ("1", "2.5", "-3", "x", "", "5%"),
    ("1.25", "$2", "€3", "-4", "", "free"),
    ("USD", "EUR", "", "nothing"),
    ("C-1", "", "Ada", "Ada,more"),
)
line = st.tuples(*(st.sampled_from(choices) for choices in CELLS)).map(",".join)
MAPPING = {
    "sold_on": "Date",
    "product": "Product",
    "quantity": "Quantity",
    "unit_price": "Unit price",
    "currency": "Currency",
    "customer": "Customer",
}


def read(lines: Sequence[str]) -> tuple[Any, ...]:
    table = open_table("\n".join([HEAD, *lines]).encode(), Layout(dates="dmy", decimal="."))
    with rows.parsed(
        *(importers()["sales"], table, MAPPING, lambda _done, _total: None),
        fixed={"country": "DE"},
    ) as found:
        return found.good.read(), found.wrong.read(), found.rows, [*found.notes]


@given(st.lists(line, min_size=1, max_size=12))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
def test_whatever_a_file_holds_it_makes_no_difference(
    app: Flask, monkeypatch: pytest.MonkeyPatch, lines: list[str]
) -> None:
    monkeypatch.setattr(rows, "BATCH", 3)
    with monkeypatch.context() as patched:
        patched.setattr(rows, "read_columns", lambda _batch, _how: None)
        slowly = read(lines)

    assert read(lines) == slowly


def test_simple_rows_are_read_at_once(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "_parse", None)  # what looks at single rows

    good, wrong, count, _notes = read(["2026-03-01,A-1,2,1.25,USD,C-1"] * 3)

    assert (count, wrong) == (3, "")
    assert good.count("A-1") == 3
    assert Decimal("1.25") == Decimal(good.splitlines()[0].split(",")[4])
