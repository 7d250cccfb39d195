"""Reads take no transaction, and whatever writes is in one, whoever forgets to say so."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from psycopg2.extensions import TRANSACTION_STATUS_IDLE, TRANSACTION_STATUS_INTRANS
from sqlalchemy import func, insert, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.accounts.models import Role
from app.core import db_pool
from app.core.db import db, transaction
from app.core.reads import driver_cursor, is_plain_read

APP = Path(__file__).parents[2] / "app"
VOLATILE = """
    SELECT proname FROM pg_proc
    WHERE pronamespace = 'public'::regnamespace AND provolatile = 'v'
      AND prorettype <> 'trigger'::regtype
      AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')
"""

Act = Callable[[Session], object]


def status(session: Session) -> int:
    """Tell whether the server has a transaction open."""
    driver: Any = session.connection().connection.dbapi_connection
    return int(driver.info.transaction_status)


@pytest.mark.committed
def test_a_read_leaves_no_transaction_open(session: Session) -> None:
    session.scalars(select(Role)).all()
    session.execute(text("WITH found AS (SELECT 1) SELECT * FROM found"))

    assert status(session) == TRANSACTION_STATUS_IDLE


def _adds(session: Session) -> None:
    session.add(Role(name="Nobody", permissions=[]))
    session.flush()


WRITES: dict[str, Act] = {
    "the ORM": _adds,
    "an insert": lambda session: session.execute(insert(Role).values(name="x", permissions=[])),
    "an update": lambda session: session.execute(update(Role).values(permissions=[])),
    "words": lambda session: session.execute(text("UPDATE role SET permissions = '{}'")),
    "the driver's own": lambda session: session.connection().exec_driver_sql(
        "WITH gone AS (DELETE FROM idempotent_response RETURNING id) SELECT * FROM gone"
    ),
    "a lock": lambda session: session.scalars(select(Role).with_for_update()).all(),
    "a lock in share mode": lambda session: session.scalars(
        select(Role).with_for_update(read=True, key_share=True)
    ).all(),
    "a lock of a name": lambda session: session.execute(select(func.pg_advisory_xact_lock(1))),
    "a setting": lambda session: session.execute(select(func.set_config("a.b", "c", True))),  # noqa: FBT003
    "a cursor with a name": lambda session: session.execute(
        select(Role.id).execution_options(yield_per=1)
    ).fetchone(),
    "COPY": lambda session: driver_cursor(session).execute("SELECT 1"),
}


@pytest.mark.committed
@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_what_is_no_plain_read_begins_a_transaction(session: Session, write: Act) -> None:
    session.scalars(select(Role)).all()

    write(session)

    assert status(session) == TRANSACTION_STATUS_INTRANS
    session.rollback()


@pytest.mark.committed
def test_what_nobody_commits_is_gone(session: Session) -> None:
    before = session.scalar(select(func.count()).select_from(Role))
    _adds(session)
    db.session.remove()

    assert db.session.scalar(select(func.count()).select_from(Role)) == before


@pytest.mark.committed
def test_a_unit_of_work_is_one_from_its_first_read_on(session: Session) -> None:
    session.scalars(select(Role)).all()

    with transaction():
        session.scalars(select(Role)).all()
        assert status(session) == TRANSACTION_STATUS_INTRANS

    session.scalars(select(Role)).all()
    assert status(session) == TRANSACTION_STATUS_IDLE


@pytest.fixture
def unseen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the pool lend a connection without a look at it."""
    monkeypatch.setattr(db_pool, "_has_spoken", lambda _connection: False)
    monkeypatch.setattr(db_pool, "QUIET", 600.0)


def _killed(environment: dict[str, str]) -> int:
    """End the only connection of the pool from outside; gives its number."""
    db.session.remove()
    db.engine.dispose()
    number = int(db.session.scalar(select(func.pg_backend_pid())) or 0)
    db.session.remove()
    address = environment["DATABASE_URL"].replace("postgresql+psycopg2", "postgresql")
    other = psycopg2.connect(address)
    with other, other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [number])
    other.close()
    return number


@pytest.mark.committed
@pytest.mark.usefixtures("unseen")
def test_a_read_on_a_broken_connection_is_tried_again(environment: dict[str, str]) -> None:
    number = _killed(environment)

    assert db.session.scalar(select(func.pg_backend_pid())) not in (None, number)


@pytest.mark.committed
@pytest.mark.usefixtures("unseen")
def test_in_a_unit_of_work_nothing_is_tried_again(environment: dict[str, str]) -> None:
    _killed(environment)

    with pytest.raises(DBAPIError), transaction() as again:
        again.scalar(select(1))


@pytest.mark.parametrize("statement", ["SELECT updated_at FROM x", " with a as (select 1)"])
def test_a_plain_read_is_known(statement: str) -> None:
    assert is_plain_read(statement)


def test_no_function_of_ours_writes(session: Session) -> None:
    assert session.scalars(text(VOLATILE)).all() == []  # a SELECT of it would look like a read


def test_the_driver_is_asked_for_a_cursor_in_one_place() -> None:
    raw = re.compile(r"connection(\(\))?\.cursor\(|raw_connection|copy_expert\(.*connection")
    found = [
        str(one.relative_to(APP)) for one in APP.rglob("*.py") if raw.search(one.read_text())
    ]

    assert found == ["core/reads.py"]
