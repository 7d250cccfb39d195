"""Who asks is remembered, and every change of it is felt by the next request of any process."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from redis import RedisError
from sqlalchemy import delete, event, text, update
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from app.accounts import identities as known
from app.accounts import services
from app.accounts.identities import WATCHED, Identities
from app.accounts.models import ApiToken, Role, User, UserSession
from app.core import events, memories
from app.core.broker import broker
from app.core.db import transaction
from tests.accounts.conftest import Bearer
from tests.conftest import asks_who, client_of

STOCK, PAGE = "/api/v1/inventory/locations", "/stock"


@pytest.fixture
def elsewhere(app: Flask) -> Callable[[], None]:
    """Let the next request be answered by another process, which remembers by itself."""
    there = Identities()

    def go() -> None:
        nonlocal there
        app.extensions["identities"], there = there, app.extensions["identities"]

    return go


@pytest.fixture
def questions(app: Flask) -> Iterator[list[str]]:
    """Collect what is asked of the database to know who asks."""
    sent: list[str] = []

    def listen(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if asks_who(statement):
            sent.append(statement)

    event.listen(Engine, "before_cursor_execute", listen)
    yield sent
    event.remove(Engine, "before_cursor_execute", listen)


def test_who_asks_costs_a_query_the_first_time_and_none_after_that(
    mine: FlaskClient, questions: list[str]
) -> None:
    mine.get(PAGE)
    first = len(questions)
    questions.clear()

    assert mine.get(PAGE).status_code == 200
    assert (first, len(questions)) == (1, 0)


def test_a_program_is_remembered_too(
    app: Flask, bearer: Bearer, robin: User, questions: list[str]
) -> None:
    issued = services.issue_token(robin, name="till")
    for headers in (bearer("stock.view"), {"Authorization": f"Bearer {issued.secret}"}):
        program = app.test_client()
        for _ in range(2):  # the use of it is noted once
            assert program.get(STOCK, headers=headers).status_code == 200
        questions.clear()

        program.get(STOCK, headers=headers)

        assert len(questions) == 0


def _takes_the_permission_away(robin: User) -> None:
    with transaction():
        robin.role.permissions = []


def _deactivates(robin: User) -> None:
    with transaction():
        robin.is_active = False


def _gives_another_role(robin: User) -> None:
    with transaction() as session:
        session.add(other := Role(name="Nobody much", permissions=[]))
        session.flush()
        robin.role_id = other.id


def _ends_the_sessions(robin: User) -> None:
    services.sign_out_everywhere(robin.id, by=robin)


def _wants_another_password(robin: User) -> None:
    with transaction():
        robin.must_change_password = True


def _wants_a_second_factor(robin: User) -> None:
    with transaction():
        robin.role.needs_second_factor = True


@pytest.mark.parametrize(
    "change",
    [
        _takes_the_permission_away,
        _deactivates,
        _gives_another_role,
        _ends_the_sessions,
        _wants_another_password,
        _wants_a_second_factor,
    ],
)
def test_what_is_taken_away_is_gone_with_the_next_request_of_every_process(
    mine: FlaskClient,
    robin: User,
    elsewhere: Callable[[], None],
    change: Callable[[User], None],
) -> None:
    for _ in range(2):  # both remember who it is
        assert mine.get(PAGE).status_code == 200
        elsewhere()

    change(robin)

    for _ in range(2):
        assert mine.get(PAGE).status_code in (303, 403)
        elsewhere()


def test_a_revoked_token_is_dead_in_every_process(
    app: Flask, robin: User, elsewhere: Callable[[], None]
) -> None:
    issued = services.issue_token(robin, name="till")
    headers = {"Authorization": f"Bearer {issued.secret}"}
    for _ in range(2):
        assert app.test_client().get(STOCK, headers=headers).status_code == 200
        elsewhere()

    services.revoke_token(robin, issued.token.id)

    for _ in range(2):
        assert app.test_client().get(STOCK, headers=headers).status_code == 401
        elsewhere()


def test_without_the_mark_another_process_would_go_on(
    mine: FlaskClient,
    robin: User,
    elsewhere: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mine.get(PAGE)
    elsewhere()
    monkeypatch.setattr(Identities, "change_mark", lambda _self: None)

    _deactivates(robin)

    elsewhere()
    assert mine.get(PAGE).status_code == 200  # so what these tests see is the mark


def test_every_way_to_write_them_changes_the_mark(robin: User, session: Session) -> None:
    client_id = services.open_session(robin).session_id
    token = services.issue_token(robin, name="till").token
    writes = {
        User: update(User).where(User.id == robin.id).values(name="Robin R."),
        Role: update(Role).where(Role.id == robin.role_id).values(permissions=[]),
        UserSession: delete(UserSession).where(UserSession.id == client_id),
        ApiToken: update(ApiToken).where(ApiToken.id == token.id).values(scopes=["stock.view"]),
    }
    assert {*writes} == {*WATCHED}
    for write in writes.values():
        before = broker().get(known.MARK)
        with transaction():
            session.execute(write)
        assert broker().get(known.MARK) != before


def _revokes_a_token(robin: User) -> None:
    token = services.issue_token(robin, name="till").token
    services.revoke_token(robin, token.id)


def _ends_a_session(robin: User) -> None:
    services.close_session(robin, services.open_session(robin).session_id)


def _changes_the_role(robin: User) -> None:
    services.revise_role(robin.role_id, by=None, permissions=[])


@pytest.mark.parametrize(
    "change", [_revokes_a_token, _ends_a_session, _changes_the_role, _ends_the_sessions]
)
def test_websockets_look_again_once_the_mark_is_another(
    robin: User, change: Callable[[User], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    monkeypatch.setattr(Identities, "change_mark", lambda _self: order.append("mark"))
    monkeypatch.setattr(events, "_publish", lambda _events: order.append("told"))

    change(robin)

    assert {*order} == {"mark", "told"}
    assert "mark" in order[: order.index("told")]


def test_a_change_that_is_undone_changes_nothing(robin: User, session: Session) -> None:
    before = broker().get(known.MARK)

    with pytest.raises(ZeroDivisionError):
        _renames_everybody_and_fails(session)

    assert broker().get(known.MARK) == before


def _renames_everybody_and_fails(session: Session) -> None:
    with transaction():
        session.execute(update(User).values(name="Nobody"))
        raise ZeroDivisionError


def test_the_use_of_a_session_is_noted_and_nobody_is_asked_for_anew(
    mine: FlaskClient, robin: User, session: Session
) -> None:
    long_ago = datetime.now(UTC) - timedelta(minutes=5)
    session.execute(update(UserSession).values(seen_at=long_ago))
    mine.get(PAGE)
    mark = broker().get(known.MARK)
    noted = session.scalar(text("SELECT seen_at FROM user_session"))

    mine.get(PAGE)

    assert noted > long_ago
    assert session.scalar(text("SELECT seen_at FROM user_session")) == noted
    assert broker().get(known.MARK) == mark


def test_a_session_that_ends_by_itself_is_over_though_it_is_remembered(
    mine: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    soon = datetime.now(UTC) + timedelta(minutes=1)
    session.execute(update(UserSession).values(idle_at=soon))
    assert mine.get(PAGE).status_code == 200
    session.execute(text("UPDATE user_session SET idle_at = now() - interval '1 minute'"))
    assert mine.get(PAGE).status_code == 200  # nobody has said so

    monkeypatch.setattr(known, "datetime", Later)

    assert mine.get(PAGE).status_code == 303


class Later(datetime):
    """Two minutes have gone by."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> "Later":
        later = datetime.now(tz) + timedelta(minutes=2)
        return cls.fromtimestamp(later.timestamp(), tz)


