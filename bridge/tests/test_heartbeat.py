"""The server hears that the bridge is there, and its commands are carried out once."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bridge.client import Client
from bridge.heartbeat import Heartbeat
from bridge.readers import Reader, make_reader
from bridge.settings import ReaderSettings, Settings
from bridge.simulator.device import Device
from bridge.simulator.sensor import SimulatedSensor
from bridge.spool import Spool
from bridge.tests.conftest import Heard, Wound
from bridge.tests.standin import StandIn
from bridge.tests.waiting import until

Knock = Callable[[], float]


@pytest.fixture
def sensor() -> SimulatedSensor:
    return SimulatedSensor()


@pytest.fixture
def reader(tmp_path: Path, sensor: SimulatedSensor, spool: Spool) -> Iterator[Reader]:
    device = Device(tmp_path / "sensor", sensor.answer)
    settings = ReaderSettings("gate", "r30x", str(device.link))
    reader = make_reader(settings, lambda _presented: True, names=spool)
    reader.start()
    until(lambda: reader.status.state == "ready")
    yield reader
    reader.stop()
    reader.join()
    device.unplug()


@pytest.fixture
def heartbeat(spool: Spool, settings: Settings, reader: Reader, sounds: Heard) -> Heartbeat:
    return Heartbeat(spool, Client(settings), [reader], sounds)


def command(number: int, verb: str, **changes: object) -> dict[str, object]:
    return {"id": number, "command": verb, "reader": "gate", "slot": 7} | changes


def test_the_server_hears_how_the_bridge_and_its_readers_are(
    heartbeat: Heartbeat, spool: Spool, server: StandIn, clock: Wound
) -> None:
    assert heartbeat.step() == 30
    spool.add("gate", "finger", "7")
    clock.passes(5)
    heartbeat.step()
    first, second = server.heartbeats
    assert first["queued"] == 0
    assert first["watermark"] == first["now"]
    assert first["readers"] == [
        {"name": "gate", "kind": "r30x", "is_present": True, "refused_frames": 0}
    ]
    assert second["queued"] == 1
    assert second["watermark"] == first["now"]


def test_a_finger_is_learnt_at_the_servers_word_once(
    heartbeat: Heartbeat, sensor: SimulatedSensor, server: StandIn, sounds: Heard
) -> None:
    server.commands.append(command(12, "enroll_finger"))
    assert heartbeat.step() == 2
    sensor.finger = "thumb"
    until(lambda: sounds.beeps == 1)
    sensor.finger = None
    until(lambda: sounds.beeps == 2)
    heartbeat.step()  # the command is said again, and has begun already
    sensor.finger = "thumb"
    assert heartbeat.news.wait(10)
    heartbeat.step()
    assert server.results == {12: {"is_done": True, "message": ""}}
    assert sensor.fingers == {7: "thumb"}


def test_a_slot_is_said_to_be_empty_only_when_the_sensor_has_said_so(
    heartbeat: Heartbeat, sensor: SimulatedSensor, server: StandIn
) -> None:
    sensor.fingers[7] = "thumb"
    server.commands.append(command(3, "delete_finger"))
    heartbeat.step()
    assert server.results == {}
    assert heartbeat.news.wait(10)
    server.faults.append("cut")
    heartbeat.step()
    assert server.results == {}
    heartbeat.step()  # told until it was heard
    assert server.results[3]["is_done"]
    assert sensor.fingers == {}


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"slot": 4000}, "no such slot"),
        ({"reader": "attic"}, "no such fingerprint reader"),
        ({"command": "dance"}, "too old"),
        ({"slot": "seven"}, "too old"),
    ],
)
def test_what_cannot_be_done_is_said_to_the_server(
    heartbeat: Heartbeat, server: StandIn, changes: dict[str, object], why: str
) -> None:
    server.commands.append(command(5, "delete_finger", **changes))
    heartbeat.step()
    assert heartbeat.news.wait(10)
    heartbeat.step()
    assert not server.results[5]["is_done"]
    assert why in server.results[5]["message"]


def test_a_result_that_nobody_waits_for_any_more_stops_nothing(
    heartbeat: Heartbeat, server: StandIn
) -> None:
    server.commands.append(command(5, "delete_finger"))
    heartbeat.step()
    assert heartbeat.news.wait(10)
    server.commands.clear()
    assert heartbeat.step() == 30


def test_a_clock_that_is_wrong_is_said_once(
    heartbeat: Heartbeat, server: StandIn, caplog: pytest.LogCaptureFixture
) -> None:
    server.skew = -86400.0
    heartbeat.step()
    heartbeat.step()
    assert caplog.text.count("wrong by -86400 seconds") == 1


def test_without_a_server_it_knocks_again_later(heartbeat: Heartbeat, server: StandIn) -> None:
    server.faults += [(200, b"<html>Please sign in to the WiFi</html>"), "cut"]
    assert heartbeat.step() <= 1
    assert heartbeat.step() <= 2
    assert heartbeat.step() == 30
