"""Signing in for programs: access tokens, refresh tokens, logging out."""

from datetime import UTC, datetime, timedelta
from threading import Thread
from typing import Any

import jwt
import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts import services
from app.accounts.models import User, UserSession
from app.core.db import transaction
from app.core.settings import set_settings
from tests.accounts.conftest import PASSWORD, Bearer, status_of

LOGIN, REFRESH = "/api/v1/auth/login", "/api/v1/auth/refresh"
LOGOUT, ME = "/api/v1/auth/logout", "/api/v1/auth/me"


def logged_in(app: Flask) -> dict[str, Any]:
    given = {"username": "robin", "password": PASSWORD}
    response = app.test_client().post(LOGIN, json=given)
    assert response.status_code == 200
    assert response.json is not None
    return response.json


def refreshed(app: Flask, token: str) -> Any:
    return app.test_client().post(REFRESH, json={"refresh_token": token})


@pytest.mark.parametrize("name", [{"username": "robin"}, {"email": "Robin@example.com"}])
def test_a_login_gives_tokens_that_open_the_api(
    app: Flask, robin: User, name: dict[str, str]
) -> None:
    client = app.test_client()

    granted = client.post(LOGIN, json=name | {"password": PASSWORD}).json

    assert granted is not None
    assert (granted["token_type"], granted["expires_in"]) == ("bearer", 8 * 3600)
    me = client.get(ME, headers={"Authorization": f"Bearer {granted['access_token']}"}).json
    assert me is not None
    assert (me["username"], me["permissions"]) == ("robin", ["stock.view"])
    assert "password" not in str(me)


def test_a_login_sets_no_cookie(app: Flask, robin: User) -> None:
    client = app.test_client()

    response = client.post(LOGIN, json={"username": "robin", "password": PASSWORD})

    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize(
    ("given", "status", "code"),
    [
        pytest.param(
            {"username": "robin", "password": "no"}, 401, "wrong_password", id="wrong"
        ),
        pytest.param({"username": "no", "password": "no"}, 401, "wrong_password", id="nobody"),
        pytest.param({"password": PASSWORD}, 422, "invalid", id="no name"),
        pytest.param({"username": "robin"}, 422, "invalid", id="no password"),
        pytest.param(
            {"username": "robin", "email": "a@b.c", "password": "x"}, 422, "invalid", id="both"
        ),
    ],
)
def test_a_login_that_does_not_fit_is_refused(
    app: Flask, robin: User, given: dict[str, str], status: int, code: str
) -> None:
    response = app.test_client().post(LOGIN, json=given)

    assert response.status_code == status
    assert response.json is not None
    assert response.json["code"] == code
    assert PASSWORD not in response.text


def test_somebody_waiting_cannot_log_in(app: Flask, robin: User, session: Session) -> None:
    robin.is_active, robin.is_waiting = False, True
    session.commit()

    response = app.test_client().post(LOGIN, json={"username": "robin", "password": PASSWORD})

    assert response.status_code == 403
    assert response.json is not None
    assert response.json["code"] == "still_waiting"


def test_the_life_of_an_access_token_is_a_setting(app: Flask, robin: User) -> None:
    set_settings(access_token_hours=2)

    granted = logged_in(app)

    claims = jwt.decode(granted["access_token"], options={"verify_signature": False})
    assert granted["expires_in"] == 2 * 3600
    assert claims["exp"] - claims["iat"] == 2 * 3600


def test_a_refresh_gives_a_new_pair_and_uses_up_the_old(app: Flask, robin: User) -> None:
    first = logged_in(app)

    second = refreshed(app, first["refresh_token"]).json

    assert second["refresh_token"] != first["refresh_token"]
    assert status_of(app, second["access_token"]) == 200
    assert status_of(app, first["access_token"]) == 200
    assert refreshed(app, second["refresh_token"]).status_code == 200


def test_a_used_token_that_comes_again_at_once_is_only_refused(app: Flask, robin: User) -> None:
    first = logged_in(app)
    second = refreshed(app, first["refresh_token"]).json

    again = refreshed(app, first["refresh_token"])

    assert (again.status_code, again.json["code"]) == (401, "refresh_refused")
    assert status_of(app, second["access_token"]) == 200


def test_a_used_token_that_comes_again_later_ends_the_session(
    app: Flask, robin: User, session: Session
) -> None:
    first = logged_in(app)
    second = refreshed(app, first["refresh_token"]).json
    before = datetime.now(UTC) - timedelta(seconds=11)
    session.execute(update(UserSession).values(rotated_at=before))
    session.commit()

    again = refreshed(app, first["refresh_token"])

    assert again.status_code == 401
    assert status_of(app, second["access_token"]) == 401
    assert refreshed(app, second["refresh_token"]).status_code == 401


def test_an_unknown_refresh_token_ends_nothing(app: Flask, robin: User) -> None:
    granted = logged_in(app)

    assert refreshed(app, "unknown").status_code == 401
    assert status_of(app, granted["access_token"]) == 200


def test_somebody_who_is_out_cannot_refresh(app: Flask, robin: User, session: Session) -> None:
    granted = logged_in(app)
    robin.is_active = False
    session.commit()

    assert status_of(app, granted["access_token"]) == 401
    assert refreshed(app, granted["refresh_token"]).status_code == 401


