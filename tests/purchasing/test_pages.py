"""The pages of purchase orders, as people see them."""

import re
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalog.models import Product
from app.core.audit import AuditEntry
from app.core.days import today
from app.purchasing import services
from app.purchasing.models import PurchaseOrder
from tests.conftest import SignIn
from tests.documents.conftest import work
from tests.factories import RoleFactory, VendorFactory, VendorPartFactory
from tests.labels.reading import require_pango
from tests.mailbox import Mailbox
from tests.purchasing.conftest import again, drafted, incoming, key, number, sent

HTMX = {"HX-Request": "true"}
VIEW, EDIT, COSTS = "purchase_orders.view", "purchase_orders.edit", "products.costs"
ROOT = "/purchase-orders"


def test_the_list_says_what_is_late_and_what_it_comes_to(
    sign_in: SignIn, product: Product
) -> None:
    late = sent((product, 2), expected_on=today() - timedelta(1))
    draft = drafted((product, 3))
    client = sign_in(VIEW, COSTS)

    def shown(query: str) -> list[bool]:
        page = client.get(f"{ROOT}?{query}").text
        return [order.number in page for order in (late, draft)]

    page = client.get(ROOT).text
    for word in (late.number, draft.number, "20.00", "30.00", "Sent", "Draft"):
        assert word in page
    assert shown("status=late") == shown("status=open") == [True, False]
    assert shown("status=draft") == shown(f"vendor={draft.vendor_id}") == [False, True]
    assert "<html" not in client.get(ROOT, headers=HTMX).text


def test_a_record_leads_to_its_vendor_and_its_products(
    sign_in: SignIn, product: Product
) -> None:
    order = sent((product, 2))
    client = sign_in(VIEW, EDIT, COSTS, "vendors.view", "stock.view", "products.view")

    page = client.get(f"{ROOT}/{order.id}")

    assert page.status_code == 200
    assert f"/vendors/{order.vendor_id}" in page.text


def test_who_may_not_see_costs_sees_no_price_anywhere(
    sign_in: SignIn, product: Product
) -> None:
    order = sent((product, 2), unit_price="713.57")
    client = sign_in(VIEW, EDIT)
    services.change_order(
        drafted((product, 1), unit_price="713.57").id, version=None, notes="x"
    )
    paths = (ROOT, f"{ROOT}/{order.id}", f"{ROOT}/{order.id}/edit", f"{ROOT}?file=csv")

    for path in paths:
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert "713.57" not in answer.text, path
        assert "1,427.14" not in answer.text, path
    assert client.get(f"{ROOT}/{order.id}/documents/purchase-order").status_code == 403


def test_what_nobody_sees_stays_when_somebody_edits(sign_in: SignIn, product: Product) -> None:
    vendor = VendorFactory.create(currency="EUR")
    order = drafted((product, 2), unit_price="713.57", vendor=vendor)
    [line] = order.lines
    body = {
        "version": order.version,
        "vendor": vendor.code,
        "items-0-id": line.id,
        "items-0-sku": "P-1",
        "items-0-known": "P-1",
        "items-0-quantity": "5",
        "items-0-pack_quantity": "1",
    }

    answer = sign_in(VIEW, EDIT).post(f"{ROOT}/{order.id}", data=body)

    assert answer.status_code == 303, answer.text
    [line] = again(order).lines
    assert (line.quantity, line.unit_price) == (5, Decimal("713.57"))


def test_an_order_is_written_with_cartons_and_read_back(
    session: Session, sign_in: SignIn, product: Product
) -> None:
    vendor = VendorFactory.create(code="V-7", currency="EUR")
    body = {
        "vendor": "V-7",
        "items-0-sku": "P-1",
        "items-0-quantity": "2",
        "items-0-purchase_unit": "carton",
        "items-0-pack_quantity": "12",
        "items-0-unit_price": "30",
    }

    answer = sign_in(VIEW, EDIT, COSTS).post(ROOT, data=body)

    assert answer.status_code == 303, answer.text
    order: Any = session.scalars(select(PurchaseOrder)).one()
    assert (order.vendor_id, order.total) == (vendor.id, 60)
    page = sign_in(VIEW, COSTS).get(f"{ROOT}/{order.id}").text
    assert "2 × carton of 12" in " ".join(page.split())


def test_a_form_that_does_not_fit_comes_back(sign_in: SignIn) -> None:
    answer = sign_in(VIEW, EDIT).post(ROOT, data={"vendor": "nobody", "items-0-sku": "NOPE"})

    assert answer.status_code == 422
    assert "No vendor has this code" in answer.text
    assert "Unknown product" in answer.text


def test_rows_are_completed_by_the_vendors_terms(sign_in: SignIn, product: Product) -> None:
    vendor = VendorFactory.create(code="V-7", currency="EUR")
    VendorPartFactory.create(
        product=product, vendor=vendor, part_number="ACME-9", price=Decimal("2.5")
    )
    body = {"vendor": "V-7", "items-4-sku": "acme-9"}

    told: Any = sign_in(EDIT, COSTS).post(f"{ROOT}/lines", data=body).json

    row = told["rows"]["4"]
    assert row["values"]["sku"] == "P-1"
    assert row["values"]["part_number"] == "ACME-9"
    assert row["values"]["unit_price"] == "2.5"
    assert told["legend"] == f"Lines from {vendor.name}"


