"""What tests of the kernel share."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from redis import Redis
from sqlalchemy.orm import Session

from app import create_app
from app.accounts.services import create_token
from app.core.db import db
from tests.factories import RoleFactory, UserFactory

Bearer = Callable[..., Any]


@pytest.fixture
def bearer(app: Flask) -> Bearer:
    """Make a program with a token whose role holds just these permissions."""

    def bearer(*permissions: str) -> Any:
        role = RoleFactory.create(permissions=list(permissions))
        token = create_token(UserFactory.create(role=role), name="test")
        client = app.test_client()
        client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
        return client

    return bearer


@pytest.fixture
def no_redis(app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """Take Redis away, for this test."""
    away = Redis.from_url("unix:///nowhere.sock", retry=None)
    monkeypatch.setitem(app.extensions, "redis", away)


@pytest.fixture
def no_database(app: Flask) -> Iterator[FlaskClient]:
    """Ask an application whose database is away."""
    nowhere = "postgresql+psycopg2://nobody@/nothing?host=/nowhere"
    changes = {"SQLALCHEMY_DATABASE_URI": nowhere, "TESTING": True}
    other = create_app(app.config | changes)
    yield other.test_client()
    with other.app_context():
        db.engine.dispose()
