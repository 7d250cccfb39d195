"""Reports: asked for, made by a job, kept, fetched, sent on a schedule."""

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any
from uuid import uuid4
from zipfile import ZipFile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.services import create_token
from app.core.days import today
from app.core.db import db
from app.core.files import StoredFile
from app.planning import services as planning
from app.reports import services
from app.reports.jobs import make_report
from app.reports.models import EVERY, KINDS, Report, ReportSchedule
from tests.conftest import SignIn, client_of
from tests.factories import ProductFactory, RoleFactory, UserFactory
from tests.mailbox import Mailbox
from tests.planning.factories import FIRST, row_of_open_cycle
from tests.sales.samples import row, sold

ALL = ("reports.view", "reports.make", "sales.view", "forecasts.manage", "supply.view")


@pytest.fixture
def client(sign_in: SignIn) -> FlaskClient:
    return sign_in(*ALL)


def made(client: FlaskClient, kind: str, form: str = "xlsx", **more: Any) -> Report:
    """Ask by the page, and do what the job does."""
    answer = client.post("/reports", data={"kind": kind, "form": form, **more})
    assert answer.status_code == 303, answer.text
    report = db.session.scalars(select(Report).order_by(Report.id.desc()).limit(1)).one()
    services.make_report(report.id)
    db.session.expire_all()
    return db.session.get_one(Report, report.id)


def file_of(session: Session, report: Report) -> bytes:
    return session.get_one(StoredFile, report.file_id).content


def some_sales() -> None:
    sold(
        row("1", "LAMP", "10", "2026-03-04", customer="ACME"),
        row("2", "RUG", "5", "2026-04-04", customer="BOLT"),
        row("3", "LAMP", "4", "2025-03-04", customer="ACME"),
    )


def test_sales_come_as_a_book_with_charts(client: FlaskClient, session: Session) -> None:
    some_sales()

    report = made(client, "sales", since="2026-01-01", until="2026-12-31")

    book = load_workbook(BytesIO(file_of(session, report)))
    assert book.sheetnames == [
        *("By month", "By product", "By customer", "By country", "By sales rep"),
    ]
    by_month = [[cell.value for cell in line[:3]] for line in book["By month"].iter_rows()]
    assert [line[0] for line in by_month] == ["Month", "2026-03", "2026-04"]
    assert by_month[0][2] == "Year before"
    share = book["By product"].cell(2, 6)
    assert share.number_format == "0.0%"


def test_what_a_chart_draws_stands_behind_the_table(
    client: FlaskClient, session: Session
) -> None:
    some_sales()

    report = made(client, "sales", since="2026-01-01", until="2026-12-31")

    content = file_of(session, report)
    names = ZipFile(BytesIO(content)).namelist()
    assert "xl/charts/chart1.xml" in names
    sheet = load_workbook(BytesIO(content))["By month"]
    [drawn] = [cell.column for cell in sheet[1] if cell.value == "This period"]
    assert [sheet.cell(line, drawn).value for line in (2, 3)] == [
        sheet.cell(line, 2).value for line in (2, 3)
    ]


@pytest.mark.parametrize("kind", [*KINDS])
def test_every_report_can_be_printed_even_of_little(
    client: FlaskClient, session: Session, kind: str
) -> None:
    row_of_open_cycle()

    report = made(client, kind, form="pdf")

    assert file_of(session, report).startswith(b"%PDF")
    page = client.get(f"/reports/{report.id}").text
    assert "Download" in page
    answer = client.get(f"/reports/{report.id}/file")
    assert answer.mimetype == "application/pdf"


def test_a_forecast_says_what_its_rows_come_to(client: FlaskClient, session: Session) -> None:
    here = row_of_open_cycle(product=ProductFactory.create(sku="KETTLE"))
    cell = planning.CellEdit(
        op_id=uuid4(), row_id=here.id, month=FIRST, version=0, quantity=Decimal(12)
    )
    planning.save_cells(here.cycle_id, [cell], rep_id=None)

    report = made(client, "forecast")

    book = load_workbook(BytesIO(file_of(session, report)))
    [_head, first, *_rest] = [
        [c.value for c in line[:2]] for line in book["By month"].iter_rows()
    ]
    assert first == [f"{FIRST:%b %Y}", 12]
    assert book["By product"].cell(2, 1).value == "KETTLE"


