"""What opens the API, and what only looks like it."""

import time
from typing import Any

import jwt
import pytest
from flask import Flask

from app.accounts import access_tokens, services
from app.accounts.models import User
from tests.accounts.conftest import status_of

ME = "/api/v1/auth/me"


def forged(app: Flask, user: User, key: bytes | None = None, **changes: Any) -> str:
    """Make an access token like ours, but for some claims or the key."""
    session_id = services.open_session(user).session_id
    now = int(time.time())
    claims = {
        "sub": str(user.id),
        "sid": session_id,
        "iat": now,
        "exp": now + 60,
        "iss": access_tokens.ISSUER,
        "aud": access_tokens.AUDIENCE,
    }
    real = access_tokens._key()
    kept = {name: value for name, value in (claims | changes).items() if value is not None}
    return jwt.encode(kept, key or real, "HS256")


def test_a_token_made_like_ours_is_taken(app: Flask, robin: User) -> None:
    assert status_of(app, forged(app, robin)) == 200


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"exp": int(time.time()) - 1}, id="expired"),
        pytest.param({"exp": None}, id="without an end"),
        pytest.param({"aud": "another"}, id="for somebody else"),
        pytest.param({"iss": "another"}, id="from somebody else"),
        pytest.param({"sid": 0}, id="of no session"),
        pytest.param({"sid": "x"}, id="no number"),
        pytest.param({"sub": "0"}, id="of nobody"),
        pytest.param({"key": b"0" * 32}, id="of another key"),
        pytest.param({"key": b"for tests".ljust(32)}, id="of the key of cookies"),
    ],
)
def test_a_token_that_is_not_ours_opens_nothing(
    app: Flask, robin: User, changes: dict[str, Any]
) -> None:
    assert status_of(app, forged(app, robin, **changes)) == 401


def test_a_token_does_not_stand_for_the_session_of_another(
    app: Flask, robin: User, admin: User
) -> None:
    theirs = services.open_session(admin).session_id

    assert status_of(app, forged(app, robin, sid=theirs)) == 401


def test_a_token_does_not_stand_for_the_session_of_a_browser(app: Flask, robin: User) -> None:
    browser = services.open_browser(robin).session

    assert status_of(app, forged(app, robin, sid=browser.id)) == 401


def test_a_token_without_a_signature_opens_nothing(app: Flask, robin: User) -> None:
    session_id = services.open_session(robin).session_id
    claims = jwt.decode(
        access_tokens.issue(robin, session_id=session_id).token,
        options={"verify_signature": False},
    )

    assert status_of(app, jwt.encode(claims, "", "none")) == 401


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Basic cm9iaW46eA==", "x", "Bearer x"])
def test_a_header_that_is_no_token_opens_nothing(app: Flask, header: str) -> None:
    response = app.test_client().get(ME, headers={"Authorization": header})

    assert response.status_code == 401
    assert response.json is not None
    assert response.json["error"] == "This token is not valid."


def test_a_wrong_token_is_not_saved_by_a_cookie(app: Flask, as_admin: Any) -> None:
    assert as_admin.get(ME).status_code == 200

    response = as_admin.post(
        "/api/v1/roles", json={"name": "x"}, headers={"Authorization": "Bearer x"}
    )

    assert response.status_code == 401
