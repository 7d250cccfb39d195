"""What strangers can do to the pages of others: half requests, long addresses, wrong names."""

import http.client
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from urllib.parse import urlencode

from bench.cases import Server
from bench.clients import Crowd, Measured, Request
from bench.report import Row

HALVES = (
    b"GET / HTTP/1.1\r\nHost: x\r\nX-More: ",
    b"POST /session HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc",
    b"POST /session HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello",
    b"POST /session HTTP/1.1\r\nHost: x\r\nContent-Length: 50000000\r\n\r\nabc",
    b"",
)
MANY, WRONG, RATIO, ROUNDS = 260, 300, 2.0, 5
ASKERS, PAUSE = 4, 0.05  # lines, and seconds between two requests of one
LONG = "/" + "token" * 1600  # 8 kB of what a redactor looks for
PAGES = [Request("/products"), Request("/orders"), Request("/jobs")]


def rows(crowd: Crowd, ours: Server) -> list[Row]:
    """Ask for pages alone, among half-sent requests, long addresses, and wrong sign-ins."""
    load = ours.asked(PAGES)
    crowd.ask(load)
    idle, among, long, wrong = [], [], [], []
    for _ in range(ROUNDS):
        idle.append(crowd.ask(load))
        with half_sent(ours.port):
            among.append(crowd.ask(load))
        with long_addresses(ours.port):
            long.append(crowd.ask(load))
    for _ in range(ROUNDS):
        with wrong_sign_ins(ours.port):
            wrong.append(crowd.ask(load))
    return [
        _row(f"Pages among {MANY} half-sent requests, 8 clients", among, idle),
        _row("Pages among addresses of 8 kB, 8 clients", long, idle),
        _row(f"Pages among {WRONG} wrong sign-ins at once, 8 clients", wrong, idle),
    ]


@contextmanager
def half_sent(port: int) -> Iterator[None]:
    """Hold lines on which no request is whole."""
    with ExitStack() as lines:
        for number in range(MANY):
            line = lines.enter_context(socket.create_connection(("127.0.0.1", port)))
            line.sendall(HALVES[number % len(HALVES)])
        yield


@contextmanager
def long_addresses(port: int) -> Iterator[None]:
    """Ask for addresses of 8 kB, one after the other on each of some lines."""
    stopped = threading.Event()
    askers = [threading.Thread(target=_ask_long, args=(port, stopped)) for _ in range(ASKERS)]
    for asker in askers:
        asker.start()
    try:
        yield
    finally:
        stopped.set()
        for asker in askers:
            asker.join()


def _ask_long(port: int, stopped: threading.Event) -> None:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    while not stopped.wait(PAUSE):
        line.request("GET", LONG)
        line.getresponse().read()
    line.close()


@contextmanager
def wrong_sign_ins(port: int) -> Iterator[None]:
    """Let many try to sign in at once, each on a line of its own."""
    visit = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    visit.request("GET", "/session/new")
    answer = visit.getresponse()
    cookie = (answer.headers["Set-Cookie"] or "").partition(";")[0]
    token = re.findall(r'name="csrf_token"\s+value="([^"]+)"', answer.read().decode())[0]
    everybody = [
        threading.Thread(target=_sign_in_wrong, args=(port, cookie, token, number))
        for number in range(WRONG)
    ]
    for one in everybody:
        one.start()
    try:
        yield
    finally:
        for one in everybody:
            one.join()


def _sign_in_wrong(port: int, cookie: str, token: str, number: int) -> None:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    form = urlencode({"csrf_token": token, "name": f"nobody{number}", "password": "wrong" * 4})
    kind = "application/x-www-form-urlencoded"
    line.request("POST", "/session", form, {"Cookie": cookie, "Content-Type": kind})
    answer = line.getresponse()
    answer.read()
    line.close()
    if answer.status not in {401, 403, 422, 429}:
        raise RuntimeError(f"{answer.status} to a wrong sign-in")


def _row(work: str, measured: list[Measured], idle: list[Measured]) -> Row:
    done, alone = (_middle(rounds) for rounds in (measured, idle))
    ratio = done.percentile(0.95) / alone.percentile(0.95)
    return Row(
        work,
        f"p95 <= {RATIO:g} x idle",
        f"p95 {alone.percentile(0.95):.0f} ms",
        f"{done.per_second:,.0f}/s",
        f"{ratio:.2f}",
        f"{done.percentile(0.5):.1f} ms",
        f"{done.percentile(0.95):.1f} ms",
        is_reached=ratio <= RATIO,
    )


def _middle(rounds: list[Measured]) -> Measured:
    return sorted(rounds, key=lambda one: one.percentile(0.95))[len(rounds) // 2]
