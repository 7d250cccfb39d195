"""A small application behind our reception, with times that a test can wait for."""

from collections.abc import Callable, Iterable
from typing import Any

from app.core import reception

reception.ARRIVING = 2
reception.GRACE = 2


def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Give the body back; `/unread` does not read it."""
    body = b"" if environ["PATH_INFO"] == "/unread" else environ["wsgi.input"].read()
    answer = environ["PATH_INFO"].encode() + b" " + str(len(body)).encode()
    start_response("200 OK", [("Content-Length", str(len(answer)))])
    return [answer]
