"""Which connections the pool lends: none that the server has closed while nobody used it.

A ping before each use costs a quarter of a search. What the server has closed can be seen
without asking: there is something to read though nothing was asked. Only a connection that
nobody has used for a while is asked, since a line may be cut without a word.
"""

import select
import time
from typing import Any

import psycopg2
from flask import Flask
from sqlalchemy import Engine, event
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry

from app.core import reads
from app.core.db import db

QUIET = 1.0  # seconds without use, after which a connection is asked
RETURNED = "returned_at"


def init_app(app: Flask) -> None:
    """Look at connections before they are lent."""
    with app.app_context():
        for engine in db.engines.values():
            watch_over(engine)
            reads.watch_over(engine)


def watch_over(engine: Engine) -> None:
    """Look at the connections of an engine before they are lent."""

    def returned(_connection: Any, entry: ConnectionPoolEntry) -> None:
        entry.info[RETURNED] = time.monotonic()

    def lent(connection: Any, entry: ConnectionPoolEntry, _proxy: Any) -> None:
        since = entry.info.pop(RETURNED, None)
        if since is None:  # it has just been opened
            return
        is_dead = _has_spoken(connection)
        if not is_dead and time.monotonic() - since > QUIET:
            is_dead = not _answers(engine, connection)
        if is_dead:
            raise InvalidatePoolError("The server has closed a connection.")

    event.listen(engine, "checkin", returned)
    event.listen(engine, "checkout", lent)


def _has_spoken(connection: Any) -> bool:
    """Tell whether the server has said something by itself: good-bye, as a rule."""
    if connection.closed:
        return True
    line = select.poll()
    line.register(connection.fileno(), select.POLLIN)
    return bool(line.poll(0))


def _answers(engine: Engine, connection: Any) -> bool:
    try:
        return engine.dialect.do_ping(connection)
    except psycopg2.Error:
        return False
