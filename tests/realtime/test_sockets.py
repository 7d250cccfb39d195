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
from sqlalchemy import func, select, update
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.serving import make_server
from wsproto.frame_protocol import FrameProtocol, Opcode

from app.accounts import services
from app.accounts.models import User, UserSession
from app.core.broker import broker
from app.core.db import db
from app.core.events import LOOK_AGAIN, publish
from app.core.metrics import OPEN_SOCKETS
from app.realtime import access, views
from app.realtime import hub as hub_module
from app.realtime.events import AccessChanged, PresenceChanged
from app.realtime.hub import Hub
from app.realtime.presence import people
from app.realtime.quota import SocketQuota
from tests.conftest import client_of
from tests.factories import RoleFactory, UserFactory
from tests.waiting import LOOK, PATIENCE, until

pytestmark = pytest.mark.committed

FOR_GOOD = 1000  # a page that is told this stays away

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
    thread = threading.Thread(target=server.serve_forever, args=[LOOK], daemon=True)
    thread.start()
    yield f"127.0.0.1:{server.server_port}"
    hub.close()
    server.shutdown()
    server.server_close()
    thread.join()
    until(lambda: OPEN_SOCKETS._value.get() == 0)


@pytest.fixture
def person(app: Flask) -> User:
    role = RoleFactory.create(permissions=["stock.view", "jobs.view"])
    return UserFactory.create(role=role)


@pytest.fixture
def headers(app: Flask, person: User) -> dict[str, str]:
    cookie = client_of(app, person).get_cookie("session")
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
    first, second = connect("stock"), connect("stock")
    until(lambda: OPEN_SOCKETS._value.get() == 2)

    first.close()
    until(lambda: OPEN_SOCKETS._value.get() == 1)
    assert second.connected

    second.close()
    until(lambda: OPEN_SOCKETS._value.get() == 0)


def end_of(page: Client) -> int:
    """Wait for the end of a page's line, and give its reason."""
    with pytest.raises(ConnectionClosed):
        all(page.receive(timeout=PATIENCE) for _ in range(100))
    reason: int = page.close_reason
    return reason


def test_a_page_that_is_let_go_is_told_by_the_end(connect: Connect, hub: Hub) -> None:
    page = connect("stock")
    until(lambda: bool(hub._inboxes))

    hub.close()

    assert end_of(page) == views.COME_BACK


@pytest.mark.parametrize(
    "end",
    [
        pytest.param(lambda user: services.sign_out_everywhere(user.id, by=None), id="asked"),
        pytest.param(lambda user: services.deactivate_user(user.id, by=None), id="deactivated"),
        pytest.param(lambda user: services.reset_password(user.id, by=None), id="password"),
        pytest.param(lambda user: services.close_session(user, newest()), id="signed out"),
    ],
)
def test_an_open_page_ends_with_its_session(
    connect: Connect, hub: Hub, person: User, end: Callable[[User], None]
) -> None:
    page = connect("stock")
    until(lambda: bool(hub._inboxes) and bool(listeners()))

    end(person)

    assert end_of(page) == FOR_GOOD


def test_a_socket_ends_with_the_token_that_opened_it(
    address: str, hub: Hub, person: User
) -> None:
    issued = services.issue_token(person, name="board", scopes=["stock.view"])
    bearing = {"Authorization": f"Bearer {issued.secret}", "Origin": "http://127.0.0.1"}
    page = Client.connect(f"ws://{address}/ws?topics=stock,jobs", headers=bearing)
    until(lambda: bool(hub._inboxes) and bool(listeners()))
    assert all("jobs" not in topics for topics in hub._inboxes.values())

    services.revoke_token(person, issued.token.id)

    assert end_of(page) == FOR_GOOD


def test_a_page_comes_back_when_the_database_did_not_say(
    connect: Connect, hub: Hub, person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_asked: str) -> set[str]:
        raise PoolTimeout

    page = connect("stock")
    until(lambda: bool(hub._inboxes) and bool(listeners()))
    monkeypatch.setattr(access, "allowed", away)

    publish(AccessChanged(user_id=person.id))

    assert end_of(page) == views.COME_BACK


def test_what_waits_of_a_lost_topic_is_thrown_away(app: Flask) -> None:
    hub = Hub()
    hub._listener = threading.current_thread()
    hub.hears.set()
    with hub.joined(app, {"stock", "jobs"}) as inbox:
        hub.send("jobs", "<p>secret</p>")
        hub.send("stock", LOOK_AGAIN)

        assert not hub.listen_to(inbox, {"stock", "jobs", "counts"})
        assert hub.listen_to(inbox, {"stock"})

        assert inbox.get_nowait() == LOOK_AGAIN
        assert inbox.empty()


def test_a_page_of_somebody_else_stays(connect: Connect, hub: Hub, person: User) -> None:
    page = connect("stock")
    until(lambda: bool(hub._inboxes) and bool(listeners()))

    services.sign_out_everywhere(UserFactory.create().id, by=None)
    publish(PresenceChanged(topic="stock"))

    assert page.receive(timeout=PATIENCE)
    assert page.connected


def newest() -> int:
    found = db.session.scalars(select(UserSession.id).order_by(UserSession.id.desc())).first()
    assert found is not None
    return found


def test_an_open_page_loses_what_a_role_change_takes_away(
    connect: Connect, hub: Hub, person: User
) -> None:
    page = connect("stock,jobs")
    until(lambda: bool(hub._inboxes) and bool(listeners()))

    services.revise_role(person.role_id, by=None, permissions=["stock.view"])

    until(lambda: all("jobs" not in topics for topics in hub._inboxes.values()))
    assert all("stock" in topics for topics in hub._inboxes.values())
    assert people("jobs") == []
    assert page.connected


def test_an_end_that_redis_lost_is_found_all_the_same(
    connect: Connect, hub: Hub, person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access, "LOOKS", 0.1)
    page = connect("stock")
    until(lambda: bool(hub._inboxes))

    db.session.execute(update(UserSession).values(expires_at=func.now()))
    db.session.commit()

    assert end_of(page) == FOR_GOOD


def test_one_person_does_not_take_the_sockets_of_all(
    app: Flask,
    connect: Connect,
    address: str,
    headers: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(views, "QUOTA", SocketQuota(10, per_person=1))
    connect("stock")

    with knock(address, headers) as door:
        assert b" 503 " in door.recv(100)
    other = client_of(app, UserFactory.create()).get_cookie("session")
    assert other is not None
    with knock(address, headers | {"Cookie": f"session={other.value}"}) as door:
        assert b" 101 " in door.recv(100)


def test_there_are_not_more_sockets_than_threads(
    connect: Connect, address: str, headers: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "QUOTA", SocketQuota(1, per_person=1))
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
        assert not hub._inboxes


@pytest.mark.parametrize("size", [1, 125, 126, 65_535, 65_536])
def test_a_message_is_written_once_as_every_browser_reads_it(size: int) -> None:
    text = "ü" + "x" * (size - 2) if size > 1 else "x"
    reader = FrameProtocol(client=True, extensions=[])

    reader.receive_bytes(views.framed(text))

    [frame] = reader.received_frames()
    assert (frame.opcode, frame.payload, frame.message_finished) == (Opcode.TEXT, text, True)
    assert views.framed(text) is views.framed(text)
