"""A document goes out by e-mail: what arrives, what is kept, and what is told when it fails."""

import smtplib
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.services import create_token
from app.core.actors import Actor, acting_as
from app.core.alerts import Alert
from app.core.errors import DomainError, Invalid
from app.core.files import StoredFile, delete_expired
from app.core.jobs import JobRun
from app.core.settings import set_settings
from app.documents import jobs, services
from app.documents.models import SentDocument
from app.documents.papers import NoSuchPaper
from app.documents.services import Letter, NoMailServer
from app.orders.papers import SALES_ORDERS
from app.orders.queries import order_page
from tests.documents.conftest import work
from tests.factories import RoleFactory, UserFactory
from tests.labels.reading import require_pango
from tests.mailbox import Mailbox, free_port

NOT_THERE = "nobody@example.com"


@pytest.fixture(autouse=True)
def _pango() -> None:
    require_pango()


def sent(session: Session, order: Any, kind: str = "confirmation", **changes: str) -> Any:
    """Send a paper as a person would, but for some changes."""
    document = session.scalars(order_page(order.id)).one()
    letter = services.usual_letter(SALES_ORDERS, document, kind)._replace(**changes)
    return services.send_document(SALES_ORDERS, document, kind, letter)


def words(pdf: bytes) -> str:
    return " ".join(" ".join(p.extract_text().split()) for p in PdfReader(BytesIO(pdf)).pages)


def attached(mailbox: Mailbox) -> Any:
    (_recipients, message) = mailbox.mails[-1]
    (file,) = message.iter_attachments()
    return file


def arrived(mailbox: Mailbox) -> tuple[list[str], Any]:
    [(recipients, message)] = mailbox.mails
    return recipients, message


def open_alerts(session: Session) -> list[str]:
    return [*session.scalars(select(Alert.title).where(Alert.closed_at.is_(None)))]


def test_a_confirmation_arrives_as_a_pdf_that_can_be_read(
    session: Session, mailbox: Mailbox, order: Any
) -> None:
    set_settings(company_name="Kontor & Söhne")
    ana = UserFactory.create(email="ana@example.com")

    with acting_as(Actor(ana.id, ana.name, None)):
        row = sent(session, order)
    assert row.state == "queued"
    assert work(session) == ["succeeded"]

    recipients, message = arrived(mailbox)
    assert recipients == ["ada@example.com"]
    assert message["Subject"] == f"Order confirmation {order.number}"
    assert message["From"].addresses[0].display_name == "Kontor & Söhne"
    assert message["Reply-To"] == "ana@example.com"
    assert message["Auto-Submitted"] is None
    assert order.number in message.get_body().get_content()
    file = attached(mailbox)
    assert file.get_filename() == f"order-confirmation-{order.number}.pdf"
    assert file.get_content_type() == "application/pdf"
    assert f"Order confirmation {order.number}" in words(file.get_content())
    assert "P-1 Paper filters 3 pcs 10.00" in words(file.get_content())


def test_what_was_sent_is_kept_for_good(session: Session, mailbox: Mailbox, order: Any) -> None:
    row = sent(session, order, "packing-slip", subject="Your slip", body="As you asked.")
    work(session)
    session.refresh(row)

    delete_expired()
    kept = session.get(StoredFile, row.file_id)

    assert kept is not None
    assert (kept.permission, kept.expires_at) == ("orders.view", None)
    assert kept.content == attached(mailbox).get_content()
    assert (row.state, row.error) == ("sent", "")
    assert datetime.now(UTC) - row.sent_at < timedelta(minutes=1)
    assert (row.recipient, row.subject, row.body) == (
        "ada@example.com",
        "Your slip",
        "As you asked.",
    )


def test_a_job_that_runs_twice_sends_once(
    session: Session, mailbox: Mailbox, order: Any
) -> None:
    row = sent(session, order)

    answers = [jobs.deliver_document(sent_id=row.id) for _ in range(2)]

    assert answers == [{"state": "sent"}, {"state": "done before"}]
    assert len(mailbox.mails) == 1


def test_without_a_mail_server_it_says_so_and_keeps_nothing(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch, order: Any
) -> None:
    monkeypatch.setitem(app.config, "SMTP_URL", None)

    with pytest.raises(NoMailServer, match="E-mail is not set up here"):
        sent(session, order)

    assert session.scalars(select(SentDocument)).all() == []
    assert session.scalars(select(JobRun)).all() == []


def test_a_mail_server_that_is_not_understood_is_named_without_its_password(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch, order: Any
) -> None:
    monkeypatch.setitem(app.config, "SMTP_URL", "smtps://ops:hush/hush@mail")

    with pytest.raises(NoMailServer, match="SMTP_URL is not like") as refusal:
        sent(session, order)
    assert "hush" not in str(refusal.value)


