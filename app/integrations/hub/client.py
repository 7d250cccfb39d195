"""Asks a connection's system: with a fresh token, at its pace, once more after a 401."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from app.integrations.hub import limiter, tokens
from app.integrations.hub.connector import Answer, Connector, Request, Write, find_connector
from app.integrations.hub.errors import (
    AuthExpired,
    NotReady,
    ReconnectNeeded,
    Rejected,
    Throttled,
)
from app.integrations.hub.http import Http
from app.integrations.hub.limiter import Rate
from app.integrations.hub.models import Connection

T = TypeVar("T")

SHORT = 2.0  # seconds: what a worker waits itself; for longer it does something else


class Client:
    """Asks one connection's system. `ask` may be called in another thread than `authorize`."""

    def __init__(self, connection: Connection) -> None:
        self.connection_id = connection.id
        self.account = connection.account
        self.connector = find_connector(connection.system)
        self.throttled = 0.0  # seconds, of this client
        self.skew = timedelta(0)  # their clock less ours, as it was told last
        base = self.connector.base_url(connection.environment, connection.address)
        self._http = Http(self.connector, base)
        self._operation = f"{connection.id}"
        self._token = ""

    def ask(self, asked: Request | Write, understand: Callable[[Answer], T]) -> T:
        """Ask, and give what `understand` makes of the answer.

        Raises:
            ReconnectNeeded, Throttled, Rejected, Unavailable: As they say.
        """
        return self._twice(lambda: self.fetch(asked, understand))

    def authorize(self, *, refused: str | None = None) -> None:
        """See to it that the token can be used; this asks the database."""
        self._token = tokens.access_token(self.connection_id, refused=refused)

    def fetch(self, asked: Request | Write, understand: Callable[[Answer], T]) -> T:
        """Ask with the token there is; this asks no database, so any thread may.

        Raises:
            AuthExpired: Authorize anew, and ask again.
        """

        def compared(answer: Answer) -> T:
            if answer.at is not None:
                self.skew = answer.at - datetime.now(UTC)
            return understand(answer)

        with self._turn(asked.operation):
            answer: T = self._http.get(asked, self._token, compared)
        return answer

    def send(self, wanted: Write) -> Answer:
        """Change something there, in one try.

        Raises:
            ReconnectNeeded, Throttled, Rejected: Nothing has been changed.
            Unavailable: Nobody knows whether it has.
        """
        return self._twice(lambda: self._send(wanted))

    def _send(self, wanted: Write) -> Answer:
        with self._turn(wanted.operation):
            return self._http.send(wanted, self._token)

    def _twice(self, attempt: Callable[[], T]) -> T:
        """Try once more after a 401: with a new token, if it is not good for anything else.

        A 401 may mean a right that is missing, though the token is good: nobody has to sign
        in again for that.
        """
        self.authorize()
        try:
            return attempt()
        except AuthExpired:
            if not self._is_token_good():
                self.authorize(refused=self._token)
        try:
            return attempt()
        except AuthExpired as error:
            label = self.connector.label
            if self._is_token_good():
                said = str(error) or f"{label} does not say which one."
                raise Rejected(f"A right is missing. {said}") from error
            why = f"{label} refuses a token it has just given."
            raise tokens.give_up(self.connection_id, why) from error

    def _is_token_good(self) -> bool:
        """Tell whether the system still knows us: by what every connection may ask."""
        try:
            self.fetch(self.connector.account_request(self.account), lambda answer: answer)
        except AuthExpired:
            return False
        except Rejected:
            return True
        return True

    @property
    def token(self) -> str:
        """The token in use."""
        return self._token

    @contextmanager
    def _turn(self, operation: str) -> Iterator[None]:
        """Ask when it is our turn; if the system asks for patience, so do all others."""
        bucket = f"{self._operation}:{operation}"
        rate = self.connector.rate_of(operation)
        self._take_turn(bucket, rate)
        try:
            yield
        except NotReady:
            raise
        except Throttled as error:
            seconds = (error.retry_at - datetime.now(UTC)).total_seconds()
            limiter.block(bucket, max(seconds, 0), rate)
            raise

    def _take_turn(self, bucket: str, rate: Rate) -> None:
        """Wait a moment for our turn; for longer, give the worker back."""
        while wait := limiter.acquire(bucket, rate):
            if wait > SHORT:
                until = datetime.now(UTC) + timedelta(seconds=wait)
                raise Throttled(until, f"{self.connector.label} has a limit of requests.")
            self.throttled += wait
            time.sleep(wait)


def get_with_token(
    connector: Connector, base: str, asked: Request, token: str,
    understand: Callable[[Answer], Any],
) -> Any:  # fmt: skip
    """Ask with a token that belongs to no connection yet."""
    try:
        return Http(connector, base).get(asked, token, understand)
    except AuthExpired as error:
        said = str(error) or f"{connector.label} refuses a token it has just given."
        raise ReconnectNeeded(said) from error
