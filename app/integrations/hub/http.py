"""One request to an outside system: time limits, patience, and no answer taken on trust."""

import logging
import random
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any

import requests

from app.integrations.hub import transport
from app.integrations.hub.connector import Answer, Connector, Request, Write
from app.integrations.hub.decoding import decoded
from app.integrations.hub.errors import AuthExpired, NotUnderstood, Throttled, Unavailable

SECONDS = (5, 60)  # to connect; between two bytes of the answer; the whole: see `transport`
PAUSES = (0.5, 1.5, 4.0)  # seconds, about, before a GET is tried again
PATIENCE = 60.0  # seconds to wait after a 429 that does not say how long
LONGEST = timedelta(hours=1)  # that it may ask us to wait

log = logging.getLogger(__name__)


class Http:
    """Asks one account's addresses of one system. Safe to share between threads."""

    def __init__(self, connector: Connector, base: str) -> None:
        self._connector = connector
        self._base = base.rstrip("/")
        self._session = requests.Session()
        transport.bounded(self._session)

    def get(self, asked: Request, token: str, understand: Callable[[Answer], Any]) -> Any:
        """Ask, up to four times if need be, and give what `understand` makes of the answer.

        Raises:
            AuthExpired: The token is refused.
            Throttled: Too many requests; when to come back.
            Rejected: The system refuses the request.
            Unavailable: It does not answer; NotUnderstood: not in a way that can be used.
        """
        end = time.monotonic() + transport.WHOLE  # an answer that drips is not asked for again
        for pause in PAUSES:
            try:
                return understand(self._once(asked, token))
            except Unavailable as error:
                if time.monotonic() > end:
                    raise
                log.warning("%s: %s", self._connector.label, error)
            time.sleep(pause * random.uniform(0.75, 1.25))  # noqa: S311  (not a secret)
        return understand(self._once(asked, token))

    def send(self, wanted: Write, token: str) -> Answer:
        """Change something there, in one try: whoever asks again must look first.

        Raises:
            AuthExpired, Throttled, Rejected: Nothing has been changed.
            Unavailable: Nobody knows whether it has.
        """
        return self._read(self._ask("POST", wanted.path, token, json=wanted.body))

    def _once(self, asked: Request, token: str) -> Answer:
        response = self._ask("GET", asked.path, token, params=asked.params)
        return self._read(response, asked.shape)

    def _ask(self, method: str, path: str, token: str, **what: Any) -> requests.Response:
        until = time.monotonic() + transport.WHOLE
        try:
            response = self._session.request(
                method, f"{self._base}{path}", headers={"Accept": "application/json"},
                auth=self._connector.authorization(token), timeout=SECONDS,
                allow_redirects=False, stream=True, **what,
            )  # fmt: skip
            transport.read_whole(response, name=self._name, until=until)
        except requests.RequestException as error:
            raise Unavailable(f"{self._name} does not answer ({_kind(error)}).") from error
        self._refuse(response)
        return response

    def _refuse(self, response: requests.Response) -> None:
        """Turn what is no success into its error."""
        status = response.status_code
        if status == HTTPStatus.OK:
            return
        if status == HTTPStatus.UNAUTHORIZED:
            raise AuthExpired(str(self._connector.parse_error(response) or ""))
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            raise Throttled(_retry_at(response), f"{self._name} asks for patience.")
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise Unavailable(f"{self._name} has trouble of its own (HTTP {status}).")
        if refusal := self._connector.parse_error(response):
            raise refusal
        raise NotUnderstood(f"{self._name} answered with HTTP {status}.")

    def _read(self, response: requests.Response, shape: Any = Any) -> Answer:
        try:
            body = decoded(response.content, shape)
        except ValueError as error:
            raise NotUnderstood(f"{self._name} sent something that is no JSON.") from error
        return Answer(body, _moment(response.headers.get("Date")))

    @property
    def _name(self) -> str:
        return self._connector.label


def _kind(error: Exception) -> str:
    """Name the fault, never the address: a query may hold what is nobody's business."""
    return type(error).__name__


def _moment(said: str | None) -> datetime | None:
    """Read the clock of the system, where it tells (RFC 9110, 6.6.1)."""
    try:
        return parsedate_to_datetime(said) if said else None
    except ValueError:
        return None


def _retry_at(response: requests.Response) -> datetime:
    """When to come back: `Retry-After` in seconds or as a date (RFC 9110, 10.2.3).

    Within the hour, whatever it says: then we ask again.
    """
    now, asked = datetime.now(UTC), response.headers.get("Retry-After", "")
    if asked.isdecimal():
        return now + min(timedelta(seconds=int(asked[:9])), LONGEST)
    try:
        return min(max(now, parsedate_to_datetime(asked)), now + LONGEST)
    except (TypeError, ValueError):
        return now + timedelta(seconds=PATIENCE)
