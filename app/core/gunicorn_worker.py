"""gunicorn's worker with threads, where a request gets a thread only when it is there.

A thread that reads from a stranger's line waits as long as the stranger likes: 260 requests
that were sent to the half held every thread of both processes. Here one thread listens to all
of them, as nginx does, and hands over what has come whole: the head, and a small body. A large
body is read by its thread, at a pace that is demanded; who may send one is asked before that.

Checking a password is work on purpose. Of those who sign in, each process serves one at a time;
the others wait without a thread.
"""

import re
import socket
import struct
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from errno import EAGAIN, ECONNABORTED
from functools import partial
from itertools import takewhile
from selectors import EVENT_READ
from typing import Any

from gunicorn import util  # type: ignore[import-untyped]
from gunicorn.http.errors import NoMoreData  # type: ignore[import-untyped]
from gunicorn.http.unreader import SocketUnreader  # type: ignore[import-untyped]
from gunicorn.workers.gthread import TConn, ThreadWorker  # type: ignore[import-untyped]

SMALL = 128 * 1024  # bytes of a body that is waited for without a thread
LARGEST_HEAD = 64 * 1024  # bytes of what stands before a body
ARRIVING = 10  # seconds that a head with its small body may take
MOST = 500  # that may be arriving in one process; one more, and the oldest has to go
WAITING = 10  # seconds that one who signs in may have to wait for a turn
MOST_WAITING = 200  # that may in one process; one more is turned away
LEAVING = 2  # seconds in which a visitor takes the end of an answer and closes
DRAIN = 0.1  # seconds in which what the application did not read may still come
GRACE = 10  # seconds without a byte; and a large body is as fast as this after the first:
LEAST_PACE = 16 * 1024  # bytes a second
CHUNK = 64 * 1024
STUCK = struct.pack("ll", 30, 0)  # seconds and microseconds that an answer may stand still
SILENT = struct.pack("ll", GRACE, 0)

HEAD_END = b"\r\n\r\n"
SIGNS_IN = re.compile(rb"POST /(?:session[ ?]|password-resets|api/(?:v1/)?auth/)")
LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,18})[ \t]*\r\n")
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


def _refusal(status: str, text: str) -> bytes:
    """Write an answer to who gets no thread."""
    head = f"HTTP/1.1 {status}\r\nConnection: close\r\nContent-Type: text/plain\r\n"
    head += "Retry-After: 10\r\n"
    return f"{head}Content-Length: {len(text)}\r\n\r\n{text}".encode()


TOO_SLOW = _refusal("408 Request Timeout", "The request did not come in time. Again?\n")
TOO_LONG = _refusal(
    "431 Request Header Fields Too Large", "The head of the request is too long.\n"
)
TOO_MANY = _refusal("429 Too Many Requests", "Too many sign in at once. Please try again.\n")


def _received(line: socket.socket) -> bytes | None:
    """Give what has come; None if nothing has yet, nothing at all where the line has ended."""
    try:
        return line.recv(CHUNK)
    except BlockingIOError:
        return None
    except OSError:
        return b""


class PacedReader(SocketUnreader):
    """Reads what follows the beginning, as long as it comes at the least pace."""

    def __init__(self, line: socket.socket) -> None:
        super().__init__(line)
        self.begin()

    def begin(self) -> None:
        """Begin to count anew, for another request."""
        self._began, self._got = time.monotonic(), 0

    def chunk(self, size_hint: int | None = None) -> bytes:
        """Read on.

        Raises:
            NoMoreData: It comes too slowly; for the application the visitor is gone.
        """
        if time.monotonic() > self._began + GRACE + self._got / LEAST_PACE:
            raise NoMoreData
        try:
            found: bytes = super().chunk(size_hint)
        except BlockingIOError as error:
            raise NoMoreData from error
        self._got += len(found)
        return found


