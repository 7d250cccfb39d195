"""My account and my password."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.accounts import services
from app.accounts.models import User
from app.accounts.services import attempts
from app.core import audit
from tests.accounts.conftest import PASSWORD, WRONG, credentials

HTMX = {"HX-Request": "true"}
NEW = "a new long password"
SECRET = re.compile(r"<code>([\w-]{32})</code>")
ME = "/api/v1/auth/me"


def renewal(**changes: str) -> dict[str, str]:
    return {"current": PASSWORD, "password": NEW, "again": NEW} | changes


def test_the_account_shows_who_one_is(mine: FlaskClient) -> None:
    page = mine.get("/account")

    assert page.status_code == 200
    assert "robin@example.com" in page.text
    assert "<html" not in mine.get("/account", headers=HTMX).text


@pytest.mark.parametrize(
    "path", ["/account", "/account/edit", "/account/password/edit", "/account/tokens/new"]
)
def test_strangers_are_asked_to_sign_in(app: Flask, path: str) -> None:
    assert app.test_client().get(path).location.startswith("/session/new")


@pytest.mark.parametrize(
    "path", ["/account/edit", "/account/password/edit", "/account/tokens/new"]
)
def test_forms_open_as_pages_and_in_the_dialog(mine: FlaskClient, path: str) -> None:
    assert "<html" in mine.get(path).text
    assert mine.get(path, headers=HTMX).text.lstrip().startswith("<form")


def test_people_change_their_name_and_zone(
    mine: FlaskClient, robin: User, session: Session
) -> None:
    data = {"name": "Robin Doe", "time_zone": "Europe/Berlin", "version": "1"}

    response = mine.post("/account", data=data, headers=HTMX)

    assert response.status_code == 204
    session.refresh(robin)
    assert (robin.name, robin.time_zone) == ("Robin Doe", "Europe/Berlin")


def test_people_do_not_change_their_role_by_the_way(
    mine: FlaskClient, robin: User, session: Session
) -> None:
    data = {"name": "R", "time_zone": "UTC", "version": "1", "role": "admin", "role_id": "1"}
    role_id = robin.role_id

    mine.post("/account", data=data)

    session.refresh(robin)
    assert (robin.name, robin.role_id) == ("R", role_id)


@pytest.mark.parametrize("data", [{"name": ""}, {"time_zone": "Mars"}])
def test_an_account_that_does_not_fit_is_shown_again(
    mine: FlaskClient, data: dict[str, str]
) -> None:
    given = {"name": "R", "time_zone": "UTC", "version": "1"} | data

    assert mine.post("/account", data=given).status_code == 422


def test_an_account_changed_meanwhile_shows_both_values(mine: FlaskClient, robin: User) -> None:
    services.revise_user(robin.id, by=None, name="Theirs")

    response = mine.post("/account", data={"name": "Mine", "time_zone": "UTC", "version": "1"})

    assert response.status_code == 409
    assert "Theirs" in response.text


def test_a_new_password_signs_out_everywhere_else(
    app: Flask, mine: FlaskClient, session: Session
) -> None:
    other = app.test_client()
    other.post("/session", data=credentials())

    response = mine.post("/account/password", data=renewal())
    session.expire_all()

    assert response.status_code == 303
    assert mine.get("/account").status_code == 200
    assert other.get("/account").status_code == 303
    assert services.authenticate("robin", password=NEW).username == "robin"


def test_a_new_password_leaves_a_trace_without_it(
    mine: FlaskClient, robin: User, session: Session
) -> None:
    mine.post("/account/password", data=renewal())

    entry = session.scalars(audit.history(robin)).first()
    assert entry
    assert (entry.actor_id, entry.changes) == (robin.id, {"password": ["", "changed"]})


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"current": WRONG}, "This is not your present password."),
        ({"again": WRONG}, "The two passwords differ."),
        ({"password": "short", "again": "short"}, "12"),
        ({"password": "robin@example.com", "again": "robin@example.com"}, "must not be"),
    ],
)
def test_a_new_password_that_does_not_fit_is_refused(
    mine: FlaskClient, robin: User, changes: dict[str, str], message: str
) -> None:
    response = mine.post("/account/password", data=renewal(**changes))

    assert response.status_code == 422
    assert message in response.text
    assert NEW not in response.text
    assert services.authenticate("robin", password=PASSWORD) is robin


def test_the_present_password_cannot_be_guessed(mine: FlaskClient) -> None:
    for _ in range(attempts.PER_NAME_AND_PLACE):
        mine.post("/account/password", data=renewal(current=WRONG))

    assert mine.post("/account/password", data=renewal()).status_code == 429


def test_signing_out_everywhere_includes_here(app: Flask, mine: FlaskClient) -> None:
    other = app.test_client()
    other.post("/session", data=credentials())

    response = mine.post("/account/sessions/delete")

    assert response.location == "/session/new"
    assert [client.get("/account").status_code for client in (mine, other)] == [303, 303]