def test_reports_of_what_one_may_not_see_are_not_there(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    some_sales()
    report = made(client, "sales")
    role = RoleFactory.create(permissions=["reports.view", "reports.make", "supply.view"])
    other = client_of(app, UserFactory.create(role=role))

    assert other.get(f"/reports/{report.id}").status_code == 404
    assert other.get(f"/reports/{report.id}/file").status_code == 404
    assert "Sales," not in other.get("/reports").text
    refused = other.post("/reports", data={"kind": "sales", "form": "pdf"})
    assert refused.status_code == 422


def test_a_period_that_ends_before_it_begins_is_refused(client: FlaskClient) -> None:
    answer = client.post(
        "/reports",
        data={"kind": "sales", "form": "pdf", "since": "2026-02-01", "until": "2026-01-01"},
    )

    assert answer.status_code == 422
    assert "ends before it begins" in answer.text


def test_programs_ask_wait_and_fetch(client: FlaskClient, session: Session) -> None:
    some_sales()
    user = UserFactory.create(role=RoleFactory.create(permissions=[*ALL]))
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {create_token(user, name='r')}"
    at = "/api/v1/reports"

    asked = client.post(f"{at}/generate", json={"kind": "sales", "from": "2026-01-01"})
    early = client.get(f"{at}/{asked.json['id']}/download")  # type: ignore[index]
    services.make_report(asked.json["id"])  # type: ignore[index]
    session.expire_all()

    assert asked.status_code == 202
    assert early.status_code == 404
    [one] = client.get(at).json["items"]  # type: ignore[index]
    assert (one["kind"], one["from"], one["has_file"]) == ("sales", "2026-01-01", True)
    assert client.get(f"{at}/{one['id']}/download").data[:2] == b"PK"
    assert client.post(f"{at}/generate", json={"kind": "weather"}).status_code == 422


def test_a_job_that_runs_twice_makes_one_file(client: FlaskClient, session: Session) -> None:
    some_sales()
    report = made(client, "sales")
    first = report.file_id

    services.make_report(report.id)

    session.expire_all()
    assert session.get_one(Report, report.id).file_id == first


# Schedules


def scheduled(client: FlaskClient, **more: Any) -> Any:
    asked = {"kind": "sales", "form": "xlsx", "every": "week", "next_on": f"{today()}"}
    return client.post(
        "/report-schedules", data=asked | {"recipients": "a@example.com; b@example.com"} | more
    )


def test_what_is_due_is_made_sent_and_due_again_later(
    app: Flask, client: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    some_sales()
    assert scheduled(client).status_code == 303

    assert services.start_due(make_report) == 1
    assert services.start_due(make_report) == 0
    report = session.scalars(select(Report)).one()
    with Mailbox() as mailbox:
        monkeypatch.setitem(app.config, "SMTP_URL", mailbox.url)
        assert services.make_report(report.id) == {"state": "sent"}
        assert services.make_report(report.id) == {"state": "sent"}

    [(to, mail)] = mailbox.mails
    assert to == ["a@example.com", "b@example.com"]
    [attached] = mail.iter_attachments()
    assert str(attached.get_filename()).endswith(".xlsx")
    schedule = session.scalars(select(ReportSchedule)).one()
    assert schedule.next_on == today() + timedelta(weeks=1)


def test_without_a_mail_server_it_is_kept_and_says_so(
    client: FlaskClient, session: Session
) -> None:
    some_sales()
    scheduled(client)
    services.start_due(make_report)
    report = session.scalars(select(Report)).one()

    assert services.make_report(report.id) == {"state": "no mail server"}
    session.expire_all()
    assert "was not sent" in client.get(f"/reports/{report.id}").text


@pytest.mark.parametrize(
    ("every", "first", "day", "following"),
    [
        ("day", date(2026, 1, 1), date(2026, 1, 5), date(2026, 1, 6)),
        ("week", date(2026, 1, 1), date(2026, 1, 8), date(2026, 1, 15)),
        ("month", date(2026, 1, 31), date(2026, 1, 31), date(2026, 2, 28)),
        ("month", date(2026, 1, 31), date(2026, 3, 1), date(2026, 3, 31)),
    ],
)
def test_what_was_missed_is_not_made_up_for(
    every: str, first: date, day: date, following: date
) -> None:
    assert every in EVERY
    assert ReportSchedule(every=every, next_on=first).after(day) == following


def test_addresses_that_are_none_are_refused(client: FlaskClient) -> None:
    answer = scheduled(client, recipients="a@example.com, nobody")

    assert answer.status_code == 422
    assert "nobody is no e-mail address" in answer.text


def test_a_schedule_that_is_deleted_leaves_its_reports(
    client: FlaskClient, session: Session
) -> None:
    scheduled(client)
    services.start_due(make_report)
    schedule = session.scalars(select(ReportSchedule)).one()

    answer = client.post(f"/report-schedules/{schedule.id}/delete")

    assert answer.status_code == 303
    assert session.scalars(select(ReportSchedule)).all() == []
    assert session.scalars(select(Report)).one().schedule_id is None
