"""Sign-ins, failures and ends are in the audit trail."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts import services
from app.accounts.models import User
from app.core.audit import AuditEntry
from app.core.db import db
from tests.accounts.conftest import PASSWORD, WRONG, credentials


def trail() -> list[AuditEntry]:
    query = select(AuditEntry).where(AuditEntry.record_type == "sign_in")
    return list(db.session.scalars(query.order_by(AuditEntry.id)))


def test_a_sign_in_and_its_end_are_told(mine: FlaskClient, robin: User) -> None:
    mine.post("/session/delete")

    began, ended = trail()
    assert [(entry.action, entry.record_id, entry.actor_id) for entry in (began, ended)] == [
        ("succeeded", robin.id, robin.id),
        ("ended", robin.id, robin.id),
    ]
    assert began.address == "127.0.0.1"
    assert ended.changes == {"why": ["", "signed out"], "sessions": ["", "1"]}


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda user: services.deactivate_user(user.id, by=None), "deactivated"),
        (lambda user: services.reset_password(user.id, by=None), "a new password"),
        (lambda user: services.sign_out_everywhere(user.id, by=None), "signed out everywhere"),
    ],
)
def test_an_end_says_why(mine: FlaskClient, robin: User, change: object, why: str) -> None:
    change(robin)  # type: ignore[operator]

    assert trail()[-1].changes["why"] == ["", why]


def test_a_failure_says_of_whom_and_why(app: Flask, robin: User) -> None:
    app.test_client().post("/session", data=credentials(password=WRONG))

    (failed,) = trail()
    assert (failed.action, failed.record_id, failed.actor_id) == ("failed", robin.id, None)
    assert failed.changes == {"why": ["", "wrong password"]}
    assert failed.address == "127.0.0.1"


def test_a_name_that_nobody_has_is_not_kept(app: Flask) -> None:
    given = {"username": "my password by mistake", "password": PASSWORD}
    app.test_client().post("/api/v1/auth/login", json=given)

    (failed,) = trail()
    assert failed.label == "Unknown name"
    assert "mistake" not in str(vars(failed))


def test_the_page_shows_and_filters_them(as_admin: FlaskClient, mine: FlaskClient) -> None:
    page = as_admin.get("/audit?type=sign_in").text

    assert "Sign in succeeded" in page
    assert '<option value="sign_in"' in page
