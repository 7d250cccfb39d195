"""Tokens: refreshed in time, once, never lost, never shown."""

import logging
import threading
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session, undefer

from app.core.alerts import Alert
from app.core.db import db
from app.integrations.hub import tokens
from app.integrations.hub.errors import ReconnectNeeded, Unavailable
from app.integrations.hub.models import Connection
from tests.integrations.conftest import Sync, connected
from tests.standins.quickbooks import QuickBooks


def secrets_of(connection: Connection) -> tuple[str, str]:
    query = select(Connection).where(Connection.id == connection.id)
    loaded = query.options(undefer(Connection.access_token), undefer(Connection.refresh_token))
    row = db.session.scalars(loaded.execution_options(populate_existing=True)).one()
    return str(row.access_token), str(row.refresh_token)


def age(session: Session, connection: Connection, **values: datetime) -> None:
    for name, moment in values.items():
        setattr(connection, name, moment)
    session.commit()


def soon(minutes: float) -> datetime:
    return datetime.now(UTC) + timedelta(minutes=minutes)


def test_tokens_are_sealed_at_rest(session: Session, connection: Connection) -> None:
    raw = session.execute(text("SELECT access_token, refresh_token FROM connection")).one()

    for sealed, secret in zip(raw, secrets_of(connection), strict=True):
        assert secret not in sealed
        assert sealed.startswith("gAAAA")


def test_a_fresh_token_is_used_as_it_is(quickbooks: QuickBooks, connection: Connection) -> None:
    before = quickbooks.refresh_count

    assert tokens.access_token(connection.id) == secrets_of(connection)[0]
    assert quickbooks.refresh_count == before


def test_a_token_is_refreshed_five_minutes_before_it_ends(
    session: Session, quickbooks: QuickBooks, connection: Connection
) -> None:
    old = secrets_of(connection)
    age(session, connection, expires_at=soon(4.5))

    token = tokens.access_token(connection.id)

    new = secrets_of(connection)
    assert token == new[0] != old[0]
    assert new[1] != old[1]
    session.refresh(connection)
    assert connection.hard_expires_at is not None


@pytest.mark.committed
def test_ten_workers_at_once_make_one_refresh(
    app: Flask, session: Session, quickbooks: QuickBooks, registered: QuickBooks
) -> None:
    connection = connected(registered.realm, *registered.grant())
    age(session, connection, expires_at=soon(1))
    before, given, ready = quickbooks.refresh_count, [], threading.Barrier(10)
    number = connection.id

    def work() -> None:
        with app.app_context():
            ready.wait()
            given.append(tokens.access_token(number))

    workers = [threading.Thread(target=work) for _ in range(10)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert len(given) == 10
    assert len(set(given)) == 1
    assert quickbooks.refresh_count == before + 1


def test_a_token_that_is_refused_is_refreshed_once_and_the_request_is_made_again(
    quickbooks: QuickBooks, sync: Sync
) -> None:
    before = quickbooks.refresh_count
    quickbooks.expire()

    assert sync().state == "succeeded"
    assert quickbooks.refresh_count == before + 1


def test_trouble_at_the_token_address_loses_nothing(
    session: Session, quickbooks: QuickBooks, connection: Connection
) -> None:
    age(session, connection, expires_at=soon(1))
    old = secrets_of(connection)
    quickbooks.faults.add("token_500")

    with pytest.raises(Unavailable):
        tokens.access_token(connection.id)

    assert secrets_of(connection) == old
    session.refresh(connection)
    assert connection.state == "connected"
    assert tokens.access_token(connection.id) != old[0]


def test_a_dead_refresh_token_marks_the_connection_and_tells_the_admin(
    session: Session, quickbooks: QuickBooks, connection: Connection
) -> None:
    age(session, connection, expires_at=soon(1))
    quickbooks.faults.add("invalid_grant")

    with pytest.raises(ReconnectNeeded):
        tokens.access_token(connection.id)

    session.refresh(connection)
    assert connection.state == "reconnect"
    [alert] = session.scalars(select(Alert)).all()
    assert alert.title == "QuickBooks must be connected again"
    assert alert.permission == "integrations.manage"


def test_a_token_rotated_behind_our_back_is_a_dead_one(
    session: Session, quickbooks: QuickBooks, connection: Connection, sync: Sync
) -> None:
    quickbooks.faults.add("rotate", match="page")
    quickbooks.faults.add("expired", times=None)  # also where a good token is told from a dead

    run = sync()

    session.refresh(connection)
    assert (run.state, connection.state) == ("failed", "reconnect")


def test_the_periodic_check_refreshes_what_ends_within_ten_minutes(
    session: Session, quickbooks: QuickBooks, connection: Connection
) -> None:
    old = secrets_of(connection)
    assert tokens.refresh_expiring() == 0

    age(session, connection, expires_at=soon(9))

    assert tokens.refresh_expiring() == 1
    assert secrets_of(connection)[0] != old[0]


@pytest.mark.parametrize(("days", "told"), [(40, []), (20, ["30"]), (5, ["7"])])
def test_before_the_hard_end_people_are_told(
    session: Session, connection: Connection, days: int, told: list[str]
) -> None:
    age(session, connection, hard_expires_at=datetime.now(UTC) + timedelta(days=days))

    tokens.refresh_expiring()

    keys = session.scalars(select(Alert.key)).all()
    assert keys == [f"connection:{connection.id}:expires:{when}" for when in told]


def test_no_token_stands_in_logs_or_errors(
    session: Session,
    quickbooks: QuickBooks,
    connection: Connection,
    sync: Sync,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    before = secrets_of(connection)
    quickbooks.expire()
    quickbooks.faults.add("html_503", times=2)
    run = sync()

    said = f"{caplog.text} {run.log} {run.problem} {connection!r}"
    for secret in (*before, *secrets_of(connection), quickbooks.client_secret):
        assert secret not in said
