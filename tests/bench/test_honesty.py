"""The bench: its limit does what we do, and its figures are what they say."""

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session
from stdnum import ean

from app.core.db import db
from bench import data
from bench.cases import TERMS, search_terms
from bench.clients import Measured
from bench.recording import COMMIT, Step, compiled, recording, script
from bench.report import Row, table


def test_the_script_tells_where_each_parameter_came_from() -> None:
    first = [Step("A", {"id": 5000, "key": "x1"}, (7000,)), Step("B", {"ids": [7000], "n": 3})]
    other = [Step("A", {"id": 5001, "key": "x2"}, (7001,)), Step("B", {"ids": [7001], "n": 3})]

    lines = script(({"product_id": 5000}, first), ({"product_id": 5001}, other))

    assert lines == [
        ["A", ["map", {"id": ["asked", "product_id"], "key": ["key"]}]],
        ["B", ["map", {"ids": ["list", [["row", 0, 0]]], "n": ["constant", 3]}]],
    ]


def test_two_requests_that_did_not_do_the_same_make_no_script() -> None:
    with pytest.raises(ValueError, match="same statements"):
        script(({}, [Step("A")]), ({}, [Step("B")]))


def test_the_limit_fills_the_parameters_in_again() -> None:
    parts = {"id": ["asked", "product_id"], "made": ["row", 2, 1], "n": ["constant", 3]}
    fill = compiled(["map", parts | {"ids": ["list", [["asked", "product_id"]]]}])

    assert fill({"product_id": 9}, {2: (1, 8)}) == {"id": 9, "made": 8, "n": 3, "ids": [9]}
    assert compiled(["key"])({}, {}) != compiled(["key"])({}, {})


def test_a_recording_has_statements_rows_and_commits(session: Session) -> None:
    engine = db.session.connection().engine
    with recording(engine) as steps, engine.begin() as connection:
        rows = connection.execute(text("SELECT n FROM generate_series(1, 3) AS n")).all()

    assert len(rows) == 3
    assert [step.row for step in steps if step.sql.startswith("SELECT n")] == [(1,)]
    assert steps[-1].sql == COMMIT


def test_the_data_are_the_same_each_time() -> None:
    assert [*data._products(50)] == [*data._products(50)]
    assert search_terms() == search_terms()
    assert len(search_terms()) == TERMS
    assert {len(term) for term in search_terms()} <= set(range(1, 11))
    assert all(ean.is_valid(code) for _id, code in data._barcodes(50))


def test_percentiles_and_rates_are_of_all_answers() -> None:
    measured = Measured([0.001 * n for n in range(1, 101)], seconds=2, refused=[])

    assert measured.per_second == 50
    assert measured.percentile(0.5) == pytest.approx(51)
    assert measured.percentile(0.95) == pytest.approx(96)


def test_the_table_says_what_was_not_reached() -> None:
    row = Row("work", "reach", "10/s", "9/s", "90%", "1 ms", "2 ms", is_reached=False)

    drawn = table([row, row._replace(is_reached=True)]).splitlines()

    assert drawn[-2] == "| work | reach | 10/s | 9/s | 90% | 1 ms | 2 ms | NOT REACHED |"
    assert drawn[-1].endswith("| reached |")
