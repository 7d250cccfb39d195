"""Sending from the page of an order, and by programs."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.accounts import services as accounts
from app.catalog.models import Customer
from app.core.db import db
from app.documents.events import SendingChanged
from app.documents.live import show_sending
from app.documents.models import SentDocument
from tests.conftest import SignIn
from tests.documents.conftest import work
from tests.factories import CustomerFactory, RoleFactory, UserFactory
from tests.labels.reading import require_pango
from tests.mailbox import Mailbox
from tests.orders.conftest import drafted

HTMX = {"HX-Request": "true"}
MAY = ("orders.view", "orders.send")
Call = Callable[..., TestResponse]


@pytest.fixture(autouse=True)
def _pango() -> None:
    require_pango()


@pytest.fixture
def call(app: Flask) -> Call:
    token = accounts.create_token(
        UserFactory.create(role=RoleFactory.create(permissions=[*MAY])), name="test"
    )

    def call(method: str, path: str, body: Any = None, **headers: str) -> TestResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        bearer = {"Authorization": f"Bearer {token}", **named}
        return app.test_client().open(path, method=method, json=body, headers=bearer)

    return call


def data(response: TestResponse) -> Any:
    return response.json


def letter(**changes: str) -> dict[str, str]:
    words = {"kind": "confirmation", "recipient": "ada@example.com"}
    return words | {"subject": "Your order", "body": "Here it is."} | changes


def at(order: Any) -> str:
    return f"/orders/{order.id}/sent-documents"


def rows() -> list[SentDocument]:
    return [*db.session.scalars(select(SentDocument).order_by(SentDocument.id))]


def test_the_form_is_filled_for_the_customer(
    sign_in: SignIn, mailbox: Mailbox, order: Any
) -> None:
    page = sign_in(*MAY).get(f"{at(order)}/new?kind=packing-slip")

    assert page.status_code == 200
    assert 'value="ada@example.com"' in page.text
    assert f'value="Packing slip {order.number}"' in page.text
    assert "please find attached" in page.text


def test_an_order_is_sent_from_its_page_and_listed_there(
    sign_in: SignIn, session: Session, mailbox: Mailbox, order: Any
) -> None:
    client = sign_in(*MAY)
    assert "Nothing has been sent by e-mail." in client.get(f"/orders/{order.id}").text

    answer = client.post(at(order), data=letter())
    assert (answer.status_code, answer.location) == (303, f"/orders/{order.id}")
    assert ">Waiting</span>" in words(client.get(f"/orders/{order.id}").text)
    work(session)
    page = client.get(f"/orders/{order.id}").text

    assert ">Sent</span>" in words(page)
    assert "To ada@example.com: Your order" in page
    (row,) = rows()
    file = client.get(f"/files/{row.file_id}")
    assert file.data.startswith(b"%PDF")
    assert f'href="/files/{row.file_id}"' in page


def words(page: str) -> str:
    return " ".join(page.split()).replace("> ", ">").replace(" <", "<")


def test_htmx_hears_that_the_order_has_changed(
    sign_in: SignIn, mailbox: Mailbox, order: Any
) -> None:
    answer = sign_in(*MAY).post(at(order), data=letter(), headers=HTMX)

    assert answer.status_code == 204
    assert "orders:changed" in answer.headers["HX-Trigger"]
    assert "On its way to ada@example.com." in answer.headers["HX-Trigger"]


def test_what_does_not_fit_comes_back_beside_its_field(
    sign_in: SignIn, mailbox: Mailbox, order: Any
) -> None:
    client = sign_in(*MAY)

    wrong = client.post(at(order), data=letter(recipient="nowhere"), headers=HTMX)
    empty = client.post(at(order), data=letter(recipient=""), headers=HTMX)

    assert (wrong.status_code, empty.status_code) == (422, 422)
    assert "nowhere is no e-mail address." in wrong.text
    assert "Say to whom" in empty.text
    assert "Here it is." in wrong.text
    assert rows() == []


def test_without_a_mail_server_the_page_says_so(
    app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, order: Any
) -> None:
    monkeypatch.setitem(app.config, "SMTP_URL", None)
    client = sign_in(*MAY)

    page = client.get(f"{at(order)}/new?kind=invoice")
    answer = client.post(at(order), data=letter())

    assert "E-mail is not set up here" in page.text
    assert f"/orders/{order.id}/documents/invoice" in page.text
    assert "<textarea" not in page.text
    assert answer.status_code == 422
    assert "E-mail is not set up here" in answer.text


def test_a_failure_is_shown_resent_and_given_up(
    sign_in: SignIn, session: Session, mailbox: Mailbox, order: Any
) -> None:
    client = sign_in(*MAY)
    mailbox.refuses = "ada@example.com"
    client.post(at(order), data=letter())
    work(session)
    page = client.get(at(order), headers=HTMX).text
    assert "There is nobody of that name" in page
    (failed,) = rows()

    mailbox.refuses = ""
    again = client.post(f"{at(order)}/{failed.id}/copies")
    assert again.status_code == 303
    work(session)
    gone = client.post(f"{at(order)}/{failed.id}/dismissal")
    assert gone.status_code == 303
    db.session.expire_all()

    assert [row.state for row in rows()] == ["given_up", "sent"]
    to_ada = [message for to, message in mailbox.mails if to == ["ada@example.com"]]
    assert len(to_ada) == 1  # the other mail tells people of the failure


def test_what_was_sent_of_another_order_is_not_found_here(
    sign_in: SignIn, session: Session, mailbox: Mailbox, order: Any
) -> None:
    client = sign_in(*MAY)
    client.post(at(order), data=letter())
    (row,) = rows()
    other = drafted(customer=CustomerFactory.create(currency="EUR"))

    for end in ("copies", "dismissal"):
        assert client.post(f"{at(other)}/{row.id}/{end}").status_code == 404
    assert client.get(f"{at(order)}/new?kind=love-letter").status_code == 404
    assert client.get("/orders/999999/sent-documents/new").status_code == 404


def test_sending_takes_a_permission_of_its_own(
    sign_in: SignIn, mailbox: Mailbox, order: Any
) -> None:
    client = sign_in("orders.view", "orders.edit")

    assert client.get(f"{at(order)}/new").status_code == 403
    assert client.post(at(order), data=letter()).status_code == 403
    assert "sent-documents/new" not in client.get(f"/orders/{order.id}").text
    assert "sent-documents/new" in sign_in(*MAY).get(f"/orders/{order.id}").text


def test_open_pages_fetch_again_what_was_sent(
    sign_in: SignIn, session: Session, mailbox: Mailbox, order: Any
) -> None:
    sign_in(*MAY).post(at(order), data=letter())
    (row,) = rows()

    (fragment,) = show_sending(SendingChanged(sent_id=row.id))

    assert fragment.topic == f"orders:{order.id}"
    assert f'id="sent-of-sales_order-{order.id}"' in fragment.html
    assert 'data-news="#record"' in fragment.html
    assert show_sending(SendingChanged(sent_id=999999)) == []


def test_programs_send_with_what_they_leave_out_filled_in(
    call: Call, session: Session, mailbox: Mailbox, order: Any
) -> None:
    path = f"/api/v1{at(order)}"

    answer = call("POST", path, {"kind": "confirmation", "subject": "Hello"})
    assert answer.status_code == 202, answer.json
    work(session)
    (listed,) = data(call("GET", path))["items"]

    assert listed["id"] == data(answer)["id"]
    assert listed["state"] == "sent"
    assert (listed["to"], listed["subject"]) == ("ada@example.com", "Hello")
    assert listed["file"] == f"order-confirmation-{order.number}.pdf"
    assert call("GET", listed["file_url"]).data.startswith(b"%PDF")
    assert len(mailbox.mails) == 1


def test_a_key_sends_once(call: Call, session: Session, mailbox: Mailbox, order: Any) -> None:
    path, body = f"/api/v1{at(order)}", {"kind": "confirmation"}

    answers = [call("POST", path, body, Idempotency_Key="k-1") for _ in range(2)]
    work(session)

    assert [a.status_code for a in answers] == [202, 202]
    assert answers[0].json == answers[1].json
    assert len(mailbox.mails) == 1


def test_programs_are_told_what_is_wrong(
    app: Flask,
    call: Call,
    mailbox: Mailbox,
    monkeypatch: pytest.MonkeyPatch,
    order: Any,
) -> None:
    path = f"/api/v1{at(order)}"
    nobody: Customer = CustomerFactory.create(email="", currency="EUR")
    unknown = drafted(customer=nobody)

    no_paper = call("POST", path, {"kind": "love-letter"})
    no_address = call("POST", f"/api/v1{at(unknown)}", {"kind": "invoice"})
    monkeypatch.setitem(app.config, "SMTP_URL", None)
    no_server = call("POST", path, {"kind": "invoice"})

    assert (no_paper.status_code, data(no_paper)["code"]) == (404, "no_such_paper")
    assert (no_address.status_code, [*data(no_address)["fields"]]) == (422, ["to"])
    assert (no_server.status_code, data(no_server)["code"]) == (503, "no_mail_server")
