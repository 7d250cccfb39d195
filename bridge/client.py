"""What is said to the server, and what of its answers is believed."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import requests
from urllib3.exceptions import HTTPError

from bridge.settings import Settings

API = "/api/v1/attendance"
TIMEOUT = (5.0, 20.0)  # seconds to connect, and between two parts of the answer
LONGEST_ANSWER = 4_000_000  # bytes; what is longer is not ours
LONGEST_WAIT = 600.0  # seconds that a server may ask us to wait
OK, TOO_MUCH, WRONG_SHAPE = 200, 413, 422
NEVER = frozenset({400, 404, 409, 410})
REFUSED_US = frozenset({401, 403})

Answer = Mapping[str, Any]


class Trouble(Exception):
    """The server does not have it for certain, so it stays here and is sent again."""

    def __init__(self, why: str, *, wait: float | None = None) -> None:
        super().__init__(why)
        self.wait = wait  # seconds, if the server asked for that


class TooMuch(Trouble):
    """A batch too big for what stands between: half of it may pass."""


class Refused(Trouble):
    """The server has read it and does not want it, now or later."""


class WrongShape(Refused):
    """The server does not take fields as they are; it names them."""

    def __init__(self, why: str, fields: Mapping[str, Any]) -> None:
        super().__init__(why)
        self.fields = fields


class Client:
    """Speaks to the server, over one connection as long as that stands. For one thread."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._http = requests.Session()

    def post(self, path: str, body: Mapping[str, Any]) -> Answer:
        """Send something, and give what our server answered to it.

        Raises:
            Trouble: It may have arrived or not.
        """
        try:
            with self._http.post(
                self._settings.server + API + path,
                data=json.dumps(body),
                headers={
                    "Authorization": f"Bearer {self._settings.token}",
                    "Content-Type": "application/json",
                },
                timeout=TIMEOUT,
                allow_redirects=False,  # elsewhere, a POST arrives as a GET
                stream=True,
            ) as response:
                content = response.raw.read(LONGEST_ANSWER, decode_content=True)
        except (requests.RequestException, OSError, HTTPError) as error:
            raise Trouble(f"{type(error).__name__}: {error}") from error
        if response.status_code != OK:
            raise _trouble(response, content)
        return _parsed(content)


def items_of(answer: Answer, what: str) -> Sequence[Answer]:
    """Give the list of an answer that has to have one.

    Raises:
        Trouble: It has none, so it is not understood.
    """
    items = answer.get(what)
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise Trouble(f"The answer has no {what}.")
    return items


def _trouble(response: requests.Response, content: bytes) -> Trouble:
    status, said = response.status_code, _short(content)
    if status == TOO_MUCH:
        return TooMuch("413: the batch is too big for the server, or for what is before it.")
    if status in REFUSED_US:
        return Trouble(f"{status}: the server does not let this token in: {said}")
    if status == WRONG_SHAPE:
        try:
            fields = _parsed(content).get("fields")
        except Trouble:
            fields = None
        return WrongShape(f"422: {said}", fields if isinstance(fields, dict) else {})
    if status in NEVER:
        return Refused(f"{status}: {said}")
    asked = response.headers.get("Retry-After", "")
    wait = min(float(asked), LONGEST_WAIT) if asked.isdecimal() else None
    return Trouble(f"{status}: {said}", wait=wait)


def _parsed(content: bytes) -> Answer:
    """Read JSON: only what has the envelope of our server was said by it."""
    try:
        answer = json.loads(content)
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        raise Trouble(f"Our server did not say this: {_short(content)}")
    return answer


def _short(content: bytes) -> str:
    return content[:200].decode("utf-8", errors="replace").replace("\n", " ")
