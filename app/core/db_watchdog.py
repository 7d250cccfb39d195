"""How long a page waits for a database that has stopped answering.

PostgreSQL ends by itself what takes too long (`statement_timeout`), as long as it lives. One
that is frozen, or whose machine has vanished, says nothing any more, and libpq waits for ever.
So a thread of ours watches the calls that are under way and hangs up on those that are overdue:
who called sees a lost connection.
"""

import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2.extensions

LOOK = 0.25  # seconds between two looks
GRACE = 2  # seconds that PostgreSQL has to end a statement itself
PING = "SELECT 1"  # what a connection is asked that nobody has used for a while
PING_SECONDS = 3

log = logging.getLogger(__name__)


class Watch:
    """The calls that are under way in this process, and until when."""

    def __init__(self) -> None:
        self._calls: dict[int, tuple[float, Any]] = {}
        self._lock = threading.Lock()
        self._owner = 0

    @contextmanager
    def over(self, connection: Any, seconds: float) -> Iterator[None]:
        """Hang up if the block takes longer."""
        self._begin()
        key = id(connection)
        with self._lock:
            self._calls[key] = (time.monotonic() + seconds, connection)
        try:
            yield
        finally:
            with self._lock:
                self._calls.pop(key, None)

    def _begin(self) -> None:
        """Start the thread; a child of a fork needs one of its own."""
        if self._owner == os.getpid():
            return
        with self._lock:
            if self._owner != os.getpid():
                self._owner, self._calls = os.getpid(), {}
                threading.Thread(target=self._look, daemon=True).start()

    def _look(self) -> None:
        pause = threading.Event()  # nobody sets it
        while not pause.wait(LOOK):
            now = time.monotonic()
            with self._lock:  # so none of them ends meanwhile, and its number is not another's
                for key, (until, connection) in list(self._calls.items()):
                    if until < now:
                        del self._calls[key]
                        _hang_up(connection)


def _hang_up(connection: Any) -> None:
    log.warning("The database does not answer: hanging up.")
    try:
        with socket.socket(fileno=os.dup(connection.fileno())) as line:
            line.shutdown(socket.SHUT_RDWR)
    except (OSError, psycopg2.Error) as error:  # it has just gone by itself
        log.debug("Nothing to hang up: %s", error)


watch = Watch()


class WatchedCursor(psycopg2.extensions.cursor):
    """A cursor whose calls are watched."""

    def execute(self, query: Any, vars: Any = None) -> None:  # noqa: A002  (their name)
        """Execute a statement."""
        seconds = PING_SECONDS if query == PING else self.connection.seconds
        with watch.over(self.connection, seconds):
            super().execute(query, vars)

    def executemany(self, query: Any, vars_list: Any) -> None:
        """Execute a statement for each of many parameters."""
        with watch.over(self.connection, self.connection.seconds):
            super().executemany(query, vars_list)

    def fetchmany(self, size: int | None = None) -> list[Any]:
        """Fetch rows; of a cursor with a name, from the server."""
        rows = self.arraysize if size is None else size
        if not self.name:
            return super().fetchmany(rows)
        with watch.over(self.connection, self.connection.seconds):
            return super().fetchmany(rows)


class WatchedConnection(psycopg2.extensions.connection):
    """A connection whose calls are watched; `seconds` is what each may take."""

    seconds: float

    def cursor(self, *args: Any, **kwargs: Any) -> Any:
        """Give a cursor whose calls are watched."""
        kwargs.setdefault("cursor_factory", WatchedCursor)
        return super().cursor(*args, **kwargs)

    def commit(self) -> None:
        """Commit."""
        with watch.over(self, self.seconds):
            super().commit()

    def rollback(self) -> None:
        """Roll back."""
        with watch.over(self, self.seconds):
            super().rollback()


def watched(seconds: int) -> Callable[[str], WatchedConnection]:
    """Make connections whose calls may take so many seconds, and a grace."""
    limits = {"seconds": seconds + GRACE}
    factory: Any = type("WatchedConnection", (WatchedConnection,), limits)
    return factory
