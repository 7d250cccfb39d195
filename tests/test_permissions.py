"""Deny by default: every route and every operation of the API, permission by permission."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from app.accounts.identities import identities
from app.accounts.models import Role, User
from app.accounts.roles import BUILT_IN
from app.accounts.services import create_token
from app.core.db import db
from app.core.permissions import PUBLIC, SIGNED_IN
from app.core.slices import Slices
from app.wiring import SIDE_BAR, SLICES
from tests.conftest import client_of
from tests.factories import RoleFactory, UserFactory

BROUGHT = Slices(SLICES, groups=SIDE_BAR)
CATALOGUE = {f"{area}.{verb}" for area, verbs in BROUGHT.permissions.items() for verb in verbs}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
# Labels are of something: whoever prints them may see it.
BESIDES: dict[str | None, set[str]] = {"labels.print": {"products.view"}}
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


class Visitor:
    """Somebody whose role is another for each door: pages ask the cookie, calls the token."""

    def __init__(self, app: Flask) -> None:
        user = UserFactory.create(role=RoleFactory.create())
        self.role_id = user.role_id
        self.program, self.browser = program(app, user), client_of(app, user)
        self.cookie = self.browser.get_cookie(app.config["SESSION_COOKIE_NAME"])

    def knock(self, door: Door, permissions: set[str]) -> int:
        """Give the status of the answer; nothing of what it does stays."""
        connection = db.session.connection()
        everything = connection.begin_nested()
        holds = update(Role).where(Role.id == self.role_id)
        connection.execute(holds.values(permissions=sorted(permissions)))
        identities().change_mark()  # the session knows nothing of it
        is_api = door.path.startswith("/api/")
        status: int = door.knock(self.program if is_api else self._browser()).status_code
        everything.rollback()
        return status

    def _browser(self) -> FlaskClient:
        """Their browser, signed in, whatever the door before has made of its cookie."""
        assert self.cookie is not None
        self.browser.set_cookie(self.cookie.key, self.cookie.value)
        return self.browser


# The test client drops the body of a download instead of closing it.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_door_opens_to_its_own_permission_and_to_no_other(app: Flask) -> None:
    """More than any role of the house holds, and less: all but the one, and nothing but it."""
    visitor, wrong = Visitor(app), []
    for door in doors(app):
        if door.needs in {PUBLIC, SIGNED_IN}:  # those may ask for more by themselves
            statuses = [visitor.knock(door, set()), visitor.knock(door, CATALOGUE)]
            is_right = all(status != 401 and status < 500 for status in statuses)
        else:
            own = {door.needs} if door.needs else set[str]()
            enough = own | BESIDES.get(door.needs, set())
            statuses = [visitor.knock(door, CATALOGUE - own), visitor.knock(door, enough)]
            is_right = [_is_let_in(status) for status in statuses] == [False, bool(own)]
        if not is_right:
            wrong.append((door, statuses))

    assert wrong == []


def _is_let_in(status: int) -> bool:
    return status not in {401, 403} and status < 500


def test_every_door_opens_to_the_admin(app: Flask, session: Session) -> None:
    admin = member(session, "admin")
    asked = {door.needs for door in doors(app) if door.needs} - {PUBLIC, SIGNED_IN}

    assert [needs for needs in asked if not admin.may(needs)] == []


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
