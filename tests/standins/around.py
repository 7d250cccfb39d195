"""What lies around a stand-in's routes: its faults are met, and what passes is noted."""

import socket
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

from flask import Flask, Request, Response, g, request

from tests.standins.exchanges import Exchange, exchange
from tests.standins.faults import Fault, Faults, Known

KEPT = 300


class Watched:
    """The planned faults, and what was asked and answered."""

    def __init__(self, known: Known, *, record: bool) -> None:
        self.faults = Faults(known)
        self.record = record
        self.exchanges: deque[Exchange] = deque(maxlen=KEPT)
        self.previous_page: bytes | None = None


class Spoiling(NamedTuple):
    """How one stand-in's faults are carried out.

    `kind_of`: which kind of request this is; None for the pages for people. `before`: what
    comes before an answer; a response given here is the answer. `after`: spoil an answer.
    `dropped`: the faults that end by closing the connection.
    """

    kind_of: Callable[[Request], str | None]
    before: Callable[[Fault], Response | None]
    after: Callable[[Fault, Response, bytes | None], None]
    dropped: frozenset[str] = frozenset({"drop"})


def surround(app: Flask, watched: Watched, spoiling: Spoiling) -> None:
    """Let every request meet its fault, and note it."""

    @app.before_request
    def meet_fault() -> Response | None:
        request.get_data()
        g.kind = spoiling.kind_of(request)
        g.fault = watched.faults.take(g.kind) if g.kind else None
        return spoiling.before(g.fault) if g.fault else None

    @app.after_request
    def finish(response: Response) -> Response:
        is_dropped = g.fault is not None and g.fault.name in spoiling.dropped
        if g.fault:
            spoiling.after(g.fault, response, watched.previous_page)
        elif g.kind == "page" and response.status_code == 200:
            watched.previous_page = response.get_data()
        if watched.record and g.kind:
            name = g.fault.name if g.fault else None
            watched.exchanges.append(exchange(request, response, name, is_dropped=is_dropped))
        if is_dropped:
            hang_up(request)
        return response


def is_met(name: str) -> bool:
    """Whether the request that is being served meets the fault of this name."""
    return g.get("fault") is not None and g.fault.name == name


def hang_up(asked: Request) -> None:
    """Close the connection: what was asked may be done, but the answer never comes."""
    connection: socket.socket = asked.environ["werkzeug.socket"]
    connection.shutdown(socket.SHUT_RDWR)
