"""Who hears of which alerts and how: as declared, until an administrator decides otherwise."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.accounts.services import RoleHears, create_token, delete_role
from app.accounts.services.alert_mails import mail_alert
from app.core.alerts import Alert, AlertKind, close_alert, raise_alert
from app.core.alerts.models import AlertRule
from app.core.alerts.rules import revise_rule, rules
from app.core.alerts.webhooks import WEBHOOKS
from app.core.audit.models import AuditEntry
from app.core.versions import StaleVersion
from app.webhooks.models import WebhookDelivery
from app.webhooks.services import create_endpoint
from tests.conftest import SignIn, client_of
from tests.factories import RoleFactory, UserFactory

KIND = "job.failed"
HTMX = {"HX-Request": "true"}


def failed(job: str = "x", title: str = "The oven is cold") -> Alert:
    return raise_alert(kind=KIND, key=f"job:{job}", title=title, href="/jobs")


def program(app: Flask, role: Any) -> Any:
    client = app.test_client()
    token = create_token(UserFactory.create(role=role), name="test")
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    return client


def test_without_a_decision_the_manifest_counts_and_nothing_is_stored(session: Session) -> None:
    rule = rules()[KIND]

    assert isinstance(rule.kind, AlertKind)
    assert (rule.role_id, rule.is_shown, rule.is_mailed, rule.is_sent) == (
        None,
        True,
        True,
        True,
    )
    assert rules()["product.low"].is_mailed is False
    assert session.query(AlertRule).count() == 0


def test_one_role_alone_hears_on_pages_and_by_the_api(app: Flask) -> None:
    mine, theirs = (RoleFactory.create(permissions=p) for p in ([], ["jobs.view"]))
    revise_rule(KIND, role_id=mine.id)
    failed()

    for role, is_told in ((mine, True), (theirs, False)):
        client = client_of(app, UserFactory.create(role=role))
        pages = [client.get(path).text for path in ("/account", "/alerts")]
        pages.append(client.get("/alerts?region=bar", headers=HTMX).text)
        assert ["The oven is cold" in page for page in pages] == [is_told] * 3
        assert program(app, role).get("/api/v1/alerts").json["total"] == int(is_told)


def test_what_pages_do_not_show_programs_still_find(app: Flask) -> None:
    role = RoleFactory.create(permissions=["jobs.view"])
    revise_rule(KIND, is_shown=False)
    failed()

    client = client_of(app, UserFactory.create(role=role))

    assert "The oven is cold" not in client.get("/account").text + client.get("/alerts").text
    [told] = program(app, role).get(f"/api/v1/alerts?kind={KIND}").json["items"]
    assert told["title"] == "The oven is cold"
    assert program(app, role).get("/api/v1/alerts?kind=disk.low").json["total"] == 0


def test_mails_go_to_whom_the_rule_names_or_to_nobody(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[list[str]] = []

    def send(*, to: list[str], **_rest: object) -> bool:
        sent.append(to)
        return True

    monkeypatch.setattr("app.accounts.services.alert_mails.send_mail", send)
    role = RoleFactory.create(permissions=[])
    UserFactory.create(email="ana@example.com", role=role)
    UserFactory.create(
        email="boss@example.com", role=RoleFactory.create(permissions=["jobs.view"])
    )

    revise_rule(KIND, role_id=role.id)
    mail_alert(failed("a").id)
    revise_rule(KIND, is_mailed=False)
    mail_alert(failed("b").id)

    assert sent == [["ana@example.com"]]


def test_webhooks_are_told_only_where_the_rule_says_so(session: Session) -> None:
    create_endpoint(name="Robot", url="https://robot.example/", events=[WEBHOOKS[0].name])
    revise_rule(KIND, is_sent=False)
    failed("a")
    revise_rule(KIND, is_sent=True)
    told = failed("b")

    assert [one.fields for one in session.query(WebhookDelivery)] == [{"alert_id": told.id}]


def test_the_page_changes_a_rule_and_the_audit_trail_tells_it(
    sign_in: SignIn, session: Session
) -> None:
    role = RoleFactory.create(name="Bakers")
    client = sign_in("settings.edit")
    assert "Background work failed" in client.get("/alert-rules").text
    assert "Those whose role" in client.get(f"/alert-rules/{KIND}/edit").text

    values = {"role_id": str(role.id), "is_shown": "y", "version": "1"}
    assert client.post(f"/alert-rules/{KIND}", data=values).status_code == 303

    page = client.get("/alert-rules").text
    rule = rules()[KIND]
    assert (rule.role_id, rule.is_shown, rule.is_mailed, rule.is_sent) == (
        *(role.id, True, False, False),
    )
    assert "Role: Bakers" in page
    entry = (
        session.query(AuditEntry).filter_by(record_type="alert_rule", action="changed").one()
    )
    assert entry.changes["is_mailed"] == ["yes", "no"]
    assert entry.changes["role"] == ["", "Bakers"]
    refused = client.post(f"/alert-rules/{KIND}", data=values | {"role_id": "999"})
    assert refused.status_code == 422
    assert client.get("/alert-rules/tea.cold/edit").status_code == 404
    assert sign_in("jobs.view").get("/alert-rules").status_code == 403


def test_programs_change_a_rule_based_on_what_they_read(app: Flask) -> None:
    client = program(app, RoleFactory.create(permissions=["settings.edit"]))
    place = f"/api/v1/alert-rules/{KIND}"
    read = client.get(place).json

    changed = client.put(place, json=read | {"is_mailed": False})

    assert (changed.status_code, changed.json["is_mailed"]) == (200, False)
    assert changed.json["version"] == read["version"] + 1
    assert client.put(place, json=read | {"is_mailed": True}).status_code == 200
    wrong = client.put(place, json={"role_id": 999})
    assert (wrong.status_code, set(wrong.json["fields"])) == (422, {"role_id"})
    names = [one["name"] for one in client.get("/api/v1/alert-rules").json["items"]]
    assert names == [*rules()]
    assert client.put("/api/v1/alert-rules/tea.cold", json={}).status_code == 404
    with pytest.raises(StaleVersion):
        revise_rule(KIND, version=7, is_shown=False)


def test_a_role_that_alone_hears_of_something_is_not_deleted() -> None:
    role = RoleFactory.create(permissions=[])
    revise_rule(KIND, role_id=role.id)

    with pytest.raises(RoleHears):
        delete_role(role.id, by=None)
    revise_rule(KIND, role_id=None)
    delete_role(role.id, by=None)


def test_failed_work_is_dismissed_by_whoever_hears_of_it(
    app: Flask, sign_in: SignIn, session: Session
) -> None:
    first, second = failed("a"), failed("b", "The mill stands")
    told, other = sign_in("jobs.view"), sign_in("stock.view")
    page = told.get("/alerts").text
    assert f"/alerts/{first.id}/dismissals" in page

    assert other.post(f"/alerts/{first.id}/dismissals").status_code == 404
    assert told.post(f"/alerts/{first.id}/dismissals").status_code == 303
    robot = program(app, RoleFactory.create(permissions=["jobs.view"]))
    stranger = program(app, RoleFactory.create(permissions=[]))
    assert stranger.post(f"/api/v1/alerts/{second.id}/dismiss").status_code == 404
    answer = robot.post(f"/api/v1/alerts/{second.id}/dismiss")
    assert (answer.status_code, bool(answer.json["closed_at"])) == (200, True)
    assert robot.post(f"/api/v1/alerts/{second.id}/dismiss").status_code == 409

    entries = session.query(AuditEntry).filter_by(record_type="alert").order_by("id").all()
    assert [(one.record_id, one.label) for one in entries] == [
        (first.id, "The oven is cold"),
        (second.id, "The mill stands"),
    ]
    session.expire_all()
    assert f"Dismissed by {entries[0].actor}" in told.get("/alerts").text
    assert failed("a").id != first.id


def test_what_closes_by_itself_is_not_dismissed(app: Flask) -> None:
    alert = raise_alert(kind="backup.missing", key="backup", title="None", href="/jobs")
    robot = program(app, RoleFactory.create(permissions=["jobs.manage"]))

    answer = robot.post(f"/api/v1/alerts/{alert.id}/dismiss")

    assert (answer.status_code, answer.json["code"]) == (409, "not_dismissible")
    assert robot.get(f"/api/v1/alerts/{alert.id}").json["is_dismissible"] is False
    close_alert("backup")
