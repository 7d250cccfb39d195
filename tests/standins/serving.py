"""Serves a stand-in over real HTTP, from a thread or in the foreground."""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Self

from flask import Flask
from werkzeug.serving import BaseWSGIServer, make_server

from tests.standins.connection import Connection, hang_up_all

HOST = "127.0.0.1"


class Served:
    """Something that has a Flask application, and once bound an address."""

    url = ""

    def application(self) -> Flask:
        """Build the application."""
        raise NotImplementedError

    @contextmanager
    def running(self, port: int = 0) -> Iterator[Self]:
        """Serve from a thread, on a free port unless told which."""
        server = self.bound(port)
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            server.shutdown()
            hang_up_all(server)
            server.server_close()
            thread.join()

    def serve(self, port: int, greeting: Callable[[Self], str]) -> None:
        """Say where it is and what to enter, and serve until interrupted."""
        server = self.bound(port)
        sys.stdout.write(greeting(self))
        sys.stdout.flush()
        with suppress(KeyboardInterrupt):
            server.serve_forever()
        server.server_close()

    def bound(self, port: int = 0) -> BaseWSGIServer:
        """A server that has its port but does not serve yet.

        It is for this machine alone: its pages show secrets and ask nobody who they are.
        """
        server = make_server(
            HOST, port, self.application(), threaded=True, request_handler=Connection
        )
        self.url = f"http://{HOST}:{server.server_port}"
        return server
