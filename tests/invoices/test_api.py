"""Invoices and other documents of the books for programs; they are found as pages find them."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask

from app.accounts import services as accounts
from app.core.db import db
from app.invoices import services
from app.invoices.models import BookDocument, Invoice
from app.invoices.queries import today
from tests.conftest import SignIn
from tests.factories import CustomerFactory, ProductFactory, RoleFactory, UserFactory

INVOICES, DOCUMENTS = "/api/v1/invoices", "/api/v1/book-documents"
WHOSE = ("books", "7")
Get = Callable[[str], Any]


@pytest.fixture
def get(app: Flask) -> Get:
    """Ask as a program that may see invoices and nothing else."""
    role = RoleFactory.create(permissions=["invoices.view"])
    token = accounts.create_token(UserFactory.create(role=role), name="test")
    bearer = {"Authorization": f"Bearer {token}"}

    def get(path: str) -> Any:
        answer = app.test_client().get(path, headers=bearer)
        assert answer.status_code == 200, answer.text
        return answer.json

    return get


def head(number: str, **values: Any) -> dict[str, Any]:
    usual = {
        "external_id": number,
        "number": number,
        "customer_ref": "3",
        "customer_name": "Acme",
        "customer_id": None,
        "currency": "EUR",
        "total": Decimal(20),
        "balance": Decimal(0),
        "due_date": None,
        "is_active": True,
        "is_void": False,
    }
    return usual | values


def line(**values: Any) -> dict[str, Any]:
    nothing = {"item": "", "description": "", "quantity": None, "price": None, "amount": None}
    return nothing | {"product_ref": "", "is_part": False} | values


def invoices(*some: dict[str, Any], lines: tuple[dict[str, Any], ...] = ()) -> None:
    usual = {"customer_po": "", "invoice_date": date(2026, 1, 1), "tax": None}
    services.record_invoices(*WHOSE, [(usual | one, lines) for one in some])


def documents(kind: str, *some: dict[str, Any]) -> None:
    usual: dict[str, Any] = {
        "reference": "", "document_date": date(2026, 1, 1), "state": "", "lines": [],
        "method": "", "tax": None,
    }  # fmt: skip
    services.record_book_documents(*WHOSE, kind, [usual | one for one in some])


def numbers(answer: Any) -> list[str]:
    return [one["number"] for one in answer["items"]]


def test_invoices_are_listed_by_the_filters_and_sorts_of_the_page(get: Get) -> None:
    bolt = CustomerFactory.create(name="Bolt")
    before, owed = today() - timedelta(days=1), Decimal(5)
    invoices(
        head("1001", customer_po="PO-7", balance=owed, due_date=before, total=Decimal(30)),
        head("1002", customer_name="Bolt", customer_id=bolt.id, invoice_date=date(2026, 3, 2)),
        head("1003", balance=owed),
        head("1004", is_void=True),
        head("1005", is_active=False, customer_name="Zoe"),
    )

    every = get(INVOICES)

    assert numbers(every) == ["1001", "1002", "1003", "1004", "1005"]
    assert [one["state"] for one in every["items"]] == [
        *("overdue", "paid", "open", "void", "deleted"),
    ]
    assert (every["total"], every["page"], "lines" in every["items"][0]) == (5, 1, False)
    for query, found in {
        "q=po-7": ["1001"],
        "q=bolt": ["1002"],
        f"customer={bolt.id}": ["1002"],
        "state=open": ["1003"],
        "state=overdue": ["1001"],
        "state=paid": ["1002"],
        "from=2026-03-02": ["1002"],
        "to=2026-03-01&state=open": ["1003"],
        "sort=-total&per_page=1": ["1001"],
        "sort=-customer&per_page=2": ["1005", "1002"],
        "sort=-date&per_page=1": ["1002"],
        "sort=due&per_page=1": ["1001"],
        "sort=-number&per_page=2&page=2": ["1003", "1002"],
        "q=nobody": [],
    }.items():
        assert numbers(get(f"{INVOICES}?{query}")) == found, query


def test_an_invoice_has_its_lines_and_says_what_is_ours(get: Get) -> None:
    product = ProductFactory.create()
    bundle = line(item="Tea set", quantity=Decimal(2), price=Decimal("9.5"), amount=Decimal(19))
    off = line(item="Discount", amount=Decimal("-1.25"))
    part = line(item="Cup", is_part=True, product_id=product.id)
    invoices(
        head("1001", customer_po="PO-7", balance=Decimal("5.50")),
        lines=tuple({"product_id": None} | one for one in (bundle, part, off)),
    )
    made = db.session.query(Invoice).one()

    one = get(f"{INVOICES}/{made.id}")

    said = {name: one[name] for name in ("number", "balance", "state", "customer_po", "system")}
    assert said == {
        "number": "1001",
        "balance": "5.5",
        "state": "open",
        "customer_po": "PO-7",
        "system": "books",
    }
    assert [(each["item"], each["amount"], each["product_id"]) for each in one["lines"]] == [
        ("Tea set", "19", None),
        ("Cup", None, product.id),
        ("Discount", "-1.25", None),
    ]
    assert (one["lines"][0]["price"], one["lines"][1]["is_part"]) == ("9.5", True)


def test_documents_are_listed_read_to_the_end_and_shown_with_their_lines(get: Get) -> None:
    documents("sales_receipt", head("SR-1", total=Decimal(1)))
    documents("estimate", head("E-9", state="Pending", document_date=date(2026, 3, 2)))
    paid = {**line(item="Invoice 7"), "amount": "60.0000"}
    payment = head("CHK 4711", reference="CHK", balance=Decimal(5), method="Cheque")
    documents("payment", payment | {"lines": [paid], "customer_name": "Bolt"})

    for query, found in {
        "": ["SR-1", "E-9", "CHK 4711"],
        "kind=payment": ["CHK 4711"],
        "q=bolt": ["CHK 4711"],
        "from=2026-03-02": ["E-9"],
        "to=2026-03-01&sort=-number": ["SR-1", "CHK 4711"],
        "sort=total&per_page=1": ["SR-1"],
        "sort=-date&per_page=1": ["E-9"],
        "sort=-customer&per_page=1": ["CHK 4711"],
        "customer=1": [],
    }.items():
        assert numbers(get(f"{DOCUMENTS}?{query}")) == found, query

    first = get(f"{DOCUMENTS}?cursor=&per_page=2")
    last = get(f"{DOCUMENTS}?per_page=2&cursor={first['next_cursor']}")
    assert (numbers(first), numbers(last)) == (["SR-1", "E-9"], ["CHK 4711"])
    assert (first["total"], last["next_cursor"]) == (None, None)
    assert first["items"][1]["state"] == "Pending"
    one = get(f"{DOCUMENTS}/{last['items'][0]['id']}")
    said = (one["kind"], one["balance"], one["method"], one["lines"][0]["amount"])
    assert said == ("payment", "5", "Cheque", "60")

    services.list_account(BookDocument, *WHOSE, is_listed=False)
    assert numbers(get(DOCUMENTS)) == []


def test_calls_of_the_books_refuse_what_they_do_not_know(sign_in: SignIn) -> None:
    client, other = sign_in("invoices.view"), sign_in("customers.view")
    for root, wrong in ((INVOICES, "state=lost"), (DOCUMENTS, "kind=invoice")):
        assert client.get(f"{root}?{wrong}").status_code == 422
        assert client.get(f"{root}?sort=balance").status_code == 422
        assert client.get(f"{root}/999").status_code == 404
        assert other.get(root).status_code == 403
        assert other.get(f"{root}/999").status_code == 403


def test_documents_are_found_as_invoices_are(get: Get, sign_in: SignIn) -> None:
    documents(
        "credit_memo",
        head("CM-5", reference="PO-77"),
        head("CM-55"),
        head("CM-6", is_void=True),
    )
    documents("payment", head("4711", customer_name="CM-5 Ltd", is_active=False))
    invoices(head("2001"))
    made = db.session.query(BookDocument).filter_by(number="CM-5").one()

    hits = get("/api/search/book_documents?q=cm-5")["results"]
    found = get("/api/v1/search?q=cm-5")["items"]

    assert [hit["number"] for hit in hits] == ["CM-5", "CM-55", "4711"]
    said = {"type": "credit_memo", "customer": "Acme", "customer_po": "PO-77", "total": 20.0}
    assert said.items() <= hits[0].items()
    assert [hit["id"] for hit in get("/api/search/book_documents?q=po-77")["results"]] == [
        made.id
    ]
    assert [(one["code"], one["is_exact"]) for one in found] == [
        ("Credit memo CM-5", True),
        ("Credit memo CM-55", False),
        ("Payment 4711", False),
    ]
    assert (found[0]["area"], found[0]["id"]) == ("book_documents", made.id)
    assert get("/api/v1/search?q=2001")["items"][0]["area"] == "invoices"
    assert get("/api/indexes/status")["indexes"]["book_documents"] == 4

    reader, other = sign_in("invoices.view"), sign_in("customers.view")
    assert reader.get("/search?q=cm-5").headers["Location"] == found[0]["page_url"]
    page = reader.get("/search?q=acme", headers={"HX-Request": "true"}).text
    assert 'aria-label="Receipts and credits"' in page
    assert other.get("/api/v1/search?q=cm-5").json == {"items": []}
    assert other.get("/api/search/book_documents?q=cm-5").status_code == 403
    assert get("/api/search/book_documents?q=-")["results"] == []
    assert other.get("/api/v1/search?q=%20").status_code == 422
    assert other.get("/api/v1/search").status_code == 422

    services.list_account(BookDocument, *WHOSE, is_listed=False)
    assert get("/api/v1/search?q=cm-5")["items"] == []
    assert get("/api/search/book_documents?q=cm-5")["results"] == []
