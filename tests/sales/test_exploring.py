"""Sales added up: the same totals by whatever they are asked, and to the day."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.sales.exploring import explore
from app.sales.models import SalesItem, SalesParty
from app.sales.queries import Wanted
from app.sales.services import matching
from app.sales.tables import sales_line
from tests.conftest import SignIn
from tests.factories import CustomerFactory, ProductFactory
from tests.imports.samples import csv_file
from tests.sales.samples import sold

HEADER = ("Invoice", "SKU", "Quantity", "Date", "Price", "Customer", "Country", "Rep")
ROWS = (
    ("1", "A", "2", "2025-03-05", "10", "C1", "DE", "Ada"),
    ("2", "A", "1", "2026-02-27", "10", "C1", "DE", "Ada"),
    ("3", "B", "5", "2026-03-01", "1", "C2", "FR", ""),
    ("4", "A", "3", "2026-03-05", "10", "C1", "DE", "Ada"),
    ("5", "B", "-1", "2026-03-06", "1", "C2", "FR", ""),
    ("6", "POST", "1", "2026-03-31", "4", "", "FR", "Bob"),
)


@pytest.fixture(autouse=True)
def sales(session: Session) -> None:
    sold(content=csv_file([HEADER, *ROWS]))


def totals(**asked: Any) -> dict[str, Decimal]:
    """What each row comes to, by its label."""
    period = {"since": date(2026, 2, 1), "until": date(2026, 3, 31)}
    pivot = explore(Wanted(**period | asked))
    assert pivot.total == sum(row.total for row in pivot.rows)
    return {row.label: row.total for row in pivot.rows}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("month", {"2026-02": 10, "2026-03": 38}),
        ("week", {"2026-W09": 15, "2026-W10": 29, "2026-W14": 4}),
        ("product", {"A": 40, "B": 4, "POST": 4}),
        ("customer", {"C1": 40, "C2": 4, "No customer": 4}),
        ("country", {"Germany": 40, "France": 8}),
        ("rep", {"Ada": 40, "Bob": 4, "No sales rep": 4}),
        ("kind", {"Sale": 45, "Return": -1, "Service": 4}),
        ("source", {"Sales files": 48}),
        ("category", {"No category": 48}),
    ],
)
def test_whatever_it_is_asked_by_it_adds_up(rows: str, expected: dict[str, int]) -> None:
    assert totals(rows=rows) == expected


@pytest.mark.parametrize(
    ("narrowed", "total"),
    [
        ({"product": "a"}, 40),
        ({"customer": "c2"}, 4),
        ({"customer": "-"}, 4),
        ({"country": "FR"}, 8),
        ({"rep": "-"}, 4),
        ({"kind": "goods"}, 44),
        ({"product": "B", "customer": "C2", "rows": "week"}, 4),
        ({"since": date(2026, 3, 1), "until": date(2026, 3, 5)}, 35),
        ({"since": date(2026, 3, 6), "until": date(2026, 3, 6)}, -1),
        ({"measure": "quantity"}, 9),
        ({"measure": "lines"}, 5),
    ],
)
def test_filters_and_days_narrow_it_exactly(narrowed: dict[str, Any], total: int) -> None:
    assert sum(totals(**narrowed).values()) == total


DAYS = st.dates(date(2025, 2, 20), date(2026, 4, 10))


@given(DAYS, DAYS, st.sampled_from(["month", "quarter", "product", "category", "kind"]))
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_sums_by_month_say_to_the_day_what_lines_say(
    session: Session, one: date, other: date, rows: str
) -> None:
    since, until = sorted([one, other])
    of = sales_line.c
    lines = select(func.coalesce(func.sum(of.value), 0), func.count())
    value, count = session.execute(lines.where(of.sold_on.between(since, until))).one()

    period: dict[str, Any] = {"since": since, "until": until, "rows": rows}
    assert explore(Wanted(**period)).total == value
    assert explore(Wanted(**period, measure="lines", across="month")).total == count


def test_columns_part_the_rows_and_the_year_before_stands_beside() -> None:
    pivot = explore(
        Wanted(
            since=date(2026, 3, 1),
            until=date(2026, 3, 31),
            rows="product",
            across="month",
            compares=True,
        )
    )
    first = pivot.rows[0]

    assert pivot.columns == ["2026-03"]
    assert (first.label, first.cells, first.before) == (
        "A",
        {"2026-03": Decimal(30)},
        Decimal(20),
    )
    assert first.change == Decimal("0.5")
    assert [row.rank for row in pivot.rows] == ["A", "A", "B"]
    assert round(sum(row.share or 0 for row in pivot.rows), 6) == 1


def test_the_month_of_the_year_before_stands_beside_its_month() -> None:
    pivot = explore(
        Wanted(since=date(2026, 3, 1), until=date(2026, 3, 31), rows="month", compares=True)
    )

    assert [row.label for row in pivot.rows] == ["2026-03"]
    assert (pivot.total, pivot.before) == (Decimal(38), Decimal(20))


def test_what_a_code_means_counts_for_all_its_sales(session: Session) -> None:
    lamp = ProductFactory.create(sku="LAMP", category="Light")
    item = session.scalars(select(SalesItem).where(SalesItem.code == "A")).one()
    party = session.scalars(select(SalesParty).where(SalesParty.code == "C1")).one()
    matching.assign_product(item.id, product_id=lamp.id)
    matching.assign_customer(party.id, customer_id=CustomerFactory.create(code="ACME").id)

    assert totals(rows="product")["LAMP"] == 40
    assert totals(rows="category")["Light"] == 40
    assert totals(rows="product", customer="acme") == {"LAMP": 40}


def test_the_page_shows_figures_a_drawing_and_the_way_to_lines(sign_in: SignIn) -> None:
    browser = sign_in("sales.view")
    query = "/sales?rows=product&across=month&beside=year&from=2026-02-01&to=2026-03-31"
    page = browser.get(query).text

    assert "<chart-canvas" in page
    assert "/sales/lines?from=2026-02-01&amp;to=2026-03-31&amp;product=A" in page
    lines = browser.get("/sales/lines?product=A&from=2026-02-01&to=2026-03-31").text
    assert lines.count("2026-0") >= 2
    assert "Nothing was sold like that." in browser.get("/sales?product=NONE").text
    part = browser.get(query, headers={"HX-Request": "true"}).text
    assert "<html" not in part


def test_figures_come_as_a_file(sign_in: SignIn) -> None:
    browser = sign_in("sales.view")
    file = browser.get("/sales?rows=product&from=2026-02-01&to=2026-03-31&file=csv")

    assert file.text.splitlines()[:2] == [
        "\ufeffProduct,Name,Total,Share,Class",
        "A,,40,0.8333,A",
    ]


def test_parts_of_one_have_four_decimals_in_a_file(sign_in: SignIn) -> None:
    browser = sign_in("sales.view")
    file = browser.get("/sales?beside=year&from=2026-03-01&to=2026-03-31&file=csv")

    assert file.text.splitlines()[1] == "2026-03,38,20,0.9,1"
    sold(content=csv_file([HEADER, ("7", "A", "1", "2026-03-30", "1.333", "C1", "DE", "Ada")]))
    file = browser.get("/sales?beside=year&from=2026-03-01&to=2026-03-31&file=csv")
    assert file.text.splitlines()[1] == "2026-03,39.333,20,0.9666,1"


def test_a_code_of_several_sources_says_whose_it_is(sign_in: SignIn) -> None:
    more = csv_file([HEADER, ("9", "A", "1", "2026-03-05", "7", "C1", "DE", "Ada")])
    sold(content=more, fixed={"source": "Shop"})
    browser = sign_in("sales.view")

    page = browser.get("/sales?rows=product&from=2026-02-01&to=2026-03-31").text

    assert "in Sales files" in page
    row = r'href="([^"]*)">A</a>\s*</th>\s*<td>in Shop</td>'
    [href] = re.findall(row, page)
    lines = browser.get(href.replace("&amp;", "&")).text
    assert "7.00" in lines
    assert "10.00" not in lines


def test_what_an_address_may_say_of_rows_and_days_is_told(sign_in: SignIn) -> None:
    browser = sign_in("sales.view")

    assert "it filters nothing" not in browser.get("/sales?rows=month&measure=value").text
    swapped = browser.get("/sales?from=2026-03-31&to=2026-02-01").text
    assert "From is after To: the days are swapped." in swapped


def test_nobody_explores_without_the_permission(sign_in: SignIn) -> None:
    assert sign_in().get("/sales").status_code == 403
    assert sign_in().get("/api/v1/sales-history").status_code == 403


def test_programs_ask_the_same(sign_in: SignIn) -> None:
    program = sign_in("sales.view")
    query = {"group_by": "product", "from": "2026-02-01", "to": "2026-03-31"}
    answer = program.get("/api/v1/sales-history", query_string=query)
    lines = program.get("/api/v1/sales-history/lines", query_string={"product": "A", **PERIOD})
    wrong = program.get("/api/v1/sales-history?from=2026-03-02&to=2026-03-01")

    assert answer.json is not None
    assert lines.json is not None
    assert answer.json["rows"][0] | {"key": ""} == {
        "key": "",
        "label": "A",
        "detail": "",
        "total": "40",
        "is_known": True,
        "before": None,
        "share": "0.8333",
        "rank": "A",
        "cells": {},
    }
    assert [line["document"] for line in lines.json["items"]] == ["2", "4"]
    assert wrong.status_code == 422


PERIOD = {"from": "2026-02-01", "to": "2026-03-31"}
