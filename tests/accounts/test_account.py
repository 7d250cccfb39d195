"""My account, my password, my tokens; and registering."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts import services
from app.accounts.models import ApiToken, User
from app.accounts.services import attempts
from app.core import audit
from app.core.errors import Invalid
from tests.accounts.conftest import PASSWORD, WRONG, credentials

HTMX = {"HX-Request": "true"}
NEW = "a new long password"
SECRET = re.compile(r"<code>([\w-]{32})</code>")
ME = "/api/v1/auth/me"


@pytest.fixture
def mine(app: Flask, robin: User) -> FlaskClient:
    """The browser of Robin."""
    client = app.test_client()
    client.post("/session", data=credentials())
    return client


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


def test_a_token_is_shown_once_and_works(
    app: Flask, mine: FlaskClient, robin: User, session: Session
) -> None:
    page = mine.post("/account/tokens", data={"name": "Label printer"})

    secret = SECRET.search(page.text)
    assert secret
    headers = {"Authorization": f"Bearer {secret[1]}"}
    assert app.test_client().get(ME, headers=headers).status_code == 200
    account = mine.get("/account").text
    assert "Label printer" in account
    assert secret[1] not in account
    assert secret[1] not in str(session.execute(select(ApiToken.__table__)).all())


def test_a_revoked_token_is_dead_at_once(app: Flask, mine: FlaskClient, robin: User) -> None:
    issued = services.issue_token(robin, name="till")

    response = mine.post(f"/account/tokens/{issued.token.id}/delete", headers=HTMX)

    headers = {"Authorization": f"Bearer {issued.secret}"}
    assert response.status_code == 204
    assert app.test_client().get(ME, headers=headers).status_code == 401
    assert "till" not in mine.get("/account").text


def test_nobody_revokes_the_token_of_another(mine: FlaskClient, admin: User) -> None:
    issued = services.issue_token(admin, name="till")

    assert mine.post(f"/account/tokens/{issued.token.id}/delete").status_code == 404


def test_a_token_lasts_through_its_last_day(
    mine: FlaskClient, robin: User, session: Session
) -> None:
    robin.time_zone = "America/New_York"
    session.commit()

    mine.post("/account/tokens", data={"name": "till", "expires_at": "2030-01-31"})

    token = session.scalars(select(ApiToken)).one()
    assert token.expires_at
    assert token.expires_at.isoformat(timespec="hours") == "2030-02-01T04+00:00"


@pytest.mark.parametrize(
    "data",
    [{"name": ""}, {"name": " "}, {"name": "x", "expires_at": "2020-01-01"}],
)
def test_a_token_that_does_not_fit_is_refused(mine: FlaskClient, data: dict[str, str]) -> None:
    assert mine.post("/account/tokens", data=data, headers=HTMX).status_code == 422


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"expires_at": datetime.now(UTC) - timedelta(days=1)}, id="expired"),
        pytest.param({"revoked_at": datetime.now(UTC)}, id="revoked"),
    ],
)
def test_a_token_that_has_ended_opens_nothing(
    app: Flask, robin: User, session: Session, change: dict[str, Any]
) -> None:
    secret = services.create_token(robin, name="till")
    session.execute(update(ApiToken).values(change))
    session.commit()

    headers = {"Authorization": f"Bearer {secret}"}
    assert app.test_client().get(ME, headers=headers).status_code == 401


def test_the_last_use_of_a_token_is_noted_once_a_minute(
    app: Flask, robin: User, session: Session, queries: list[str]
) -> None:
    issued = services.issue_token(robin, name="till")
    headers = {"Authorization": f"Bearer {issued.secret}"}
    client = app.test_client()

    client.get(ME, headers=headers)
    session.refresh(issued.token)
    first = issued.token.last_used_at
    assert first
    recently = first - timedelta(seconds=50)
    session.execute(update(ApiToken).values(last_used_at=recently))
    session.commit()
    queries.clear()
    client.get(ME, headers=headers)
    looked_up = len(queries)
    session.refresh(issued.token)

    assert issued.token.last_used_at == recently
    assert looked_up == 1


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
    assert opened.status_code == 201
    assert opened.json is not None
    assert (opened.json["is_waiting"], opened.json["is_active"]) == (True, False)
    assert NEW not in opened.text
