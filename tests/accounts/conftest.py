"""People to test with. Hashing is slow on purpose, so one hash serves all of them."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.accounts import access_tokens, services
from app.accounts.models import EVERYTHING, User, hasher
from app.core.settings import set_settings
from tests.conftest import client_of
from tests.factories import RoleFactory, UserFactory

PASSWORD = "correct horse battery"  # noqa: S105
WRONG = "not the password"
HASH = hasher.hash(PASSWORD)

Bearer = Callable[..., dict[str, str]]


@pytest.fixture
def robin(session: Session) -> User:
    """Somebody with a password and few permissions."""
    role = RoleFactory.create(permissions=["stock.view"])
    return UserFactory.create(
        username="robin", email="robin@example.com", role=role, password_hash=HASH
    )


@pytest.fixture
def admin(session: Session) -> User:
    """Somebody who may do everything."""
    role = RoleFactory.create(permissions=[EVERYTHING])
    return UserFactory.create(username="boss", name="Boss", role=role, password_hash=HASH)


@pytest.fixture
def as_admin(app: Flask, admin: User) -> FlaskClient:
    return client_of(app, admin)


@pytest.fixture
def bearer() -> Bearer:
    """Give the headers of a program's session of a user, or of somebody with permissions."""

    def bearer(*permissions: str, user: User | None = None, **headers: str) -> dict[str, str]:
        if user is None:
            user = UserFactory.create(role=RoleFactory.create(permissions=list(permissions)))
        granted = services.open_session(user, origin=services.Origin("203.0.113.7"))
        token = access_tokens.issue(user, session_id=granted.session_id).token
        return {"Authorization": f"Bearer {token}"} | headers

    return bearer


@pytest.fixture
def registration_open() -> None:
    set_settings(self_registration=True)


def status_of(app: Flask, token: str) -> int:
    """Ask the API who one is, with a token."""
    headers = {"Authorization": f"Bearer {token}"}
    return app.test_client().get("/api/v1/auth/me", headers=headers).status_code


def credentials(**changes: Any) -> dict[str, Any]:
    """What somebody types into the sign-in form."""
    return {"name": "robin", "password": PASSWORD} | changes


@pytest.fixture
def mine(app: Flask, robin: User) -> FlaskClient:
    """The browser of Robin."""
    client = app.test_client()
    client.post("/session", data=credentials())
    return client


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
