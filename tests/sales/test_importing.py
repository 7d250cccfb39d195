"""Sales from files: each line once, with the totals before anything is written."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.imports import services
from app.imports.models import ImportProfile
from app.imports.services import NotReady
from app.sales.models import SalesItem, SalesParty
from app.sales.tables import sales_line
from tests.conftest import SignIn
from tests.factories import CustomerFactory, ProductFactory, UserFactory
from tests.imports.samples import counts, csv_file, errors
from tests.sales.samples import HEADER, read, row, sold, totals

LOCALISED = Path(__file__).parents[3] / "shared" / "data" / "sales_localised"
EXPECTED: dict[str, dict[str, Any]] = (
    json.loads((LOCALISED / "expected.json").read_text()) if LOCALISED.exists() else {}
)
real_files = pytest.mark.skipif(not EXPECTED, reason="the real files lie beside the repository")


def test_documents_are_compared_with_those_of_their_own_source() -> None:
    """Asked of any row, it took hours, and was wrong where a file has two sources."""
    sold(row("9"), fixed={"source": "Shop A"})
    header = (*HEADER, "Source")
    rows = [(*row("9", "A-2"), "Shop A"), (*row("77"), "Shop B")]
    told = sold(content=csv_file([header, *rows]), dry_run=True)["notices"]

    assert any("1 documents are there already with other lines (9)" in one for one in told)
    assert not any("of other sources" in one for one in told)

    rows = [(*row("9", "A-3"), "Shop B")]
    told = sold(content=csv_file([header, *rows]), dry_run=True)["notices"]
    assert any("1 documents have the numbers and days of documents of other" in o for o in told)
    assert not any("with other lines" in one for one in told)


def kinds(session: Session) -> dict[str, str]:
    """Kind of each line by its document."""
    return dict(session.execute(select(sales_line.c.document, sales_line.c.kind)).all())


def test_lines_come_once_however_often_their_file_does(session: Session) -> None:
    rows = [row(), row(code="A-2"), row("1002", day="2026-04-01")]

    assert counts(sold(*rows)) == (3, 0, 0, 0)
    assert counts(sold(*rows)) == (0, 0, 3, 0)
    assert totals(session) == (3, Decimal(6), Decimal(9))


def test_genuine_repeats_of_one_file_stay_and_overlapping_files_do_not_double(
    session: Session,
) -> None:
    first = [row("1"), row("1"), row("2")]
    second = [row("2"), row("3"), row("3"), row("3")]

    assert counts(sold(*first)) == (3, 0, 0, 0)
    assert counts(sold(*second)) == (3, 0, 1, 0)
    assert totals(session)[0] == 6


def test_the_same_lines_of_another_source_are_others(session: Session) -> None:
    sold(row(), fixed={"source": "Berlin"})
    result = sold(row(), fixed={"source": "Paris"})

    assert counts(result) == (1, 0, 0, 0)
    assert any("of other sources (1001)" in notice for notice in result["notices"])


def test_a_dry_run_tells_the_totals_and_writes_nothing(session: Session) -> None:
    result = sold(row(), row("1002", quantity="-1"), dry_run=True, fixed={"currency": "EUR"})

    assert dict(result["figures"]) == {
        "Lines": "2",
        "Documents": "2",
        "From": "2026-03-02",
        "To": "2026-03-02",
        "Quantity": "1",
        "Lines below zero": "1",
        "Amount in EUR": "1.50",
    }
    assert totals(session)[0] == 0
    assert session.scalars(select(SalesItem)).all() == []


def test_doubts_are_said_before_anything_is_written(session: Session) -> None:
    rows = [(*row(), "3.00", "Atlantis"), (*row("1002"), "9.00", "Germany")]
    content = csv_file([(*HEADER, "Amount", "Country"), *rows])
    notices = "\n".join(sold(content=content, dry_run=True)["notices"])

    for doubt in (
        "The file does not say the currency of 2 lines",
        "Of 1 lines the amount is not quantity × unit price, first in row 3",
        "none of ISO 3166 stay as they are written: Atlantis (1).",
        "1 codes are of no product of the catalogue (A-1)",
        "1 customers are not known (C1)",
    ):
        assert doubt in notices


def test_a_document_that_comes_with_other_lines_is_a_doubt(session: Session) -> None:
    sold(row(quantity="2"))
    result = sold(row(quantity="3"), dry_run=True)

    assert any("there already with other lines (1001)" in one for one in result["notices"])


def test_rows_of_totals_are_left_out_and_held_to_the_rows_above(session: Session) -> None:
    rows = [row(), row("1002"), ("Total", "", "", "4", "", "", ""), row("1003")]
    wrong = [*rows, ("Grand total:", "", "", "7", "", "", "")]
    result = sold(*wrong, dry_run=True)

    assert (result["rows"], result["failed"]) == (3, 0)
    assert (
        "Row 4 is a total and is left out: it agrees with the rows above." in result["notices"]
    )
    told = (
        "Row 6 is a total and is left out. It says 7 for Quantity, the rows above add up to 6"
    )
    assert any(notice.startswith(told) for notice in result["notices"])


def test_a_row_that_is_no_sale_says_why(session: Session) -> None:
    rows = [
        row(code=""),
        row(day=""),
        row(quantity="two"),
        row(price=""),
        row(day="2126-03-02"),
    ]

    assert errors(sold(*rows)) == [
        (2, "product", "The product is missing."),
        (3, "sold_on", "The date is missing."),
        (4, "quantity", "This is not a number with a point before the decimals."),
        (5, "unit_price", "There is no price and no amount."),
        (6, "sold_on", "2126-03-02 is no day on which this was sold."),
    ]


def test_a_sign_that_may_be_of_several_currencies_is_asked_about(session: Session) -> None:
    rows = [row(price="£1.50")]

    assert "does not fit USD" in sold(*rows)["errors"][0]["error"]
    assert counts(sold(*rows, fixed={"currency": "GBP"})) == (1, 0, 0, 0)


def test_the_name_of_a_column_settles_the_currency(session: Session) -> None:
    content = csv_file([("Date", "SKU", "Qty", "Price (€)"), ("2026-03-02", "A", "2", "1.50")])
    result = sold(content=content)

    assert dict(result["figures"])["Amount in EUR"] == "3.00"


def test_products_and_customers_are_found_by_code_or_wait_or_are_made(session: Session) -> None:
    lamp = ProductFactory.create(sku="a-1")
    customer = CustomerFactory.create(code="C1")
    sold(row(), row(code="NEW", customer="C2"), row(code="POST"))
    items = {item.code: item.product_id for item in session.scalars(select(SalesItem))}
    parties = {party.code: party.customer_id for party in session.scalars(select(SalesParty))}

    assert items == {"A-1": lamp.id, "NEW": None, "POST": None}
    assert parties == {"C1": customer.id, "C2": None}

    run = read(row(code="NEW", customer="C2"), row(code="POST"))
    services.choose(run, run.mapping, options=["create_products", "create_customers"])
    services.run_import(run.id, dry_run=False)
    session.expire_all()

    made = {item.code: item.product_id for item in session.scalars(select(SalesItem))}
    assert made["NEW"] is not None
    assert made["POST"] is None  # a rule calls it a service


def test_without_a_sales_rep_it_is_the_one_of_the_customer(session: Session) -> None:
    CustomerFactory.create(code="C1", sales_rep=UserFactory.create(name="Ada"))
    content = csv_file([(*HEADER, "Rep"), (*row("1"), "Bob"), (*row("2"), "")])
    sold(content=content)

    reps = select(sales_line.c.rep).order_by(sales_line.c.document)
    assert session.scalars(reps).all() == ["Bob", "Ada"]


def test_kinds_follow_the_rules(session: Session) -> None:
    sold(
        row("1"),
        row("2", quantity="-1"),
        row("C3", quantity="-1"),
        row("4", code="POST"),
        row("A5", code="B", price="-100"),
    )

    assert kinds(session) == {
        "1": "sale",
        "2": "return",
        "C3": "cancellation",
        "4": "service",
        "A5": "bad_debt",
    }


def test_an_import_is_undone_with_all_that_it_counted(session: Session) -> None:
    sold(row("1"))
    run = read(row("1"), row("2"))
    services.run_import(run.id, dry_run=False)

    assert services.undo(run) == 1
    assert totals(session) == (1, Decimal(2), Decimal(3))
    with pytest.raises(NotReady):
        services.undo(run)


def test_an_import_that_another_one_stands_on_is_undone_after_it(session: Session) -> None:
    first = read(row("1"), row("2"))
    services.run_import(first.id, dry_run=False)
    second = read(row("2"), row("3"))
    services.run_import(second.id, dry_run=False)

    with pytest.raises(NotReady, match="holds 1 of these lines too"):
        services.undo(first)

    assert services.undo(second) == 1
    assert services.undo(first) == 2
    assert totals(session)[0] == 0


def test_a_profile_reads_the_next_file_of_the_sender(session: Session) -> None:
    content = csv_file([("Wann", "Was", "Wieviel", "Wert"), ("3/4/2026", "A", "1.000", "2,5")])
    mapping = {"sold_on": "Wann", "product": "Was", "quantity": "Wieviel", "amount": "Wert"}
    layout = {"dates": "dmy", "decimal": ","}
    run = services.upload("sales", file_name="f.csv", content=content, **layout)
    services.choose(run, mapping, fixed={"currency": "EUR", "source": "Köln"}, profile="Köln")

    again = services.upload("sales", file_name="g.csv", content=content, profile="köln")

    assert again.mapping == mapping
    assert again.fixed == {"currency": "EUR", "source": "Köln"}
    assert (again.layout["dates"], again.layout["decimal"]) == ("dmy", ",")
    assert session.scalars(select(ImportProfile.name)).all() == ["Köln"]
    services.choose(again, again.mapping, fixed=again.fixed)
    result = services.run_import(again.id, dry_run=True)
    assert dict(result["figures"])["Quantity"] == "1,000"


def test_a_profile_is_shown_and_deleted(session: Session, sign_in: SignIn) -> None:
    run = read(row())
    services.choose(run, run.mapping, fixed={"source": "Köln"}, profile="Köln")
    browser = sign_in("sales.import")
    page = browser.get("/import-profiles").text
    profile = session.scalars(select(ImportProfile)).one()
    shown = browser.get(f"/import-profiles/{profile.id}").text
    listed = browser.get("/api/v1/import-profiles").json
    hidden = sign_in("products.import").get(f"/import-profiles/{profile.id}")
    browser.post(f"/import-profiles/{profile.id}/delete")

    assert "Köln" in page
    assert "StockCode" in shown
    assert listed is not None
    assert [one["name"] for one in listed["items"]] == ["Köln"]
    assert hidden.status_code == 404
    assert session.scalars(select(ImportProfile.id)).all() == []


def test_an_import_that_is_through_leads_to_its_sales(sign_in: SignIn) -> None:
    run = read(row("1"), row("2", day="2026-03-09"))
    services.run_import(run.id, dry_run=False)

    page = sign_in("sales.import", "sales.view").get(
        f"/imports/{run.id}", follow_redirects=True
    )

    assert 'href="/sales?from=2026-03-02&amp;to=2026-03-09"' in page.text


def test_lines_lie_in_the_part_of_their_month(session: Session) -> None:
    sold(row(day="2026-03-31"), row(day="2026-04-01"))
    parts = "SELECT tableoid::regclass::text FROM sales_line ORDER BY 1"

    assert session.scalars(text(parts)).all() == ["sales_line_2026_03", "sales_line_2026_04"]


@real_files
@pytest.mark.parametrize("name", EXPECTED)
def test_files_of_other_countries_come_to_what_they_come_to(
    session: Session, name: str
) -> None:
    expected = EXPECTED[name]
    run = services.upload("sales", file_name=name, content=(LOCALISED / name).read_bytes())
    fixed = {} if "DE_" in name else {"currency": "USD" if "US_" in name else "GBP"}
    services.choose(run, run.mapping, fixed=fixed)
    result = services.run_import(run.id, dry_run=False)
    figures = dict(result["figures"])
    first, last, nobody = session.execute(
        text(
            "SELECT min(sold_on + sold_at), max(sold_on + sold_at), "
            "count(*) FILTER (WHERE party_id IS NULL) FROM sales_line"
        )
    ).one()

    assert result["failed"] == 0
    assert totals(session) == (
        expected["rows"],
        Decimal(expected["sum_qty"]),
        Decimal(expected["revenue"]),
    )
    assert figures["Documents"] == f"{expected['invoices']:,}"
    assert figures["Lines below zero"] == f"{expected['credit_rows']:,}"
    assert nobody == expected["no_customer"]
    assert (first.isoformat(), last.isoformat()) == (expected["first"], expected["last"])


@real_files
def test_two_files_that_overlap_add_up_to_what_both_hold(session: Session) -> None:
    for name in ("IE_sales_part1.csv", "IE_sales_part2_overlaps_part1_by_800_rows.csv"):
        sold(content=(LOCALISED / name).read_bytes())

    assert totals(session)[0] == 8196


@real_files
def test_excel_files_come_without_their_titles_and_totals(session: Session) -> None:
    for name in ("BE_preamble_merged_totals_hidden_sheet.xlsx", "BE_text_dates.xlsx"):
        result = sold(content=(LOCALISED / name).read_bytes())

        assert (result["rows"], result["failed"]) == (2069, 0)
    assert totals(session)[:2] == (2069, Decimal(23152))
