"""People who make their own account."""

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts import services
from app.accounts.models import User, hasher
from app.accounts.services import attempts
from app.core.db import db
from app.core.errors import Invalid
from app.core.jobs import JobRun
from app.core.jobs.runner import perform
from tests.mailbox import Mailbox

HTMX = {"HX-Request": "true"}
NEW = "a new long password"


def test_with_the_setting_off_nobody_registers(app: Flask) -> None:
    client = app.test_client()

    assert client.get("/register").status_code == 404
    assert client.post("/register", data=registration()).status_code == 404
    assert "/register" not in client.get("/session/new").text


def registration(**changes: str) -> dict[str, str]:
    given = {"username": "kim", "name": "Kim", "email": "kim@example.com"}
    return given | {"password": NEW, "again": NEW} | changes


def test_whoever_registers_waits(app: Flask, registration_open: None, session: Session) -> None:
    client = app.test_client()
    assert "/register" in client.get("/session/new").text

    response = client.post("/register", data=registration())

    user = session.scalars(select(User).where(User.username == "kim")).one()
    assert response.location == "/session/new"
    assert (user.state, user.role.name) == ("waiting", "user")
    with pytest.raises(services.StillWaiting):
        services.authenticate("kim", password=NEW)


def test_the_form_opens_while_the_setting_is_on(app: Flask, registration_open: None) -> None:
    assert app.test_client().get("/register").status_code == 200


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"username": ""}, "This field is required."),
        ({"again": "x"}, "The two passwords differ."),
        ({"username": "robin"}, "Somebody has this username."),
        ({"email": "kim"}, "This is not an e-mail address."),
    ],
)
def test_a_registration_that_does_not_fit_is_shown_again(
    app: Flask, registration_open: None, robin: User, changes: dict[str, str], message: str
) -> None:
    response = app.test_client().post("/register", data=registration(**changes), headers=HTMX)

    assert response.status_code == 422
    assert message in response.text
    assert NEW not in response.text


def test_one_address_does_not_register_for_ever(app: Flask, registration_open: None) -> None:
    for number in range(attempts.PER_NAME_AND_PLACE):
        with pytest.raises(Invalid):
            services.register(
                f"kim{number}", email="kim", name="Kim", password=NEW, address="203.0.113.7"
            )

    with pytest.raises(services.TooManyAttempts):
        services.register(
            "kim", email="kim@example.com", name="Kim", password=NEW, address="203.0.113.7"
        )


def test_by_api_registering_is_refused_or_waits(
    app: Flask, session: Session, request: pytest.FixtureRequest
) -> None:
    given = registration()
    del given["again"]
    address = "/api/v1/auth/register"

    closed = app.test_client().post(address, json=given)
    request.getfixturevalue("registration_open")
    opened = app.test_client().post(address, json=given)

    assert closed.status_code == 403
    assert closed.json is not None
    assert closed.json["code"] == "registration_closed"
    assert opened.status_code == 202
    made = session.scalars(select(User).where(User.username == "kim")).one()
    assert made.state == "waiting"
    assert NEW not in opened.text


def test_a_registration_does_not_tell_whose_address_is_known(
    app: Flask, registration_open: None, robin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str] = []
    whole = type(hasher).hash

    def hash_once(one: PasswordHasher, password: str) -> str:
        hashed.append("once")
        return whole(one, password)

    monkeypatch.setattr(type(hasher), "hash", hash_once)
    new, known = registration(), registration(username="lee", email="ROBIN@example.com")

    answers = [app.test_client().post("/register", data=data) for data in (new, known)]

    assert [(a.status_code, a.location) for a in answers] == [(303, "/session/new")] * 2
    assert hashed == ["once", "once"]  # what takes the time
    assert db.session.scalar(select(func.count()).where(User.username == "lee")) == 0


def test_the_owner_of_the_address_is_told(
    app: Flask, registration_open: None, robin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.test_client().post(
        "/register", data=registration(username="lee", email="robin@example.com")
    )
    run = db.session.scalars(select(JobRun)).one()

    with Mailbox() as mailbox:
        monkeypatch.setitem(app.config, "SMTP_URL", mailbox.url)
        perform(run.id)

    ((to, mail),) = mailbox.mails
    assert to == ["robin@example.com"]
    assert "You have an account already: robin" in mail.get_content()