def test_while_redis_is_away_the_database_is_asked_each_time(
    mine: FlaskClient, robin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert mine.get(PAGE).status_code == 200
    away = Away()
    monkeypatch.setattr(memories, "broker", lambda: away)

    _deactivates(robin)

    assert mine.get(PAGE).status_code == 303


def test_a_mark_that_could_not_be_set_is_set_once_redis_is_back(
    mine: FlaskClient,
    robin: User,
    elsewhere: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for _ in range(2):
        mine.get(PAGE)
        elsewhere()
    with monkeypatch.context() as away:
        away.setattr(memories, "broker", Away)
        _deactivates(robin)

    assert mine.get(PAGE).status_code == 303  # here, where it was changed
    elsewhere()
    assert mine.get(PAGE).status_code == 303


def test_what_is_remembered_has_an_end(
    mine: FlaskClient, questions: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memories, "SECONDS", 0.0)
    mine.get(PAGE)
    questions.clear()

    mine.get(PAGE)

    assert len(questions) == 1


def test_a_process_remembers_so_many_and_no_more(
    app: Flask, mine: FlaskClient, robin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memories, "MOST", 1)
    mine.get(PAGE)

    client_of(app, robin).get(PAGE)

    assert len(app.extensions["identities"]._known) == 1


class Away:
    """Redis, when it is not there."""

    def get(self, *_about: object) -> None:
        raise RedisError("It is away.")

    set = mget = get
