"""Pages of invoices."""

from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalog.models import Product
from app.integrations.models import RecordLink
from app.integrations.quickbooks.models import Invoice
from tests.conftest import SignIn
from tests.integrations.conftest import Sync, ours
from tests.standins.quickbooks import QuickBooks

HTMX = {"HX-Request": "true"}


@pytest.fixture
def reader(sign_in: SignIn) -> FlaskClient:
    return sign_in("invoices.view", "products.view", "customers.view")


def test_without_any_the_page_says_where_they_come_from(reader: FlaskClient) -> None:
    assert "They come from QuickBooks" in reader.get("/invoices").text


def test_the_list_is_searched_in_place(
    session: Session, sync: Sync, reader: FlaskClient
) -> None:
    sync()
    some = session.scalars(select(Invoice)).all()
    one = some[0]

    page = reader.get("/invoices", query_string={"search": one.number}, headers=HTMX).text

    assert "<html" not in page
    assert f">{one.number}<" in page
    for other in some:  # it may be part of an order number
        said = f"{other.number} {other.customer_po}"
        assert (f">{other.number}<" in page) == (one.number in said)


@pytest.mark.parametrize("state", ["open", "overdue", "paid"])
def test_the_list_is_filtered_by_state(
    session: Session, sync: Sync, reader: FlaskClient, state: str
) -> None:
    sync()
    today = date.today()  # noqa: DTZ011  (TZ is UTC)
    wanted = {
        one.number for one in session.scalars(select(Invoice)) if one.state_on(today) == state
    }

    page = reader.get(f"/invoices?state={state}").text

    for one in session.scalars(select(Invoice)):
        assert (f">{one.number}<" in page) == (one.number in wanted)


def test_the_list_is_filtered_by_date(
    session: Session, sync: Sync, reader: FlaskClient
) -> None:
    sync()
    [first, *_rest, last] = session.scalars(
        select(Invoice).order_by(Invoice.invoice_date)
    ).all()

    page = reader.get(f"/invoices?from={last.invoice_date}&to={last.invoice_date}").text

    assert f">{last.number}<" in page
    assert f">{first.number}<" not in page
    assert reader.get("/invoices?from=soon").status_code == 200


def test_an_invoice_shows_its_lines_and_leads_to_ours(
    session: Session, quickbooks: QuickBooks, sync: Sync, reader: FlaskClient
) -> None:
    sync()
    invoice = session.scalars(select(Invoice).where(Invoice.customer_id.is_not(None))).first()
    assert invoice is not None
    theirs = quickbooks.company.get("Invoice", invoice.external_id)
    item = theirs["Line"][0]["SalesItemLineDetail"]["ItemRef"]["value"]
    product = ours(Product, id=ours(RecordLink, kind="item", external_id=item).record_id)

    page = reader.get(f"/invoices/{invoice.id}").text

    assert f"/products/{product.id}" in page
    assert f"/customers/{invoice.customer_id}" in page


def test_an_invoice_is_for_who_may_see_invoices(sign_in: SignIn) -> None:
    assert sign_in("customers.view").get("/invoices").status_code == 403


def test_an_invoice_that_is_not_there_is_not_found(reader: FlaskClient) -> None:
    assert reader.get("/invoices/999").status_code == 404
