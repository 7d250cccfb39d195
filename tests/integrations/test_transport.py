"""No answer takes for ever, fills the memory, or goes too deep: each is bounded, and said."""

import gzip
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

from app.integrations.hub import transport
from app.integrations.hub.connector import Request
from app.integrations.hub.decoding import decoded, is_cut, without_depths
from app.integrations.hub.errors import NotUnderstood, Unavailable
from app.integrations.hub.http import Http
from app.integrations.systems.magento.answers import Listed
from app.integrations.systems.magento.connector import Magento

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
Send = Callable[[socket.socket], None]
Serve = Callable[[Send], Http]


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    """Somebody who answers each request as told, byte by byte."""
    monkeypatch.setattr("app.integrations.hub.http.PAUSES", (0.01,))
    door = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def serve(send: Send) -> Http:
        def answer() -> None:
            while not over.is_set():
                with suppress(OSError):
                    line, _address = door.accept()
                    with line:
                        line.recv(65536)
                        send(line)

        threading.Thread(target=answer, daemon=True).start()
        return Http(Magento(), f"http://127.0.0.1:{door.getsockname()[1]}")

    yield serve
    over.set()
    door.close()


def asked(http: Http) -> object:
    return http.get(Request("/", {}), "token", lambda answer: answer.body)


def dripping(line: socket.socket, head: bytes) -> None:
    """Send a byte at a time for as long as somebody listens."""
    line.sendall(head)
    with suppress(OSError):
        while True:
            line.sendall(b" ")
            time.sleep(0.02)


@pytest.mark.parametrize(
    "head", [HEAD + b"Content-Length: 100000\r\n\r\n", b"HTTP/1.1 200 OK\r\nX-Slow: "]
)
def test_an_answer_that_drips_has_an_end(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, head: bytes
) -> None:
    monkeypatch.setattr(transport, "WHOLE", 0.5)
    http = serve(lambda line: dripping(line, head))
    began = time.monotonic()

    with pytest.raises(Unavailable):
        asked(http)

    assert time.monotonic() - began < 10  # and not as long as it drips


def test_what_unpacks_without_end_is_found_out(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "LARGEST", 1_000_000)
    bomb = gzip.compress(b" " * 50_000_000)
    head = HEAD + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(bomb)
    http = serve(lambda line: line.sendall(head + bomb))

    with pytest.raises(NotUnderstood, match="more than can be read"):
        asked(http)


def test_what_is_packed_twice_is_not_unpacked(serve: Serve) -> None:
    twice = gzip.compress(gzip.compress(b"[]"))
    head = HEAD + b"Content-Encoding: gzip, gzip\r\nContent-Length: %d\r\n\r\n" % len(twice)
    http = serve(lambda line: line.sendall(head + twice))

    with pytest.raises(NotUnderstood, match="packed"):
        asked(http)


def test_an_answer_that_is_packed_and_comes_in_pieces_is_read(serve: Serve) -> None:
    packed = gzip.compress(json.dumps({"a": [1, 2.5]}).encode())

    def send(line: socket.socket) -> None:
        line.sendall(HEAD + b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n")
        for at in range(0, len(packed), 7):
            part = packed[at : at + 7]
            line.sendall(b"%x\r\n%s\r\n" % (len(part), part))
        line.sendall(b"0\r\n\r\n")

    body = asked(serve(send))

    assert json.dumps(body, default=float) == '{"a": [1, 2.5]}'


def test_an_answer_that_breaks_off_is_none(serve: Serve) -> None:
    http = serve(lambda line: line.sendall(HEAD + b"Content-Length: 1000\r\n\r\n[1, 2"))

    with pytest.raises(Unavailable):
        asked(http)


def nested(levels: int) -> str:
    return "[" * levels + "]" * levels


@pytest.mark.parametrize("levels", [900, 3000, 100_000])
@pytest.mark.parametrize("shape", [Listed, object])
def test_one_record_that_is_nested_too_deep_costs_itself(levels: int, shape: type) -> None:
    deep = f'{{"entity_id": 1, "a]": "}}", "deep": {nested(levels)}, "after": "\\"[" }}'
    text = f'{{"items": [{deep}, {{"entity_id": 2}}], "total_count": 2}}'.encode()

    found = decoded(text, shape if shape is Listed else dict[str, object])

    first, second = found.items if shape is Listed else found["items"]
    said = json.loads(bytes(first)) if shape is Listed else first
    assert (said["a]"], said["after"]) == ("}", '"[')
    assert is_cut(json.dumps(said).encode())
    assert not is_cut(bytes(second) if shape is Listed else json.dumps(second).encode())


def test_what_is_not_deep_is_not_cut() -> None:
    text = f'{{"items": [{{"a": {nested(50)}}}], "total_count": 1}}'.encode()

    assert without_depths(text) == text
    assert not is_cut(bytes(decoded(text, Listed).items[0]))


@pytest.mark.parametrize("text", [b"[" * 5000, b"[" * 5000 + b"1", b'{"a":' * 5000])
def test_what_never_closes_is_no_json(text: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        decoded(text)
