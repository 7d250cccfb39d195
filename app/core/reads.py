"""Reads without ceremony: one round trip each, in place of three.

A connection that a session takes outside of a unit of work reads in autocommit. The first
statement that is no plain read begins a transaction before it is sent, so what somebody writes
is as whole as ever, and goes unless it is committed. See docs/adr/0022.
"""

import re
from functools import lru_cache
from typing import Any

from flask_sqlalchemy.session import Session as FlaskSession
from psycopg2.extensions import STATUS_READY
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, SessionTransaction
from sqlalchemy.pool import ConnectionPoolEntry

READS = "reads"  # of a connection: it is in autocommit, by us
_BEGINS = re.compile(r"\s*(SELECT|WITH)\b", re.IGNORECASE)
# A word too many costs a round trip, one too few a lock or a half-written record.
_CHANGES = re.compile(
    r"\b(INSERT|UPDATE|DELETE|MERGE|INTO|SHARE|set_config|pg_(try_)?advisory\w*)\b",
    re.IGNORECASE,
)


class ReadingSession(FlaskSession):
    """A session whose first read is tried again if its connection turns out to be broken."""

    def execute(self, *args: Any, **kwargs: Any) -> Any:
        """Execute a statement."""
        return self._again(super().execute, args, kwargs)

    def scalar(self, *args: Any, **kwargs: Any) -> Any:
        """Execute a statement and give its first value."""
        return self._again(super().scalar, args, kwargs)

    def scalars(self, *args: Any, **kwargs: Any) -> Any:
        """Execute a statement and give its first values."""
        return self._again(super().scalars, args, kwargs)

    def _again(self, ask: Any, args: Any, kwargs: Any) -> Any:
        # Only what begins with it: else what was read or written before would go with it.
        is_first = not (self.in_transaction() or self.identity_map or in_unit_of_work(self))
        try:
            return ask(*args, **kwargs)
        except DBAPIError as error:
            if not (is_first and error.connection_invalidated):
                raise
            self.rollback()
        return ask(*args, **kwargs)


def in_unit_of_work(session: Session) -> bool:
    """Tell whether `transaction` is open."""
    return "after_commit" in session.info


def begin(session: Session) -> None:
    """Let what follows in a session be one transaction."""
    if session.in_transaction():
        _begin(session.connection())


def driver_cursor(session: Session) -> Any:
    """Give psycopg2's own cursor, for COPY, in a transaction: nobody looks at what it sends."""
    connection = session.connection()
    _begin(connection)
    return connection.connection.cursor()


@lru_cache(maxsize=4096)
def is_plain_read(statement: str) -> bool:
    """Tell whether a statement writes nothing, and locks nothing beyond its own end."""
    return bool(_BEGINS.match(statement)) and not _CHANGES.search(statement)


def watch_over(engine: Engine) -> None:
    """Let statements of an engine begin a transaction where it takes one."""
    event.listen(engine, "before_cursor_execute", _before)
    event.listen(engine, "checkin", _returned)


def listen(sessions: Any) -> None:
    """Let sessions read in autocommit outside of units of work."""
    event.listen(sessions, "after_begin", _connected)


def _connected(
    session: Session, _transaction: SessionTransaction, connection: Connection
) -> None:
    driver: Any = connection.connection.dbapi_connection
    # In a test the connection is in a transaction already, which is undone at its end.
    if not in_unit_of_work(session) and driver.status == STATUS_READY:
        connection.info[READS] = driver.autocommit = True


def _before(connection: Connection, cursor: Any, statement: str, *_rest: Any) -> None:
    # A cursor with a name lives in a transaction only.
    if READS in connection.info and (cursor.name or not is_plain_read(statement)):
        _begin(connection)


def _begin(connection: Connection) -> None:
    if connection.info.pop(READS, False):
        connection.connection.dbapi_connection.autocommit = False  # type: ignore[union-attr]


def _returned(driver: Any, entry: ConnectionPoolEntry) -> None:
    if entry.info.pop(READS, False) and driver is not None and not driver.closed:
        driver.autocommit = False
