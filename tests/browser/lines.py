"""A line to the server that a test can cut: for a browser it is as if that were restarted."""

import socket
from contextlib import suppress
from threading import Thread

from tests.browser.conftest import free_address


class Line:
    """Listens at an address of its own, and passes on what is said there and answered."""

    def __init__(self, server: str) -> None:
        host, _, port = server.rpartition("//")[2].partition(":")
        self._server = host, int(port)
        self.address = free_address()
        self._ends: list[socket.socket] = []
        self.connect()

    def connect(self) -> None:
        """Let the server be there."""
        host, _, port = self.address.partition(":")
        self._listener = socket.create_server((host, int(port)))
        Thread(target=self._serve, args=[self._listener], daemon=True).start()

    def cut(self) -> None:
        """Let nobody be there, and end what is going on."""
        for end in (self._listener, *self._ends):
            _end(end)
            end.close()
        self._ends.clear()

    def _serve(self, listener: socket.socket) -> None:
        with suppress(OSError):  # it is cut
            while True:
                here, there = listener.accept()[0], socket.create_connection(self._server)
                self._ends += [here, there]
                for one, other in ((here, there), (there, here)):
                    Thread(target=_pass_on, args=[one, other], daemon=True).start()


def _pass_on(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while said := source.recv(65_536):
            sink.sendall(said)
    for end in (source, sink):
        _end(end)


def _end(end: socket.socket) -> None:
    with suppress(OSError):  # it has ended already
        end.shutdown(socket.SHUT_RDWR)
