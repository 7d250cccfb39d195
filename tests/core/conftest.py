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
from app.wiring import SLICES
from tests.conftest import Browser, client_of
from tests.core.shelf import SLICE
from tests.factories import RoleFactory, UserFactory

Bearer = Callable[..., Any]
ShelfClient = Callable[..., FlaskClient]


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


@pytest.fixture(scope="session")
def built_with_shelf(app: Flask) -> Flask:
    """The application with one more slice, made once: making it takes a while."""
    other = create_app(app.config, slices=(*SLICES, SLICE))
    other.test_client_class = Browser
    return other


@pytest.fixture
def shelf_app(built_with_shelf: Flask, session: Session) -> Iterator[Flask]:
    """Give the application with the shelf, on the database of this test."""
    connection: Any = db.engine
    with built_with_shelf.app_context():
        engines: Any = db.engines
        own, engines[None] = engines[None], connection
        yield built_with_shelf
        db.session.remove()
        engines[None] = own
        own.dispose()


@pytest.fixture
def shelf_client(shelf_app: Flask) -> ShelfClient:
    """Sign in to the application with the shelf, with just these permissions."""

    def shelf_client(*permissions: str, **about: str) -> FlaskClient:
        role = RoleFactory.create(permissions=list(permissions))
        return client_of(shelf_app, UserFactory.create(role=role, **about))

    return shelf_client


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
