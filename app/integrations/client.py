"""Asks a connection's system: with a fresh token, at its pace, once more after a 401."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from app.integrations import limiter, tokens
from app.integrations.connector import Answer, Connector, Request, connector
from app.integrations.errors import AuthExpired, ReconnectNeeded, Throttled
from app.integrations.http import Http
from app.integrations.models import Connection

T = TypeVar("T")

SHORT = 2.0  # seconds: what a worker waits itself; for longer it does something else


class Client:
    """Asks one connection's system. `ask` may be called in another thread than `authorize`."""

    def __init__(self, connection: Connection) -> None:
        self.connection_id = connection.id
        self.account = connection.account
        self.connector = connector(connection.system)
        self.throttled = 0.0  # seconds, of this client
        self._http = Http(self.connector, connection.environment)
        self._bucket = f"{connection.id}:read"
        self._token = ""

    def ask(self, asked: Request, understand: Callable[[Answer], T]) -> T:
        """Ask, and give what `understand` makes of the answer.

        Raises:
            ReconnectNeeded, Throttled, Rejected, Unavailable: As they say.
        """
        self.authorize()
        try:
            return self.fetch(asked, understand)
        except AuthExpired:
            self.authorize(spent=self._token)
        try:
            return self.fetch(asked, understand)
        except AuthExpired as error:
            label = self.connector.label
            raise ReconnectNeeded(f"{label} refuses a token it has just given.") from error

    def authorize(self, *, spent: str | None = None) -> None:
        """See to it that the token can be used; this asks the database."""
        self._token = tokens.access_token(self.connection_id, spent=spent)

    def fetch(self, asked: Request, understand: Callable[[Answer], T]) -> T:
        """Ask with the token there is; this asks no database, so any thread may.

        Raises:
            AuthExpired: Authorize anew, and ask again.
        """
        self._take_turn()
        try:
            answer: T = self._http.get(asked, self._token, understand)
        except Throttled as error:
            seconds = (error.retry_at - datetime.now(UTC)).total_seconds()
            limiter.hold_back(self._bucket, max(seconds, 0), self.connector.rate)
            raise
        return answer

    @property
    def token(self) -> str:
        """The token in use."""
        return self._token

    def _take_turn(self) -> None:
        """Wait a moment for our turn; for longer, give the worker back."""
        while wait := limiter.take(self._bucket, self.connector.rate):
            if wait > SHORT:
                until = datetime.now(UTC) + timedelta(seconds=wait)
                raise Throttled(until, f"{self.connector.label} has a limit of requests.")
            self.throttled += wait
            time.sleep(wait)


def ask_once(
    outside: Connector, environment: str, asked: Request, token: str,
    understand: Callable[[Answer], Any],
) -> Any:  # fmt: skip
    """Ask with a token that belongs to no connection yet."""
    try:
        return Http(outside, environment).get(asked, token, understand)
    except AuthExpired as error:
        raise ReconnectNeeded(f"{outside.label} refuses a token it has just given.") from error
