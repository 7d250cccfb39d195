"""Who sends half a request holds no thread."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from app.core.gunicorn_worker import MOST, SMALL
from bench.servers import free_port, wait_for
from tests.core.echo import ARRIVING, CHECKING

GET = b"GET /a HTTP/1.1\r\nHost: x\r\n\r\n"
HALVES = {
    "nothing": b"",
    "a head": b"GET /a HTTP/1.1\r\nHost: x\r\nX-More: ",
    "a body": b"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc",
    "an expected body": (
        b"POST /a HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 1000\r\n\r\n"
    ),
    "chunks": b"POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello",
    "a second request": GET + b"GET /b HTTP/1.1\r\n",
}


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Serve by one process with two threads."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}"]
    command += ["--workers", "1", "--threads", "2", "--config", str(Path("gunicorn.conf.py"))]
    server = subprocess.Popen([*command, "tests.core.echo:app"])
    wait_for(port)
    yield port
    server.terminate()
    server.wait()


def line(port: int, *content: bytes) -> socket.socket:
    connected = socket.create_connection(("127.0.0.1", port), timeout=30)
    for piece in content:
        connected.sendall(piece)
    return connected


def answer(connected: socket.socket, *, until: bytes) -> bytes:
    """Read until something has come."""
    found = b""
    while until not in found:
        content = connected.recv(4096)
        assert content, found
        found += content
    return found


def rest(connected: socket.socket) -> bytes:
    """Read until the other side closes."""
    found = b""
    while content := connected.recv(4096):
        found += content
    return found


@pytest.mark.parametrize("half", HALVES)
def test_halves_keep_nobody_waiting(port: int, half: str) -> None:
    with ExitStack() as lines:
        for _ in range(20):
            lines.enter_context(line(port, HALVES[half]))
        began = time.monotonic()
        for _ in range(5):
            with line(port, GET) as mine:
                answer(mine, until=b"/a 0")

        assert time.monotonic() - began < ARRIVING - 0.5  # before the first of them is let go


@pytest.mark.parametrize("half", ["a head", "a body", "chunks"])
def test_who_is_too_slow_hears_so(port: int, half: str) -> None:
    with line(port, HALVES[half]) as slow:
        assert rest(slow).startswith(b"HTTP/1.1 408 ")


def test_more_than_a_process_listens_to_push_out_the_oldest(port: int) -> None:
    with ExitStack() as lines:
        oldest = lines.enter_context(line(port, HALVES["a head"]))
        for _ in range(MOST):
            lines.enter_context(line(port, HALVES["a head"]))

        assert b"408" in answer(oldest, until=b"Again?")


def test_who_signs_in_waits_for_a_turn_and_keeps_nobody_else_waiting(port: int) -> None:
    sign_in = b"POST /session HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"
    with ExitStack() as lines:
        many = [lines.enter_context(line(port, sign_in)) for _ in range(30)]
        began = time.monotonic()
        for _ in range(5):
            with line(port, GET) as mine:
                answer(mine, until=b"/a 0")
        assert time.monotonic() - began < 30 * CHECKING / 2

        for one in many:
            answer(one, until=b"/session 3")
        assert time.monotonic() - began > 20 * CHECKING  # one at a time


def test_a_head_without_end_is_refused(port: int) -> None:
    more = b"X-More: " + b"x" * 1000 + b"\r\n"
    with line(port, HALVES["a head"], more * 70) as long:
        assert b"HTTP/1.1 431 " in answer(long, until=b"too long")


def test_a_request_that_comes_letter_by_letter_is_answered(port: int) -> None:
    with line(port) as slow:
        for letter in GET:
            slow.sendall(bytes([letter]))

        assert answer(slow, until=b"/a 0")


def test_a_line_is_kept_and_requests_may_come_together(port: int) -> None:
    with line(port, GET + GET.replace(b"/a", b"/b")) as mine:
        answer(mine, until=b"/b 0")
        mine.sendall(GET.replace(b"/a", b"/c"))

        assert answer(mine, until=b"/c 0")


@pytest.mark.parametrize("size", [0, 1, SMALL, SMALL + 1, 5_000_000])
def test_bodies_of_all_sizes_arrive(port: int, size: int) -> None:
    head = f"POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: {size}\r\n\r\n".encode()

    with line(port, head, b"x" * size) as mine:
        assert answer(mine, until=f"/p {size}".encode())


@pytest.mark.parametrize("size", [1, SMALL, SMALL * 3])
def test_bodies_in_chunks_arrive(port: int, size: int) -> None:
    head = b"POST /p HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    body = f"{size:x}\r\n".encode() + b"x" * size + b"\r\n0\r\n\r\n"

    with line(port, head, body) as mine:
        assert answer(mine, until=f"/p {size}".encode())


def test_who_asks_before_sending_a_body_is_told_to_go_on(port: int) -> None:
    with line(port, HALVES["an expected body"]) as polite:
        answer(polite, until=b"100 Continue\r\n\r\n")
        polite.sendall(b"x" * 1000)

        assert answer(polite, until=b"/a 1000")


def test_a_large_body_that_nobody_reads_is_not_waited_for(port: int) -> None:
    head = b"POST /unread HTTP/1.1\r\nHost: x\r\nContent-Length: 50000000\r\n\r\n"

    with line(port, head, b"x" * 100) as mine:
        assert b"/unread 0" in rest(mine)


def test_a_large_body_that_stands_still_frees_its_thread(port: int) -> None:
    head = b"POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 50000000\r\n\r\n"
    with line(port, head), line(port, head), line(port, GET) as mine:
        assert answer(mine, until=b"/a 0")


def test_a_line_that_its_application_closes_ends_no_process(port: int) -> None:
    """Its number is free again while we still listen to it: the next visitor gets it."""

    def who() -> bytes:
        with line(port, b"GET /process HTTP/1.1\r\nHost: x\r\n\r\n") as mine:
            return answer(mine, until=b"!").partition(b"\r\n\r\n")[2]

    before = who()
    with ExitStack() as lines:
        for _ in range(5):
            torn = lines.enter_context(line(port, b"GET /torn HTTP/1.1\r\nHost: x\r\n\r\n"))
            answer(torn, until=b"/torn 0")
        time.sleep(0.2)  # until all five are closed
        for _ in range(10):
            answer(lines.enter_context(line(port, GET)), until=b"/a 0")

    assert who() == before
