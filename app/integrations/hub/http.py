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

from app.integrations.hub.connector import Answer, Connector, Request, Write
from app.integrations.hub.decoding import decoded
from app.integrations.hub.errors import AuthExpired, NotUnderstood, Throttled, Unavailable

SECONDS = (5, 60)  # to connect; between two bytes of the answer
PAUSES = (0.5, 1.5, 4.0)  # seconds, about, before a GET is tried again
PATIENCE = 60.0  # seconds to wait after a 429 that does not say how long
LARGEST = 64 * 1024 * 1024

log = logging.getLogger(__name__)


class Http:
    """Asks one account's addresses of one system. Safe to share between threads."""

    def __init__(self, connector: Connector, base: str) -> None:
        self._connector = connector
        self._base = base.rstrip("/")
        self._session = requests.Session()

    def get(self, asked: Request, token: str, understand: Callable[[Answer], Any]) -> Any:
        """Ask, up to four times if need be, and give what `understand` makes of the answer.

        Raises:
            AuthExpired: The token is refused.
            Throttled: Too many requests; when to come back.
            Rejected: The system refuses the request.
            Unavailable: It does not answer; NotUnderstood: not in a way that can be used.
        """
        for pause in PAUSES:
            try:
                return understand(self._once(asked, token))
            except Unavailable as error:
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
        try:
            response = self._session.request(
                method, f"{self._base}{path}", headers={"Accept": "application/json"},
                auth=self._connector.authorization(token), timeout=SECONDS,
                allow_redirects=False, **what,
            )  # fmt: skip
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
        if len(response.content) > LARGEST:
            raise NotUnderstood(f"{self._name} sent more than can be read at once.")
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
    """When to come back: `Retry-After` in seconds or as a date (RFC 9110, 10.2.3)."""
    now, asked = datetime.now(UTC), response.headers.get("Retry-After", "")
    if asked.isdecimal():
        return now + timedelta(seconds=min(int(asked), 3600))
    try:
        return max(now, parsedate_to_datetime(asked))
    except (TypeError, ValueError):
        return now + timedelta(seconds=PATIENCE)
