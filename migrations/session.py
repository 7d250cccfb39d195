"""The connection that migrates: one at a time, and rather failing than stopping everybody."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from alembic.util import CommandError
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

LOCK = 7_301_955_021  # any number that nothing else here locks
PATIENCE = 600  # seconds for another process to finish its migrations
PAUSE = 0.2

# A statement that waits for a lock makes all who come after it wait; one that has it, too.
LOCK_TIMEOUT = "5s"
STATEMENT_TIMEOUT = "60s"

REASONS = {  # PostgreSQL, appendix A
    "55P03": f"did not get its lock within {LOCK_TIMEOUT}: somebody is using the table",
    "57014": f"took longer than {STATEMENT_TIMEOUT} and held its lock all the time",
}


@contextmanager
def alone(engine: Engine) -> Iterator[Connection]:
    """Give a connection that migrates while no other process does.

    Raises:
        CommandError: Another one has been at it for ten minutes.
    """
    with engine.connect() as connection:
        try:
            _wait_for_turn(connection)
            _limit(connection)
            connection.commit()
            yield connection
        finally:  # its settings and its lock end with it: the pool never sees them again
            connection.invalidate()


@contextmanager
def unhurried(connection: Connection) -> Iterator[None]:
    """Lift the limits for a statement that takes long and keeps nobody waiting."""
    connection.exec_driver_sql("SET lock_timeout = 0")
    connection.exec_driver_sql("SET statement_timeout = 0")
    yield
    _limit(connection)


@contextmanager
def explained() -> Iterator[None]:
    """Say in words what a limit ended; flask-migrate shows a CommandError and leaves."""
    try:
        yield
    except DBAPIError as error:
        reason = REASONS.get(getattr(error.orig, "pgcode", None) or "")
        if reason is None:
            raise
        statement = " ".join((error.statement or "").split())[:100]
        raise CommandError(
            f"A migration {reason}. Nothing of it is done, those before it are; "
            f"start again when it is quiet. It was at: {statement}"
        ) from error


def _limit(connection: Connection) -> None:
    connection.exec_driver_sql(f"SET lock_timeout = '{LOCK_TIMEOUT}'")
    connection.exec_driver_sql(f"SET statement_timeout = '{STATEMENT_TIMEOUT}'")


def _wait_for_turn(connection: Connection) -> None:
    """Ask again and again, never wait inside PostgreSQL.

    A statement that waits there is a transaction that lasts: an index that is built
    concurrently waits for its end, and each would wait for the other.
    """
    deadline = time.monotonic() + PATIENCE
    while not connection.scalar(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": LOCK}):
        connection.rollback()
        if time.monotonic() > deadline:
            raise CommandError(f"Another process has been migrating for {PATIENCE} seconds.")
        time.sleep(PAUSE)
    connection.commit()