def test_it_goes_out_by_e_mail_and_is_incoming_then(
    session: Session, sign_in: SignIn, mailbox: Mailbox, product: Product
) -> None:
    require_pango()
    vendor = VendorFactory.create(currency="EUR", email="sales@acme.example", name="Acme")
    order = drafted((product, 2), vendor=vendor)
    client = sign_in(VIEW, "purchase_orders.send", COSTS)
    letter = {
        "kind": "purchase-order",
        "recipient": "sales@acme.example",
        "subject": "Our order",
        "body": "Please deliver.",
    }

    refused = client.post(f"{ROOT}/{order.id}/sent-documents", data=letter)
    assert "somebody has to approve it first" in refused.text
    services.approve_order(order.id)
    client.post(f"{ROOT}/{order.id}/sent-documents", data=letter)
    work(session)

    [(to, mail)] = mailbox.mails
    [attachment] = mail.iter_attachments()
    paper = "".join(
        p.extract_text() for p in PdfReader(BytesIO(attachment.get_content())).pages
    )
    assert to == ["sales@acme.example"]
    assert order.number in paper
    assert "Acme" in paper
    assert (again(order).status, incoming(product)) == ("sent", 2)
    assert "Our order" in client.get(f"{ROOT}/{order.id}").text


@pytest.mark.parametrize(
    ("path", "permission"),
    [
        ("approval", "approve"),
        ("dispatch", "send"),
        ("confirmation", "send"),
        ("reopening", "edit"),
        ("closure", "edit"),
        ("cancellation", "cancel"),
    ],
)
def test_each_step_takes_its_permission(
    sign_in: SignIn, product: Product, path: str, permission: str
) -> None:
    order = drafted((product, 2))
    others = [
        f"purchase_orders.{v}" for v in ("edit", "approve", "send", "cancel") if v != permission
    ]

    assert sign_in(VIEW, *others).post(f"{ROOT}/{order.id}/{path}").status_code == 403


def test_the_steps_of_an_order_are_taken_on_its_page(sign_in: SignIn, product: Product) -> None:
    order = drafted((product, 2))
    verbs = [f"purchase_orders.{verb}" for verb in ("edit", "approve", "send", "cancel")]
    client = sign_in(VIEW, *verbs)

    def step(path: str, **body: object) -> str:
        answer = client.post(f"{ROOT}/{order.id}/{path}", data=body)
        assert answer.status_code == 303, answer.text
        return str(again(order).status)

    assert step("approval") == "approved"
    assert step("dispatch") == "sent"
    day = (today() + timedelta(5)).isoformat()
    assert step("confirmation", confirmed_on=day, vendor_reference="SO-1") == "confirmed"
    assert (again(order).due_on.isoformat(), again(order).vendor_reference) == (day, "SO-1")
    assert step("reopening") == "draft"
    assert step("cancellation", reason="Too dear") == "cancelled"
    assert "Too dear" in client.get(f"{ROOT}/{order.id}").text


def test_the_command_bar_finds_it_by_the_code_on_their_slip(
    sign_in: SignIn, product: Product
) -> None:
    order = drafted((product, 1), vendor_reference="SLIP-77")
    client = sign_in(VIEW)

    assert order.number in client.get("/search?q=slip-77", headers=HTMX).text
    assert order.number in client.get(f"/search?q={order.number}", headers=HTMX).text


def test_its_history_keeps_prices_from_who_may_not_see_them(
    session: Session, sign_in: SignIn, product: Product
) -> None:
    order = drafted((product, 1), unit_price="713.57")

    [entry] = session.scalars(
        select(AuditEntry).where(AuditEntry.record_type == "purchase_order")
    ).all()
    assert "713.57" in str(entry.changes)
    assert "713.57" not in sign_in(VIEW, "audit.view").get(f"{ROOT}/{order.id}").text


def test_limits_are_set_changed_and_removed_on_their_page(sign_in: SignIn) -> None:
    client = sign_in("purchase_orders.limit")
    role = RoleFactory.create(name="buyer")
    made = client.post(
        "/approval-limits", data={"role_id": role.id, "currency": "EUR", "amount": "500"}
    )
    assert made.status_code == 303, made.text
    assert "500.00" in client.get("/approval-limits").text
    again_ = client.post(
        "/approval-limits", data={"role_id": role.id, "currency": "EUR", "amount": "9"}
    )
    assert again_.status_code in (409, 422)
    assert "buyer has a limit in EUR" in again_.text


def test_states_and_moments_are_told_as_people_read_them(
    sign_in: SignIn, product: Product
) -> None:
    order = sent((product, 5))
    item = services.ReceivedItem(number(5), line_id=order.lines[0].id)
    receipt = services.receive_goods(order.id, [item], key=key())
    services.undo_receipt(receipt.id)
    client = sign_in(VIEW)

    assert "<ins>Sent</ins>" in client.get(f"{ROOT}/{order.id}").text
    page = client.get(f"/receipts/{receipt.id}").text
    assert "+00:00</ins>" not in page
    assert re.search(r"<dt>Undone</dt>.*?<ins>\s*<time", page, re.DOTALL)
