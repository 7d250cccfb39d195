"""How long an answer may take as a whole: limits between two bytes end none that drips."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError

from app.integrations.hub.errors import NotUnderstood, Unavailable

WHOLE = 120.0  # seconds: for the head of an answer, and for all of it
LARGEST = 64 * 1024 * 1024  # bytes, unpacked
AT_ONCE = 64 * 1024
PLAIN = {"", "identity", "gzip", "deflate"}


@contextmanager
def _hanging_up(connection: Any) -> Iterator[None]:
    """Hang up if what is done takes too long: whoever waits for bytes then hears of it."""

    def hang_up() -> None:
        if connection.sock is not None:
            with suppress(OSError):
                connection.sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(WHOLE, hang_up)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


class _Connection(HTTPConnection):
    def getresponse(self) -> Any:
        """Read the head of an answer."""
        with _hanging_up(self):
            return super().getresponse()


class _SecureConnection(HTTPSConnection):
    def getresponse(self) -> Any:
        """Read the head of an answer."""
        with _hanging_up(self):
            return super().getresponse()


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *arguments: Any, **more: Any) -> None:
        """Let connections hang up in time."""
        super().init_poolmanager(*arguments, **more)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}


def bounded(session: requests.Session) -> None:
    """Let the heads of a session's answers have an end; `read_whole` does so for the rest."""
    session.mount("http://", _Adapter())
    session.mount("https://", _Adapter())
    session.headers["Accept-Encoding"] = "gzip, deflate"


def read_whole(response: requests.Response, *, name: str, until: float) -> None:
    """Read all of an answer that was asked for as a stream, until a moment of the clock.

    It is unpacked piece by piece, so a small one that unpacks without end is found out early.

    Raises:
        Unavailable: It takes too long, or the line breaks.
        NotUnderstood: There is too much of it, or it is packed in a way we did not ask for.
    """
    if response.headers.get("Content-Encoding", "").strip().lower() not in PLAIN:
        raise NotUnderstood(f"{name} packed its answer in a way that we do not take.")
    try:
        body = b"".join(_parts(response, name, until))
    except (HTTPError, OSError) as error:
        response.close()
        why = type(error).__name__
        raise Unavailable(f"{name} broke off its answer ({why}).") from error
    except Unavailable:
        response.close()  # something of it is still on the line
        raise
    response._content = body  # noqa: SLF001  (requests offers no other way)
    response._content_consumed = True  # type: ignore[attr-defined]  # noqa: SLF001


def _parts(response: requests.Response, name: str, until: float) -> Iterator[bytes]:
    size = 0
    while part := response.raw.read1(AT_ONCE, decode_content=True):
        size += len(part)
        if size > LARGEST:
            raise NotUnderstood(f"{name} sent more than can be read at once.")
        if time.monotonic() > until:
            raise Unavailable(f"{name} did not finish its answer in {WHOLE:.0f} seconds.")
        yield part