class Visitor(TConn):
    """A connection, what has arrived on it, and until when the rest has to."""

    def __init__(self, *about: Any) -> None:
        super().__init__(*about)
        self.arrived = bytearray()
        self.until = 0.0
        self._looked = 0
        self._whole: int | None = None  # length of head and body, once the head is known
        self._is_chunked = False

    def init(self) -> None:
        """Give the parser what has arrived; runs in the thread that reads on."""
        is_new = not self.initialized
        super().init()
        if is_new:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, SILENT)
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, STUCK)
            self.parser.unreader = PacedReader(self.sock)
        self.parser.unreader.begin()
        self.parser.unreader.unread(bytes(self.arrived))
        self.forget()

    def forget(self) -> None:
        """Begin with the next request."""
        self.arrived.clear()
        self._looked, self._whole, self._is_chunked = 0, None, False

    def add(self, content: bytes) -> None:
        """Take in what has come, and look whether the head is whole now."""
        self.arrived += content
        if self._whole is None:
            end = self.arrived.find(HEAD_END, max(self._looked - len(HEAD_END), 0))
            self._looked = len(self.arrived)
            if end >= 0:
                self._read_head(end + len(HEAD_END))

    @property
    def is_whole(self) -> bool:
        """Tell whether a thread can begin: nothing is missing, or more than is waited for."""
        if self._whole is None:
            return False
        if self._is_chunked:
            body = len(self.arrived) - self._whole
            return body > SMALL or (body > 0 and self.arrived.endswith(HEAD_END))
        return len(self.arrived) >= self._whole

    @property
    def signs_in(self) -> bool:
        """Tell whether a password is to be checked."""
        return SIGNS_IN.match(self.arrived) is not None

    @property
    def is_too_long(self) -> bool:
        """Tell whether the head is longer than any need be, and not even at its end."""
        return self._whole is None and len(self.arrived) > LARGEST_HEAD

    def _read_head(self, end: int) -> None:
        head = bytes(self.arrived[:end]).lower()
        self._is_chunked = b"\r\ntransfer-encoding:" in head
        found = LENGTH.search(head)
        body = int(found[1]) if found else 0
        self._whole = end + (body if body <= SMALL else 0)
        if b"\r\nexpect:" in head and (self._is_chunked or 0 < body <= SMALL):
            try:
                self.sock.send(CONTINUE)
            except OSError:  # it does not wait for it, or is gone
                return


