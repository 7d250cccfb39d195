"""The websocket itself, over the network."""

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from uuid import uuid4

import pytest
from flask import Flask
from redis import ConnectionError as RedisConnectionError
from redis import Redis
from simple_websocket import Client, ConnectionClosed
from werkzeug.serving import make_server

from app.core.broker import broker
from app.core.events import publish
from app.core.metrics import OPEN_SOCKETS
from app.realtime import hub as hub_module
from app.realtime import views
from app.realtime.events import PresenceChanged
from app.realtime.hub import Hub
from tests.conftest import client_of
from tests.factories import RoleFactory, UserFactory
from tests.waiting import PATIENCE, until

pytestmark = pytest.mark.committed

Connect = Callable[[str], Client]
# By name: this Redis also has the other worker's listeners and its browser server's, and this
# process may have one more that a test before has left behind.
LISTENER = f"listener-{uuid4().hex}"


def listeners() -> list[str]:
    """Tell which lines of the hub under test hear what is announced."""
    lines = broker().client_list(_type="pubsub")
    return [line["id"] for line in lines if line["name"] == LISTENER]


@pytest.fixture
def hub(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """Make a hub whose thread ends with the test, when its line is cut."""

    def listen(app: Flask, hub: Hub) -> None:
        with app.app_context(), suppress(RedisConnectionError):
            hub_module._relay(app, hub)

    hub, url = Hub(), app.config["REDIS_URL"]
    monkeypatch.setattr(views, "hub", hub)
    monkeypatch.setattr(views, "WAKE", 0.05)
    monkeypatch.setattr(hub_module, "listen", listen)
    line = partial(Redis.from_url, url, retry=None, client_name=LISTENER)
    monkeypatch.setattr(hub_module, "patient_broker", line)
    yield hub
    for one in listeners():
        broker().client_kill_filter(_id=one)
    if hub._listener:
        hub._listener.join()


@pytest.fixture
def address(app: Flask, hub: Hub) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"127.0.0.1:{server.server_port}"
    hub.close()
    server.shutdown()
    server.server_close()
    thread.join()
    until(lambda: OPEN_SOCKETS._value.get() == 0)


@pytest.fixture
def headers(app: Flask) -> dict[str, str]:
    role = RoleFactory.create(permissions=["stock.view"])
    cookie = client_of(app, UserFactory.create(role=role)).get_cookie("session")
    assert cookie is not None
    return {"Cookie": f"session={cookie.value}", "Origin": "http://127.0.0.1"}


@pytest.fixture
def connect(address: str, headers: dict[str, str]) -> Iterator[Connect]:
    pages: list[Client] = []

    def connect(topics: str) -> Client:
        url = f"ws://{address}/ws?topics={topics}"
        pages.append(Client.connect(url, headers=headers))
        return pages[-1]

    yield connect
    for page in pages:
        page.connected = False
        with suppress(OSError):  # the other side may have been quicker
            page.sock.shutdown(socket.SHUT_RDWR)
        page.thread.join()
        page.sock.close()


def knock(address: str, headers: dict[str, str]) -> socket.socket:
    """Ask for a websocket by hand, and read nothing of what comes."""
    host, port = address.split(":")
    asked = headers | {
        "Host": "127.0.0.1",
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }
    lines = ["GET /ws?topics=stock HTTP/1.1", *map(": ".join, asked.items()), "", ""]
    door = socket.create_connection((host, int(port)))
    door.sendall("\r\n".join(lines).encode())
    return door


def test_a_page_hears_its_topic(connect: Connect) -> None:
    page = connect("stock")
    until(lambda: bool(listeners()))

    publish(PresenceChanged(topic="stock"))

    assert 'id="presence-stock"' in (page.receive(timeout=PATIENCE) or "")
    assert 'id="presence-stock"' in (page.receive(timeout=PATIENCE) or "")


def test_the_first_page_is_told_that_it_is_there(connect: Connect) -> None:
    assert "1 here" in (connect("stock").receive(timeout=PATIENCE) or "")


def test_open_pages_are_counted(connect: Connect) -> None:
    page = connect("stock")
    until(lambda: OPEN_SOCKETS._value.get() == 1)

    page.close()

    until(lambda: OPEN_SOCKETS._value.get() == 0)


def test_a_page_that_is_let_go_is_told_by_the_end(connect: Connect, hub: Hub) -> None:
    page = connect("stock")
    until(lambda: bool(hub._inboxes))

    hub.close()

    with pytest.raises(ConnectionClosed):
        all(page.receive(timeout=PATIENCE) for _ in range(100))


def test_there_are_not_more_sockets_than_threads(
    connect: Connect, address: str, headers: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "SOCKETS", threading.BoundedSemaphore(1))
    connect("stock")

    with knock(address, headers) as door:
        assert b" 503 " in door.recv(100)


def test_a_page_that_reads_nothing_is_given_up(
    address: str, headers: dict[str, str], hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "STUCK", struct.pack("ll", 0, 100_000))

    with knock(address, headers):
        until(lambda: bool(hub._inboxes))

        def is_given_up() -> bool:
            hub.send("stock", "x" * 1_000_000)
            return OPEN_SOCKETS._value.get() == 0

        until(is_given_up)
