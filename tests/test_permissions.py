"""Deny by default: every route and every operation of the API, for every built-in role."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from app.accounts.models import Role, User
from app.accounts.roles import BUILT_IN
from app.accounts.services import create_token
from app.core.db import db
from app.core.permissions import PUBLIC, SIGNED_IN
from app.core.slices import Slices
from app.wiring import SIDE_BAR, SLICES
from tests.conftest import client_of
from tests.factories import UserFactory

ROLES = [role.name for role in BUILT_IN]
BROUGHT = Slices(SLICES, groups=SIDE_BAR)
CATALOGUE = {f"{area}.{verb}" for area, verbs in BROUGHT.permissions.items() for verb in verbs}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
NOBODY = "999999999"


class Door(NamedTuple):
    """One way into the application."""

    method: str
    path: str
    needs: str | None

    def knock(self, client: FlaskClient) -> Any:
        return client.open(
            self.path, method=self.method, headers={"Origin": "http://localhost"}
        )


def doors(app: Flask) -> Iterator[Door]:
    """Every method of every route, with arguments that name nothing."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static" or rule.websocket:  # tests/realtime knocks at sockets
            continue
        view = app.view_functions[rule.endpoint]
        needs = getattr(view, "required_permission", None)
        for method in sorted(rule.methods or ()):
            if method in METHODS:
                yield Door(method, _path(rule), needs)


def _path(rule: Rule) -> str:
    return re.sub(r"<(?:[^:>]+:)?[^>]+>", NOBODY, rule.rule)


def program(app: Flask, user: User) -> FlaskClient:
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {create_token(user, name='doors')}"
    return client


def member(session: Session, role: str) -> User:
    return UserFactory.create(role=session.scalars(select(Role).where(Role.name == role)).one())


def knock(app: Flask, user: User) -> Iterator[tuple[Door, int]]:
    """Knock at every door: pages know a person by cookie, the API by token."""
    token = program(app, user)
    for door in doors(app):
        is_api = door.path.startswith("/api/")
        client = token if is_api else client_of(app, user)
        everything = db.session.connection().begin_nested()  # each finds the house as it was
        yield door, door.knock(client).status_code
        everything.rollback()


# The test client drops the body of a download instead of closing it.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("role", ROLES)
def test_a_role_opens_its_own_doors_and_no_others(
    app: Flask, session: Session, role: str
) -> None:
    user = member(session, role)
    wrong = []
    for door, status in knock(app, user):
        is_let_in = status not in {401, 403} and status < 500
        if door.needs not in {PUBLIC, SIGNED_IN}:  # those may ask for more by themselves
            if is_let_in != (door.needs is not None and user.may(door.needs)):
                wrong.append((door, status))
        elif status == 401 or status >= 500:
            wrong.append((door, status))

    assert wrong == []


def test_a_stranger_is_asked_to_sign_in_at_every_door(app: Flask) -> None:
    wrong = []
    for door in doors(app):
        answer = door.knock(app.test_client())
        asks = answer.status_code == 401 or "/session/new" in answer.headers.get("Location", "")
        if door.needs != PUBLIC and not asks:
            wrong.append((door, answer.status_code))

    assert wrong == []


def test_a_door_without_a_permission_is_closed_even_to_the_admin(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.view_functions, "settings.edit", lambda: "open")

    assert client_of(app, member(session, "admin")).get("/settings").status_code == 403


def test_every_permission_that_is_asked_for_is_in_the_catalogue(app: Flask) -> None:
    asked = {door.needs for door in doors(app)} - {PUBLIC, SIGNED_IN, None}

    assert asked - CATALOGUE == set()


def test_every_permission_of_the_catalogue_is_asked_for(app: Flask) -> None:
    asked = {door.needs for door in doors(app)}
    code = "".join(path.read_text() for path in Path("app").rglob("*.py") if _asks(path))
    named = {name for name in CATALOGUE if f'"{name}"' in code}

    assert CATALOGUE - asked - named == set()


def _asks(path: Path) -> bool:
    """Tell code that asks for permissions from the lists of them."""
    return path.name not in {"slice.py", "search.py"}


def test_built_in_roles_hold_only_what_there_is(app: Flask) -> None:
    held = {permission for role in BUILT_IN for permission in role.permissions} - {"*"}

    assert held - CATALOGUE == set()


def test_the_topics_of_live_updates_take_permissions_of_the_catalogue() -> None:
    assert set(BROUGHT.topics.values()) - CATALOGUE == set()