class BufferingWorker(ThreadWorker):
    """Listens to everybody with one thread; those who are ready get one of the others."""

    def __init__(self, *about: Any) -> None:
        super().__init__(*about)
        # All in the order of their times.
        self._arriving: dict[Visitor, None] = {}
        self._leaving: dict[Visitor, None] = {}
        self._waiting: dict[Visitor, None] = {}
        self._signing_in: Visitor | None = None

    def accept(self, listener: socket.socket) -> None:
        """Let a visitor in, and listen."""
        try:
            line, address = listener.accept()
        except OSError as error:
            if error.errno not in {EAGAIN, ECONNABORTED}:
                raise
            return
        self.nr_conns += 1
        self._listen(Visitor(self.cfg, line, address, listener.getsockname()))

    def enqueue_req(self, conn: Visitor) -> None:
        """Give a thread, or listen on: to the next request of a line that is kept, too."""
        if conn.initialized and not conn.arrived:
            conn.add(conn.parser.unreader.take_buffered())  # it came with the one before
        if conn.is_whole:
            self._admit(conn)
        else:
            self._listen(conn)

    def murder_pending(self) -> None:
        """Let those go who took too long; when we end, also who has not begun."""
        super().murder_pending()
        now = time.monotonic()
        for visitor in self._overdue(self._arriving, now):
            self._dismiss(visitor)
        for visitor in self._overdue(self._leaving, now):
            self._close(visitor, self._leaving)
        for visitor in self._overdue(self._waiting, now):
            self._dismiss(visitor, TOO_MANY, self._waiting)
        if not self.alive:
            for visitor in [one for one in self._arriving if not one.arrived]:
                self._close(visitor, self._arriving)

    def finish_request(self, conn: Visitor, done: "Future[Any]") -> None:
        """Keep the line, or close it without waiting for the other side.

        gunicorn waits up to two seconds for each, in the thread that listens to all.
        """
        if conn is self._signing_in:
            self._signing_in = None
            if following := next(iter(self._waiting), None):
                del self._waiting[following]
                self._admit(following)
        if not done.cancelled() and done.exception() is None and not done.result():
            self._let_leave(conn)
        else:
            super().finish_request(conn, done)

    def _admit(self, visitor: Visitor) -> None:
        """Give a thread to who is there; who signs in may have to wait for a turn."""
        if not visitor.signs_in:
            super().enqueue_req(visitor)
        elif self._signing_in is None:
            self._signing_in = visitor
            super().enqueue_req(visitor)
        elif len(self._waiting) < MOST_WAITING:
            visitor.until = time.monotonic() + WAITING
            self._waiting[visitor] = None
        else:
            self._dismiss(visitor, TOO_MANY, self._waiting)

    def _listen(self, visitor: Visitor) -> None:
        if len(self._arriving) >= MOST:
            self._dismiss(next(iter(self._arriving)))
        self._register(visitor, self._arriving, ARRIVING, self._hear)

    def _hear(self, visitor: Visitor, line: socket.socket) -> None:
        """Take in what has come; gone is who sends the end of it."""
        if visitor not in self._arriving:  # dismissed for another, after the poller had looked
            return
        content = _received(line)
        if content is None:
            return
        if not content:
            self._close(visitor, self._arriving)
            return
        visitor.add(content)
        if visitor.is_whole:
            self._forget(visitor, self._arriving)
            visitor.data_ready = True
            self._admit(visitor)
        elif visitor.is_too_long:
            self._dismiss(visitor, TOO_LONG)

    def _dismiss(
        self,
        visitor: Visitor,
        why: bytes = TOO_SLOW,
        group: dict[Visitor, None] | None = None,
    ) -> None:
        """Close on who has not said all, or gets no turn; who has begun hears why."""
        if visitor.arrived:
            with suppress(OSError):
                visitor.sock.send(why)
        self._close(visitor, self._arriving if group is None else group)

    def _let_leave(self, visitor: Visitor) -> None:
        """Say that nothing follows, and wait for the other side (RFC 9112, 9.6)."""
        try:
            visitor.sock.shutdown(socket.SHUT_WR)
        except OSError:  # closed or gone
            self.nr_conns -= 1
            visitor.close()
            return
        self._register(visitor, self._leaving, LEAVING, self._see_off)

    def _see_off(self, visitor: Visitor, line: socket.socket) -> None:
        if _received(line) == b"":
            self._close(visitor, self._leaving)

    def _register(
        self,
        visitor: Visitor,
        group: dict[Visitor, None],
        seconds: float,
        hear: Callable[[Visitor, socket.socket], None],
    ) -> None:
        visitor.sock.setblocking(False)  # noqa: FBT003  (theirs)
        visitor.until = time.monotonic() + seconds
        group[visitor] = None
        with suppress(KeyError, ValueError):  # its number was another's, closed unseen
            self.poller.unregister(visitor.sock.fileno())
        self.poller.register(visitor.sock, EVENT_READ, partial(hear, visitor))

    def _forget(self, visitor: Visitor, group: dict[Visitor, None]) -> None:
        group.pop(visitor, None)
        with suppress(KeyError, ValueError):  # closed already
            self.poller.unregister(visitor.sock)

    def _close(self, visitor: Visitor, group: dict[Visitor, None]) -> None:
        self._forget(visitor, group)
        self.nr_conns -= 1
        util.close(visitor.sock)

    def _overdue(self, group: dict[Visitor, None], now: float) -> list[Visitor]:
        return list(takewhile(lambda visitor: visitor.until < now, group))

    def _keepalive_after(self, conn: Visitor, keepalive: object) -> bool:
        """Keep the line only if the body was read: nobody's rest of it is waited for."""
        if not keepalive:
            return False
        return bool(conn.parser.finish_body(deadline=time.monotonic() + DRAIN))
