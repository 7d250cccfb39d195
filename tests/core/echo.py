"""A small application behind our worker of gunicorn, with times that a test can wait for."""

import os
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from app.core import gunicorn_worker

CHECKING = 0.1  # seconds for a password

ARRIVING = 4  # on a busy machine five answers take two seconds

gunicorn_worker.ARRIVING = ARRIVING
gunicorn_worker.GRACE = 2


def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Give the body's size back; `/unread` does not read it, `/session` takes its time.

    `/torn` closes its line a moment after the answer, as the thread of a websocket does, and
    `/process` says who answers.
    """
    if environ["PATH_INFO"] == "/session":
        time.sleep(CHECKING)
    body = b"" if environ["PATH_INFO"] == "/unread" else environ["wsgi.input"].read()
    answer = environ["PATH_INFO"].encode() + b" " + str(len(body)).encode()
    if environ["PATH_INFO"] == "/torn":
        threading.Timer(0.05, environ["gunicorn.socket"].close).start()
    if environ["PATH_INFO"] == "/process":
        answer = str(os.getpid()).encode() + b"!"
    start_response("200 OK", [("Content-Length", str(len(answer)))])
    return [answer]