def test_an_address_that_the_server_refuses_fails_at_once_and_is_told(
    session: Session, mailbox: Mailbox, order: Any
) -> None:
    mailbox.refuses = NOT_THERE
    row = sent(session, order, recipient=NOT_THERE)

    assert work(session) == ["succeeded"]  # its work is done: trying again is of no use
    session.refresh(row)

    assert row.state == "failed"
    assert "550 There is nobody of that name" in row.error
    subject = f"Order confirmation {order.number}"
    assert open_alerts(session) == [f"{subject} could not be sent to {NOT_THERE}"]
    alert = session.scalars(select(Alert)).one()
    assert (alert.permission, alert.href) == ("orders.send", f"/orders/{order.id}")


def test_sent_to_another_address_it_is_put_right(
    session: Session, mailbox: Mailbox, order: Any
) -> None:
    mailbox.refuses = NOT_THERE
    sent(session, order, recipient=NOT_THERE)
    work(session)

    sent(session, order)
    work(session)

    assert open_alerts(session) == []


def test_a_failure_that_was_seen_is_given_up(
    session: Session, mailbox: Mailbox, order: Any
) -> None:
    mailbox.refuses = NOT_THERE
    row = sent(session, order, recipient=NOT_THERE)
    work(session)

    services.give_up(row.id)
    session.refresh(row)

    assert row.state == "given_up"
    assert open_alerts(session) == []
    assert jobs.deliver_document(sent_id=row.id) == {"state": "done before"}


def test_a_server_that_is_away_is_asked_again_and_told_in_the_end(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch, order: Any
) -> None:
    monkeypatch.setitem(app.config, "SMTP_URL", f"smtp://localhost:{free_port()}")
    row = sent(session, order)

    for _try in range(len(jobs.PAUSES)):
        with pytest.raises(OSError, match="refused"):
            work(session)
        session.refresh(row)
        assert (row.state, open_alerts(session)) == ("queued", [])
        assert "does not answer" in row.error
    with pytest.raises(OSError, match="refused"):
        work(session)
    session.refresh(row)

    assert row.state == "failed"
    assert len(open_alerts(session)) == 1
    ours = select(JobRun.state).where(JobRun.job == jobs.deliver_document.path)
    assert session.scalars(ours).all() == ["failed"]


def test_a_server_that_says_later_is_asked_again(
    session: Session, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch, order: Any
) -> None:
    async def busy(*_asked: Any) -> str:
        return "451 Come back later"

    monkeypatch.setattr(mailbox, "handle_RCPT", busy)
    row = sent(session, order)

    with pytest.raises(smtplib.SMTPRecipientsRefused):
        work(session)
    session.refresh(row)

    assert (row.state, open_alerts(session)) == ("queued", [])
    assert "451 Come back later" in row.error


def test_resending_sends_the_same_file_once_more(
    session: Session, mailbox: Mailbox, order: Any
) -> None:
    first = sent(session, order, subject="First")
    work(session)

    again = services.resend(first.id)
    work(session)
    session.refresh(again)

    assert (again.id != first.id, again.file_id, again.state) == (True, first.file_id, "sent")
    one, other = (next(message.iter_attachments()) for _to, message in mailbox.mails)
    assert one.get_content() == other.get_content()
    assert [message["Subject"] for _to, message in mailbox.mails] == ["First", "First"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"recipient": ""}, "recipient"),
        ({"recipient": "ada@example.com, bo@example.com"}, "recipient"),
        ({"recipient": "no address"}, "recipient"),
        ({"subject": " "}, "subject"),
        ({"subject": "x" * 201}, "subject"),
        ({"body": "x\0"}, "body"),
    ],
)
def test_what_does_not_fit_is_refused(
    session: Session, mailbox: Mailbox, order: Any, changes: dict[str, str], field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        sent(session, order, **changes)

    assert refusal.value.field == field


def test_a_line_break_in_the_subject_makes_no_header(
    session: Session, mailbox: Mailbox, order: Any
) -> None:
    sent(session, order, subject="Hello\r\nBcc: eve@example.com")
    work(session)

    [(recipients, message)] = mailbox.mails
    assert recipients == ["ada@example.com"]
    assert (message["Subject"], message["Bcc"]) == ("Hello Bcc: eve@example.com", None)


def test_a_paper_that_there_is_none_of_is_not_sent(
    session: Session, mailbox: Mailbox, order: Any
) -> None:
    with pytest.raises(NoSuchPaper) as refusal:
        services.send_document(SALES_ORDERS, order, "love-letter", Letter("a@b.de", "s", ""))
    assert isinstance(refusal.value, DomainError)
    assert refusal.value.status == 404


def test_a_program_says_that_it_has_seen_a_failure(
    app: Flask, session: Session, mailbox: Mailbox, order: Any
) -> None:
    mailbox.refuses = NOT_THERE
    row = sent(session, order, recipient=NOT_THERE)
    work(session)
    role = RoleFactory.create(permissions=["orders.view", "orders.send"])
    token = create_token(UserFactory.create(role=role), name="till")
    headers = {"Authorization": f"Bearer {token}"}
    at = f"/api/v1/orders/{order.id}/sent-documents"

    seen: Any = app.test_client().post(f"{at}/{row.id}/dismissal", headers=headers).json

    assert (seen["id"], seen["state"]) == (row.id, "given_up")
    assert open_alerts(session) == []
    assert app.test_client().post(f"{at}/0/dismissal", headers=headers).status_code == 404
