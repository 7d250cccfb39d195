"""A small application behind our reception, with times that a test can wait for."""

import time
from collections.abc import Callable, Iterable
from typing import Any

from app.core import reception

CHECKING = 0.1  # seconds for a password

reception.ARRIVING = 2
reception.GRACE = 2


def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Give the body's size back; `/unread` does not read it, `/session` takes its time."""
    if environ["PATH_INFO"] == "/session":
        time.sleep(CHECKING)
    body = b"" if environ["PATH_INFO"] == "/unread" else environ["wsgi.input"].read()
    answer = environ["PATH_INFO"].encode() + b" " + str(len(body)).encode()
    start_response("200 OK", [("Content-Length", str(len(answer)))])
    return [answer]
