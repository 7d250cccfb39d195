"""Pages and calls of rules, rates, unknown codes and imports of sales."""

from io import BytesIO

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.exchange_rates import ExchangeRate
from app.core.jobs import JobRun, runner
from app.imports import services
from app.sales.models import SalesItem, SalesParty, SalesRule
from app.sales.services import rules
from app.sales.tables import sales_line
from tests.conftest import SignIn
from tests.factories import CustomerFactory, ProductFactory
from tests.sales.samples import read, row, sold, totals


def test_a_rule_is_added_changed_and_taken_out(session: Session, sign_in: SignIn) -> None:
    browser = sign_in("sales.view", "sales.manage")
    data = {"position": "5", "kind": "service", "product": "FEE*", "sign": ""}
    browser.post("/sales/rules", data=data)
    rule = session.scalars(select(SalesRule).where(SalesRule.product == "FEE*")).one()
    page = browser.get(f"/sales/rules/{rule.id}/edit").text
    browser.post(
        f"/sales/rules/{rule.id}", data={**data, "product": "FEE, TAX*", "version": "1"}
    )
    session.expire_all()

    assert 'value="FEE*"' in page
    assert rule.product == "FEE, TAX*"
    assert "FEE, TAX*" in browser.get("/sales/rules").text
    browser.post(f"/sales/rules/{rule.id}/delete")
    assert session.scalar(select(func.count()).where(SalesRule.product == "FEE, TAX*")) == 0


def test_a_rule_that_fits_everything_is_refused(sign_in: SignIn) -> None:
    browser = sign_in("sales.view", "sales.manage")
    answer = browser.post("/sales/rules", data={"position": "5", "kind": "service", "sign": ""})

    assert answer.status_code == 422
    assert "Say by what such lines are known." in answer.text


def test_lines_are_sorted_again_by_the_rules_of_today(session: Session) -> None:
    sold(row("1", code="FEE-1"), row("2", code="FEE_1"), row("3"))
    rules.add_rule(position=1, kind="service", product="fee_*")

    assert rules.classify_again() == 1
    found = select(sales_line.c.document).where(sales_line.c.kind == "service")
    assert session.scalars(found).all() == ["2"]
    totals(session)


def test_programs_keep_rules_too(session: Session, sign_in: SignIn) -> None:
    program = sign_in("sales.view", "sales.manage")
    listed = program.get("/api/v1/sales-rules").json

    assert listed is not None
    assert [rule["kind"] for rule in listed["items"]] == [
        "bad_debt",
        "service",
        "cancellation",
        "return",
    ]


def test_somebody_says_what_a_code_means(session: Session, sign_in: SignIn) -> None:
    browser = sign_in("sales.view", "sales.manage")
    sold(row())
    item = session.scalars(select(SalesItem)).one()
    party = session.scalars(select(SalesParty)).one()
    ProductFactory.create(sku="LAMP")
    CustomerFactory.create(code="ACME")

    assert "A-1" in browser.get("/sales/unknown-products").text
    assert "C1" in browser.get("/sales/unknown-customers").text
    browser.get(f"/sales/unknown-products/{item.id}/assignment/new")
    wrong = browser.post(
        f"/sales/unknown-products/{item.id}/assignment", data={"product_id": "NONE"}
    )
    browser.post(f"/sales/unknown-products/{item.id}/assignment", data={"product_id": "lamp"})
    browser.post(
        f"/sales/unknown-customers/{party.id}/assignment", data={"customer_id": "acme"}
    )
    session.expire_all()

    assert wrong.status_code == 422
    assert item.product_id is not None
    assert party.customer_id is not None


def test_rates_come_by_a_form(session: Session, sign_in: SignIn) -> None:
    browser = sign_in("sales.view", "sales.import")
    file = (BytesIO(b"Date,USD\n2026-03-05,1.25\n"), "eurofxref.csv")
    browser.post("/exchange-rates", data={"file": file})
    wrong = browser.post("/exchange-rates", data={"file": (BytesIO(b"no"), "x.csv")})

    assert session.scalars(select(ExchangeRate.currency)).all() == ["USD"]
    assert "USD" in browser.get("/exchange-rates").text
    assert wrong.status_code == 422


def test_an_import_is_undone_at_its_page(session: Session, sign_in: SignIn) -> None:
    browser = sign_in("sales.import", "sales.view")
    run = read(row())
    services.run_import(run.id, dry_run=False)
    page = browser.get(f"/imports/{run.id}").text
    browser.post(f"/imports/{run.id}/reversal")
    session.expire_all()

    assert "Undo this import" in page
    assert "Amount in USD" in page
    assert totals(session)[0] == 0
    assert "This import was undone" in browser.get(f"/imports/{run.id}").text


@pytest.mark.parametrize(
    "address",
    [
        *("/sales/lines", "/sales/rules", "/exchange-rates", "/sales/unknown-products"),
        *("/sales/unknown-customers", "/api/v1/sales-rules", "/api/v1/exchange-rates"),
        *("/api/v1/salesdata/imports", "/api/v1/salesdata/unknown-products"),
    ],
)
def test_pages_take_their_permission(sign_in: SignIn, address: str) -> None:
    assert sign_in().get(address).status_code == 403
    everything = sign_in("sales.view", "sales.import", "sales.manage")
    assert everything.get(address).status_code == 200


def test_jobs_sort_and_value(session: Session, sign_in: SignIn) -> None:
    browser = sign_in("sales.view", "sales.import", "sales.manage")
    rule = session.scalars(select(SalesRule)).first()
    assert rule is not None
    browser.post(f"/sales/rules/{rule.id}/classifications")
    browser.post("/exchange-rates/valuations")
    runs = session.scalars(select(JobRun).order_by(JobRun.id.desc()).limit(2)).all()
    for run in runs:
        runner.perform(run.id)
    session.expire_all()

    assert [run.state for run in runs] == ["succeeded", "succeeded"]
