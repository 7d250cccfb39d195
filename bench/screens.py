"""Many websockets in one thread: when each heard something, by one clock."""

import os
import selectors
import socket
import time
from base64 import b64encode
from types import TracebackType
from typing import Self

ENOUGH = 65536
TRIES = 50  # a process that is full turns a socket away; another one has room


class Screen:
    """One websocket, shaken hands with, of which only what it receives counts."""

    def __init__(self, port: int, path: str, cookie: str = "", *, token: str = "") -> None:
        self._lines = [
            f"GET {path} HTTP/1.1",
            f"Host: 127.0.0.1:{port}",
            f"Origin: http://127.0.0.1:{port}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Version: 13",
            f"Sec-WebSocket-Key: {b64encode(os.urandom(16)).decode()}",
            *([f"Cookie: {cookie}"] if cookie else []),
            *([f"Authorization: Bearer {token}"] if token else []),
        ]
        self.socket = self._connected(port)
        self.received = b""
        self.heard_at = 0.0

    def _connected(self, port: int) -> socket.socket:
        answer = b""
        for _ in range(TRIES):
            line = socket.create_connection(("127.0.0.1", port))
            line.sendall("\r\n".join([*self._lines, "", ""]).encode())
            answer = line.recv(ENOUGH)
            if b" 101 " in answer.split(b"\r\n", 1)[0]:
                line.setblocking(False)  # noqa: FBT003
                return line
            line.close()
        raise RuntimeError(f"No socket: {answer[:300]!r}")

    def take(self, now: float, what: bytes = b"") -> None:
        """Take what has come, and note when the first of it held something."""
        data = self.socket.recv(ENOUGH)
        if not data:
            raise RuntimeError("The server has closed a socket.")
        self.received += data
        if what in self.received:
            self.heard_at = self.heard_at or now


class Wall:
    """All screens, and one thread that looks at them."""

    def __init__(self) -> None:
        self._screens: list[Screen] = []
        self._selector = selectors.DefaultSelector()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        for screen in self._screens:
            screen.socket.close()
        self._selector.close()

    def hang(self, screen: Screen) -> None:
        """Add a screen."""
        self._screens.append(screen)
        self._selector.register(screen.socket, selectors.EVENT_READ, screen)

    def forget(self) -> None:
        """Throw away what came so far, until for a moment nothing does."""
        while ready := self._selector.select(0.05):
            for key, _ in ready:
                key.data.take(0.0)
        self._begin_anew()

    def heard(self, what: bytes, *, within: float) -> list[float]:
        """Wait until every screen has heard something, and give when each did."""
        end = time.perf_counter() + within
        while not all(one.heard_at for one in self._screens):
            if time.perf_counter() > end:
                raise RuntimeError("A screen does not hear it.")
            for key, _ in self._selector.select(0.05):
                key.data.take(time.perf_counter(), what)
        moments = [one.heard_at for one in self._screens]
        self._begin_anew()
        return moments

    def _begin_anew(self) -> None:
        for screen in self._screens:
            screen.received, screen.heard_at = b"", 0.0
