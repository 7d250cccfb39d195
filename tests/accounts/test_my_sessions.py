"""Where I am signed in, and signing out there."""

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import services
from app.accounts.models import User, UserSession
from app.accounts.services import Origin
from tests.accounts.conftest import Bearer, credentials, status_of

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
HTMX = {"HX-Request": "true"}
SESSIONS = "/api/v1/auth/sessions"


def elsewhere(app: Flask) -> FlaskClient:
    client = app.test_client()
    client.post(
        "/session",
        data=credentials(),
        headers={"User-Agent": FIREFOX},
        environ_overrides={"REMOTE_ADDR": "203.0.113.9"},
    )
    return client


def newest(session: Session) -> UserSession:
    return session.scalars(select(UserSession).order_by(UserSession.id.desc()).limit(1)).one()


def test_a_person_sees_device_and_place(app: Flask, mine: FlaskClient) -> None:
    elsewhere(app)

    page = mine.get("/account").text

    assert "Firefox on Windows" in page
    assert "203.0.113.9" in page
    assert page.count("This browser") == 1


def test_a_session_that_is_signed_out_there_is_dead_at_once(
    app: Flask, mine: FlaskClient, session: Session
) -> None:
    other = elsewhere(app)
    assert other.get("/account").status_code == 200

    response = mine.post(f"/account/sessions/{newest(session).id}/delete", headers=HTMX)

    assert response.status_code == 204
    assert other.get("/account").status_code == 303
    assert mine.get("/account").status_code == 200
    assert "Firefox" not in mine.get("/account").text


def test_nobody_ends_the_session_of_another(
    mine: FlaskClient, admin: User, session: Session
) -> None:
    theirs = services.open_browser(admin).session

    assert mine.post(f"/account/sessions/{theirs.id}/delete").status_code == 404
    session.refresh(theirs)
    assert theirs.revoked_at is None


def test_a_session_that_has_ended_is_not_there(mine: FlaskClient, robin: User) -> None:
    over = services.open_browser(robin).session
    services.close_session(robin, over.id)

    assert mine.post(f"/account/sessions/{over.id}/delete").status_code == 404


def test_programs_see_and_end_sessions_too(
    app: Flask, client: FlaskClient, robin: User, bearer: Bearer
) -> None:
    granted = services.open_session(robin, origin=Origin("203.0.113.9", "stocktaker/2.1"))
    headers = bearer(user=robin)

    listed = client.get(SESSIONS, headers=headers).json
    assert listed is not None
    ended = client.delete(f"{SESSIONS}/{granted.session_id}", headers=headers)

    shown = {item["id"]: item for item in listed["items"]}
    other = shown.pop(granted.session_id)
    assert (other["device"], other["address"]) == ("stocktaker", "203.0.113.9")
    assert [other["is_current"], *(item["is_current"] for item in shown.values())] == [
        False,
        True,
    ]
    assert ended.status_code == 204
    assert client.delete(f"{SESSIONS}/{granted.session_id}", headers=headers).status_code == 404


def test_a_named_token_ends_no_session(app: Flask, client: FlaskClient, robin: User) -> None:
    opened = services.open_browser(robin).session
    token = services.create_token(robin, name="till")
    assert status_of(app, token) == 200

    answer = client.delete(
        f"{SESSIONS}/{opened.id}", headers={"Authorization": f"Bearer {token}"}
    )

    assert answer.status_code == 403
