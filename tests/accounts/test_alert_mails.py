"""Who is told of an alert by e-mail, and how often."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.jobs import mail_alert
from app.accounts.models import EVERYTHING
from app.core.alerts import Alert, close_alert, raise_alert
from app.core.jobs import JobRun, runner
from app.core.settings import set_settings
from tests.factories import RoleFactory, UserFactory
from tests.mailbox import Mailbox

KEY = "connection:3:reconnect"


@pytest.fixture
def mailbox(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    with Mailbox() as mailbox:
        monkeypatch.setitem(app.config, "SMTP_URL", mailbox.url)
        yield mailbox


def person(email: str, *permissions: str, is_active: bool = True) -> None:
    role = RoleFactory.create(permissions=list(permissions))
    UserFactory.create(email=email, role=role, is_active=is_active)


def raised(title: str = "QuickBooks fällt aus") -> Alert:
    return raise_alert(
        kind="connection.reconnect",
        key=KEY,
        permission="jobs.manage",
        title=title,
        text="Since noon.",
        href="/jobs",
    )


def work(session: Session) -> list[str]:
    """Do what waits, and say how each ended."""
    waiting = select(JobRun).where(JobRun.state == "queued").order_by(JobRun.id)
    runs = session.scalars(waiting).all()
    for run in runs:
        runner.perform(run.id)
        session.refresh(run)
    return [run.state for run in runs]


def test_everybody_who_may_put_it_right_is_told(session: Session, mailbox: Mailbox) -> None:
    set_settings(company_name="Müller & Söhne")
    person("boss@example.com", EVERYTHING)
    person("ana@example.com", "stock.view", "jobs.manage")
    person("picker@example.com", "stock.view")
    person("gone@example.com", "jobs.manage", is_active=False)

    raised()

    assert work(session) == ["succeeded"]
    [(recipients, message)] = mailbox.mails
    assert recipients == ["boss@example.com", "ana@example.com"]
    assert message["Subject"] == "[Müller & Söhne] QuickBooks fällt aus"
    assert "Since noon.\n\nPut it right here: /jobs\n" in message.get_content()


def test_the_mail_leads_to_the_place_where_it_is_put_right(
    app: Flask, session: Session, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "PUBLIC_URL", "https://ops.example.com")
    person("ana@example.com", "jobs.manage")

    raised()
    work(session)

    assert "here: https://ops.example.com/jobs\n" in mailbox.mails[0][1].get_content()


@pytest.mark.committed
def test_twenty_who_find_the_same_at_once_send_one_mail(
    app: Flask, session: Session, mailbox: Mailbox
) -> None:
    person("ana@example.com", "jobs.manage")

    def find(_number: int) -> int:
        with app.app_context():
            return raised().id

    with ThreadPoolExecutor(20) as finders:
        ids = set(finders.map(find, range(20)))
    work(session)

    alert = session.query(Alert).one()
    assert (ids, alert.occurrences) == ({alert.id}, 20)
    assert len(mailbox.mails) == 1


def test_a_job_that_runs_twice_sends_once(session: Session, mailbox: Mailbox) -> None:
    person("ana@example.com", "jobs.manage")
    alert = raised()

    told = [mail_alert(alert_id=alert.id) for _ in range(2)]

    assert told == [{"people": 1}, {"people": 0}]
    assert len(mailbox.mails) == 1


def test_what_happens_again_after_it_was_put_right_is_told_again(
    session: Session, mailbox: Mailbox
) -> None:
    person("ana@example.com", "jobs.manage")
    for _ in range(2):
        raised()
        work(session)
        close_alert(KEY)

    assert len(mailbox.mails) == 2


def test_what_is_put_right_before_the_mail_goes_out_is_not_told(
    session: Session, mailbox: Mailbox
) -> None:
    person("ana@example.com", "jobs.manage")
    raised()
    close_alert(KEY)

    assert work(session) == ["succeeded"]
    assert mailbox.mails == []


def test_a_mail_waits_for_a_server_that_is_away(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    person("ana@example.com", "jobs.manage")
    mailbox = Mailbox()
    monkeypatch.setitem(app.config, "SMTP_URL", mailbox.url)
    raised()

    with pytest.raises(OSError, match="refused"):
        work(session)
    run = session.query(JobRun).one()
    session.refresh(run)
    assert (run.state, run.attempts) == ("queued", 1)

    with mailbox:
        assert work(session) == ["succeeded"]
    assert len(mailbox.mails) == 1


def test_without_a_server_the_job_ends_well(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "SMTP_URL", None)
    person("ana@example.com", "jobs.manage")
    alert = raised()

    assert work(session) == ["succeeded"]
    session.refresh(alert)
    assert alert.mailed_at is None


def test_an_alert_of_two_lines_is_a_subject_of_one(session: Session, mailbox: Mailbox) -> None:
    person("ana@example.com", "jobs.manage")

    raised("QuickBooks\r\nBcc: eve@example.com")
    work(session)

    [(recipients, message)] = mailbox.mails
    assert recipients == ["ana@example.com"]
    assert message["Subject"] == "[My company] QuickBooks Bcc: eve@example.com"
    assert message["Bcc"] is None


def test_the_password_of_the_mail_server_is_in_no_row_and_no_log(
    app: Flask,
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setitem(app.config, "SMTP_URL", "smtps://me:hush/hush@localhost")
    person("ana@example.com", "jobs.manage")
    raised()

    with pytest.raises(Exception, match="SMTP_URL is not like"):
        work(session)

    run = session.query(JobRun).one()
    session.refresh(run)
    assert "SMTP_URL" in (run.error or "")
    assert "hush" not in f"{run.error} {caplog.text}"
