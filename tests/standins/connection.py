"""One connection of a client: kept alive, quiet, and without waiting for more to send."""

import socket
import threading
import weakref
from contextlib import suppress
from typing import Any

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler

LOCK = threading.Lock()
OPEN: "weakref.WeakKeyDictionary[Any, set[socket.socket]]" = weakref.WeakKeyDictionary()


class Connection(WSGIRequestHandler):
    """HTTP/1.1, so that one connection serves many requests."""

    protocol_version = "HTTP/1.1"
    # Headers and body go out as two packets; the second must not wait for the first's receipt.
    disable_nagle_algorithm = True

    def setup(self) -> None:
        """Note the connection, so that a stopping server can end it."""
        super().setup()
        with LOCK:
            OPEN.setdefault(self.server, set()).add(self.connection)

    def finish(self) -> None:
        """Forget the connection."""
        with LOCK:
            OPEN.get(self.server, set()).discard(self.connection)
        with suppress(OSError):
            super().finish()

    def run_wsgi(self) -> None:
        """Answer one request and keep the connection.

        werkzeug's own way closes after each answer: it reads on to the end of what a client
        sends, the next request too. Here the application reads each body whole.
        """
        self.environ = self.make_environ()
        try:
            self.send(*self.asked())
        except (ConnectionError, TimeoutError):
            self.close_connection = True

    def asked(self) -> tuple[str, list[tuple[str, str]], bytes]:
        """Ask the application; gives the status, the headers and the body."""
        head: list[Any] = []

        def start(status: str, headers: list[tuple[str, str]], error: Any = None) -> Any:
            head[:] = [status, headers]

        parts = self.server.app(self.environ, start)
        try:
            body = b"".join(parts)
        finally:
            if hasattr(parts, "close"):
                parts.close()
        return head[0], head[1], body

    def send(self, status: str, headers: list[tuple[str, str]], body: bytes) -> None:
        """Write an answer, which always tells its length."""
        code, _, reason = status.partition(" ")
        self.send_response(int(code), reason)
        for name, value in headers:
            self.send_header(name, value)
        if "content-length" not in {name.lower() for name, _ in headers}:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002
        """Say nothing."""


def hang_up_all(server: BaseWSGIServer) -> None:
    """End the connections that clients keep open."""
    with LOCK:
        for connection in OPEN.pop(server, set()):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