def test_an_older_token_that_comes_again_ends_the_session_at_once(
    app: Flask, robin: User
) -> None:
    first = logged_in(app)
    second = refreshed(app, first["refresh_token"]).json
    third = refreshed(app, second["refresh_token"]).json

    assert refreshed(app, first["refresh_token"]).status_code == 401
    assert status_of(app, third["access_token"]) == 401
    assert refreshed(app, third["refresh_token"]).status_code == 401


def test_a_token_of_the_family_that_was_never_given_ends_the_session(
    app: Flask, robin: User
) -> None:
    granted = logged_in(app)
    family, _, _secret = granted["refresh_token"].partition(".")

    assert refreshed(app, f"{family}.guessed").status_code == 401
    assert status_of(app, granted["access_token"]) == 401


def test_the_cookie_of_a_browser_refreshes_nothing(app: Flask, robin: User) -> None:
    opened = services.open_browser(robin)

    assert refreshed(app, opened.secret).status_code == 401
    assert refreshed(app, f"{opened.secret}.x").status_code == 401


def test_a_session_that_nobody_refreshes_ends(
    app: Flask, robin: User, session: Session
) -> None:
    granted = logged_in(app)
    session.execute(
        update(UserSession).values(expires_at=datetime.now(UTC) - timedelta(hours=1))
    )
    session.commit()

    assert refreshed(app, granted["refresh_token"]).status_code == 401
    assert status_of(app, granted["access_token"]) == 401


def test_logging_out_kills_all_tokens_of_the_session_and_no_other(
    app: Flask, robin: User
) -> None:
    mine, other = logged_in(app), logged_in(app)
    headers = {"Authorization": f"Bearer {mine['access_token']}"}

    response = app.test_client().post(LOGOUT, headers=headers)

    assert response.status_code == 204
    assert status_of(app, mine["access_token"]) == 401
    assert refreshed(app, mine["refresh_token"]).status_code == 401
    assert status_of(app, other["access_token"]) == 200


def test_a_named_token_has_no_session_to_log_out_of(app: Flask, robin: User) -> None:
    token = services.create_token(robin, name="till")

    response = app.test_client().post(LOGOUT, headers={"Authorization": f"Bearer {token}"})

    assert response.status_code == 409


def test_only_hashes_of_refresh_tokens_are_kept(
    app: Flask, robin: User, session: Session
) -> None:
    first = logged_in(app)
    refreshed(app, first["refresh_token"])

    row = session.execute(select(UserSession.__table__)).one()
    assert first["refresh_token"] not in str(row)


def test_ended_sessions_are_deleted_in_time(robin: User, session: Session) -> None:
    for _ in range(3):
        services.open_session(robin)
    old, revoked, _open = session.scalars(select(UserSession).order_by(UserSession.id))
    long_ago = datetime.now(UTC) - timedelta(days=31)
    old.expires_at, revoked.revoked_at = long_ago, long_ago
    session.commit()

    services.delete_old_traces()

    assert len(session.scalars(select(UserSession)).all()) == 1


@pytest.mark.committed
def test_of_two_refreshes_at_once_one_wins(app: Flask, robin: User) -> None:
    token = services.open_session(robin).refresh_token
    won, lost = [], []

    def refresh() -> None:
        with app.app_context():
            try:
                won.append(services.refresh_session(token))
            except services.RefreshRefused:
                lost.append(token)

    second = Thread(target=refresh)
    with transaction():
        first = services.refresh_session(token)
        second.start()
        second.join(timeout=0.5)  # it waits for the row
    second.join()

    assert (len(won), len(lost)) == (0, 1)
    assert services.refresh_session(first.refresh_token)


def test_ones_own_name_and_zone_are_changed_after_a_login(
    app: Flask, robin: User, bearer: Bearer
) -> None:
    client, headers = app.test_client(), bearer(user=robin)
    shown: Any = client.get(ME, headers=headers).json

    same = client.put(ME, json=shown, headers=headers)
    changed: Any = client.put(ME, json={"time_zone": "Asia/Tokyo"}, headers=headers).json
    nowhere: Any = client.put(ME, json={"time_zone": "Nowhere"}, headers=headers)
    token = services.create_token(robin, name="till")
    by_token = client.put(ME, json={}, headers={"Authorization": f"Bearer {token}"})

    assert same.json == shown
    assert (changed["time_zone"], changed["name"], changed["role"]) == (
        *("Asia/Tokyo", robin.name, shown["role"]),
    )
    assert (nowhere.status_code, [*nowhere.json["fields"]]) == (422, ["time_zone"])
    assert by_token.status_code == 403


def test_signing_out_everywhere_takes_a_login_and_ends_it_too(
    app: Flask, robin: User, bearer: Bearer
) -> None:
    client, here, there = app.test_client(), bearer(user=robin), bearer(user=robin)
    named = {"Authorization": f"Bearer {services.create_token(robin, name='till')}"}
    at = "/api/v1/auth/sessions"

    assert client.delete(at, headers=named).status_code == 403
    assert client.delete(at, headers=here).status_code == 204
    left = [client.get(ME, headers=one).status_code for one in (here, there, named)]
    assert left == [401, 401, 200]
