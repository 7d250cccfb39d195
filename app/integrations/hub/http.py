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
from app.integrations.hub.connector import (
    FORM,
    JSON,
    RAW,
    Answer,
    Connector,
    Request,
    Write,
)
from app.integrations.hub.decoding import decoded
from app.integrations.hub.errors import (
    AuthExpired,
    NotUnderstood,
    Rejected,
    Throttled,
    Unavailable,
)

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

    def get(
        self, asked: Request | Write, token: str, understand: Callable[[Answer], Any]
    ) -> Any:
        """Ask, up to four times if need be, and give what `understand` makes of the answer.

        What is to be made is asked for once.

        Raises:
            AuthExpired: The token is refused.
            Throttled: Too many requests; when to come back.
            Rejected: The system refuses the request.
            Unavailable: It does not answer; NotUnderstood: not in a way that can be used.
        """
        if isinstance(asked, Write):
            return understand(self.send(asked, token)._replace(place=asked.place))
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
        auth, headers = self._connector.authorization(token), {"Accept": JSON}
        body = {"json": wanted.body} if wanted.media_type == JSON else {"data": wanted.body}
        if wanted.media_type not in {JSON, FORM}:
            headers["Content-Type"] = wanted.media_type
        url = f"{self._base}{wanted.path}"
        response = self._ask("POST", url, auth=auth, headers=headers, **body)
        self._refuse(response)
        return self._read(response)

    def _once(self, asked: Request, token: str) -> Answer:
        if asked.is_elsewhere:
            response = self._fetched(asked)
        else:
            auth, headers = self._connector.authorization(token), {"Accept": JSON}
            url = f"{self._base}{asked.path}"
            response = self._ask("GET", url, auth=auth, headers=headers, params=asked.params)
            self._refuse(response)
        return self._read(response, asked.shape)._replace(place=asked.place)

    def _fetched(self, asked: Request) -> requests.Response:
        """Fetch what lies at another host, which learns nothing of us.

        Raises:
            Rejected: It is not there, or not any more; Unavailable: as always.
        """
        if not (asked.path.startswith("https://") or self._base.startswith("http://")):
            raise Rejected(f"{self._name} sends us to an address that is not encrypted.")
        with requests.Session() as nobody:  # no cookies of ours, no credentials of the machine
            nobody.trust_env = False
            transport.bounded(nobody)
            response = self._ask("GET", asked.path, nobody, params=asked.params)
        status = response.status_code
        if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
            raise Rejected(f"A file of {self._name} cannot be fetched (HTTP {status}).")
        self._refuse(response)
        return response

    def _ask(
        self, method: str, url: str, session: requests.Session | None = None, **what: Any
    ) -> requests.Response:
        until = time.monotonic() + transport.WHOLE
        try:
            response = (session or self._session).request(
                method, url, timeout=SECONDS, allow_redirects=False, stream=True, **what
            )
            transport.read_whole(response, name=self._name, until=until)
        except requests.RequestException as error:
            raise Unavailable(f"{self._name} does not answer ({_kind(error)}).") from error
        return response

    def _refuse(self, response: requests.Response) -> None:
        """Turn what is no success into its error."""
        status = response.status_code
        if status in {HTTPStatus.OK, HTTPStatus.CREATED, HTTPStatus.ACCEPTED}:
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
        moment = _moment(response.headers.get("Date"))
        if shape is RAW:
            return Answer(response.content, moment, response.headers)
        try:
            body = decoded(response.content, shape)
        except ValueError as error:
            raise NotUnderstood(f"{self._name} sent something that is no JSON.") from error
        return Answer(body, moment, response.headers)

    @property
    def _name(self) -> str:
        return self._connector.label


def _kind(error: Exception) -> str:
    """Name the fault, never the address: a query may hold what is nobody's business."""
    return type(error).__name__


def _moment(said: str | None) -> datetime | None:
    """Read the clock of the system, where it tells: always of GMT (RFC 9110, 6.6.1)."""
    try:
        found = parsedate_to_datetime(said) if said else None
    except ValueError:
        return None
    return found.replace(tzinfo=found.tzinfo or UTC) if found else None


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
