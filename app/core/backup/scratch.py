"""Databases beside ours: to put a backup back into, look at, and throw away or take."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from sqlalchemy import URL, Connection, NullPool, create_engine, text
from sqlalchemy.exc import DBAPIError

from app.core.backup import programs, totals
from app.core.backup.totals import Totals
from app.core.errors import DomainError

CHECK = "_check_"
IN_USE = "55006"  # object_in_use: PostgreSQL, appendix A
NAME = 63  # characters: PostgreSQL cuts what is longer
CONNECT_SECONDS = 10


class ScratchRefused(DomainError):
    """PostgreSQL does not let us make a database beside ours."""


class StillInUse(DomainError):
    """Somebody works with the database that is to be replaced."""


@contextmanager
def connected(url: URL, *, isolation: str = "READ COMMITTED") -> Iterator[Connection]:
    """Connect beside the application's own pool."""
    engine = create_engine(
        url,
        poolclass=NullPool,
        isolation_level=isolation,
        connect_args={"connect_timeout": CONNECT_SECONDS, "options": programs.UNHURRIED},
    )
    with engine.connect() as connection:
        yield connection


@contextmanager
def server(url: URL) -> Iterator[Connection]:
    """Connect to the server, not to one of its databases that may be replaced."""
    with connected(url.set(database="postgres"), isolation="AUTOCOMMIT") as connection:
        yield connection


@contextmanager
def scratch(url: URL) -> Iterator[URL]:
    """Give an empty database beside ours while the block runs.

    Raises:
        ScratchRefused: The account may not make one.
    """
    _drop_left_overs(url)
    made = create(url, f"{url.database}{CHECK}{uuid4().hex[:12]}")
    try:
        yield made
    finally:
        drop(made)


def create(url: URL, name: str) -> URL:
    """Make an empty database; give its address.

    Raises:
        ScratchRefused: The account may not.
    """
    name = name[-NAME:]
    try:
        with server(url) as connection:
            connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE template0'))
    except DBAPIError as error:
        raise ScratchRefused(
            f"PostgreSQL makes no database to try the backup in: {error.orig}".strip()
        ) from error
    return url.set(database=name)


def drop(url: URL) -> None:
    """Drop a database, whoever is in it."""
    with server(url) as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{url.database}" WITH (FORCE)'))


def fill(url: URL, dump: Path) -> Totals:
    """Put a dump into an empty database, and count what is there then.

    Raises:
        ProgramFailed: It cannot be put back.
    """
    jobs = str(min(len(os.sched_getaffinity(0)), 4))
    arguments = ["--exit-on-error", "--no-owner", "--no-privileges", "--jobs", jobs]
    arguments += ["--dbname", str(url.database), str(dump)]
    with programs.running("pg_restore", arguments, url, options=programs.RESTORING):
        pass
    with connected(url, isolation="REPEATABLE READ") as connection:
        return totals.count(connection)


def exists(url: URL) -> bool:
    """Tell whether the database is there."""
    known = text("SELECT 1 FROM pg_database WHERE datname = :name")
    with server(url) as connection:
        return connection.scalar(known, {"name": url.database}) is not None


def take(made: URL, url: URL) -> str | None:
    """Let a database take the place of ours; give the new name of ours if it held anything.

    Raises:
        StillInUse: Somebody is in ours: web, worker and scheduler have to stop first.
    """
    if not exists(url) or _is_empty(url):
        drop(url)
        with server(url) as connection:
            connection.execute(text(_renaming(made, str(url.database))))
        return None
    with server(url) as connection:
        old = f"{url.database}_before_{datetime.now(UTC):%Y%m%d%H%M%S}"[-NAME:]
        _step_aside(connection, url, old)
        try:
            connection.execute(text(_renaming(made, str(url.database))))
        except DBAPIError:
            connection.execute(text(_renaming(url.set(database=old), str(url.database))))
            raise
    return old


def refuse_company(url: URL) -> None:
    """See that nobody works with the database.

    Raises:
        StillInUse: Somebody does.
    """
    with server(url) as connection:
        _refuse_company(connection, url)


def _is_empty(url: URL) -> bool:
    """Tell whether a database has no tables yet, as on a new machine."""
    with connected(url) as connection:
        return not connection.scalar(text("SELECT EXISTS (SELECT 1 FROM pg_stat_user_tables)"))


def _step_aside(connection: Connection, url: URL, name: str) -> None:
    _refuse_company(connection, url)
    try:
        connection.execute(text(_renaming(url, name)))
    except DBAPIError as error:
        if getattr(error.orig, "pgcode", None) == IN_USE:  # since we asked
            _refuse_company(connection, url)
        raise


def _refuse_company(connection: Connection, url: URL) -> None:
    others = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = :name AND backend_type = 'client backend'"
    )
    if number := connection.scalar(others, {"name": url.database}):
        raise StillInUse(
            f"{number} connections use the database {url.database}: "
            "stop web, worker and scheduler first."
        )


def _renaming(url: URL, name: str) -> str:
    return f'ALTER DATABASE "{url.database}" RENAME TO "{name}"'


def _drop_left_overs(url: URL) -> None:
    """Drop what a check that was killed has left; only one runs at a time."""
    names = text("SELECT datname FROM pg_database WHERE starts_with(datname, :prefix)")
    with server(url) as connection:
        left = connection.scalars(names, {"prefix": f"{url.database}{CHECK}"}).all()
    for name in left:
        drop(url.set(database=name))
