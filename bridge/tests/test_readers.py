"""Readers at a pty: read, held, torn away, found again."""

import os
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from bridge.ports import find, stable_name
from bridge.readers.fingerprints import FingerprintReader, Order
from bridge.simulator.device import Device
from bridge.simulator.frames import WRITERS
from bridge.simulator.sensor import SimulatedSensor
from bridge.spool import Spool
from bridge.tests.conftest import PluggedIn, Started, StartReader
from bridge.tests.waiting import until


def frames_are(door: Started, times: int) -> bool:
    return door.reader.status.counts["frames"] == times


@pytest.mark.parametrize("kind", WRITERS)
def test_a_card_that_is_held_is_presented_once(
    kind: str, device: Device, start_reader: StartReader
) -> None:
    door = start_reader(kind, device.link).is_ready()
    for times in (1, 2, 3):
        device.send(WRITERS[kind](4711))
        until(partial(frames_are, door, times))
    assert door.values == ["4711"]


def test_a_ghost_that_passes_its_checksum_comes_alone_and_is_nobody(
    device: Device, start_reader: StartReader
) -> None:
    door = start_reader("rdm6300", device.link).is_ready()
    ghosts = b"\x02F000060007F1\x03", b"\x02000000000000\x03"
    for frame in (*ghosts, WRITERS["rdm6300"](7), WRITERS["rdm6300"](7)):
        device.send(frame)
    until(lambda: door.values == ["7"])
    assert door.reader.status.counts["zero"] == 1
    assert door.reader.status.counts["unconfirmed"] == 2


def test_a_reader_that_is_unplugged_is_found_again(
    device: Device, start_reader: StartReader
) -> None:
    door = start_reader("id12", device.link).is_ready()
    device.unplug()
    until(lambda: door.reader.status.state == "away")
    device.plug_in()
    door.is_ready()
    device.send(WRITERS["id12"](7))
    until(lambda: door.values == ["7"])


def test_a_reader_that_comes_back_under_another_number_is_found_by_its_name(
    tmp_path: Path, device: Device, start_reader: StartReader
) -> None:
    other = Device(tmp_path / "ttyUSB1")
    ports = [PluggedIn(device.link, "A1")]
    door = start_reader("id12", device.link, lister=lambda: ports).is_ready()
    ports[:] = [PluggedIn(other.link, "A1")]
    device.unplug()
    until(lambda: door.reader.status.state == "away")
    door.is_ready()
    other.send(WRITERS["id12"](7))
    until(lambda: door.values == ["7"])
    door.reader.stop()
    other.unplug()


def test_a_reader_does_not_take_the_place_of_another_that_is_known(
    device: Device, spool: Spool, start_reader: StartReader
) -> None:
    spool.remember(f"port {device.link}", "usb 1a86:7523 A1")
    spool.remember("port /dev/ttyUSB7", "usb 1a86:7523 B2")
    door = start_reader(
        "id12",
        device.link,
        claimed={str(device.link), "/dev/ttyUSB7"},
        lister=lambda: [PluggedIn(device.link, "B2")],
    )
    until(lambda: "another reader" in door.reader.status.trouble)


def test_adapters_without_a_number_of_their_own_are_known_by_their_socket() -> None:
    one, two = (
        PluggedIn("/dev/ttyUSB0", None, "1-1.2"),
        PluggedIn("/dev/ttyUSB1", None, "1-1.4"),
    )
    assert stable_name("/dev/ttyUSB1", [one, two]) == "socket 1-1.4"
    assert find("socket 1-1.4", [one, two]) == "/dev/ttyUSB1"


def test_a_number_that_two_adapters_share_is_no_name() -> None:
    twins = [PluggedIn("/dev/ttyUSB0", "0001", "1-1"), PluggedIn("/dev/ttyUSB1", "0001", "1-2")]
    assert stable_name("/dev/ttyUSB0", twins) == "socket 1-1"


def test_a_punch_that_could_not_be_kept_is_kept_when_the_card_is_held_on(
    device: Device, start_reader: StartReader
) -> None:
    door = start_reader("id12", device.link).is_ready()
    door.can_keep = False
    device.send(WRITERS["id12"](7))
    until(lambda: door.reader.status.counts["frames"] == 1)
    assert door.values == []
    door.can_keep = True
    device.send(WRITERS["id12"](7))
    until(lambda: door.values == ["7"])


def test_a_fault_of_ours_does_not_leave_the_door_without_a_reader(
    device: Device, start_reader: StartReader
) -> None:
    door = start_reader("id12", device.link).is_ready()
    door.fault = ZeroDivisionError("ours")
    device.send(WRITERS["id12"](7))
    until(lambda: "ours" in door.reader.status.trouble)
    door.is_ready()
    device.send(WRITERS["id12"](8))
    until(lambda: door.values == ["8"])


@pytest.fixture
def sensor(tmp_path: Path) -> Iterator[tuple[SimulatedSensor, Device]]:
    simulated = SimulatedSensor()
    device = Device(tmp_path / "sensor", simulated.answer)
    yield simulated, device
    device.unplug()


def test_a_finger_is_learnt_through_the_port_and_then_punches(
    sensor: tuple[SimulatedSensor, Device], start_reader: StartReader
) -> None:
    simulated, device = sensor
    door = start_reader("r30x", device.link).is_ready()
    assert isinstance(door.reader, FingerprintReader)
    said: list[str] = []

    def tell(word: str, _why: str) -> None:
        said.append(word)
        if word in {"place", "lift", "again"}:
            simulated.finger = None if word == "lift" else "thumb"

    door.reader.order(Order("enrol", 9, tell))
    until(lambda: "done" in said)
    assert said == ["place", "lift", "again", "done"]
    until(lambda: door.reader.status.counts["held"] > 2)
    assert door.values == []  # the finger lies there since it was learnt
    door.reader._debounce._gone_after = 0.1
    simulated.finger = None
    time.sleep(0.3)
    simulated.finger = "thumb"
    until(lambda: door.values == ["9"])
    simulated.finger = "nobody's"
    until(lambda: door.reader.status.counts["unknown"] > 0)
    door.reader.order(Order("delete", 9, tell))
    until(lambda: said.count("done") == 2)
    assert simulated.fingers == {}
    assert door.values == ["9"]


def test_a_sensor_that_is_none_is_away(
    device: Device, start_reader: StartReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bridge.readers.sensor.REPLY_SECONDS", 0.1)
    door = start_reader("r30x", device.link)
    until(lambda: "does not answer" in door.reader.status.trouble)


class FakeKeyboard:
    """What evdev says of a device, out of a pipe."""

    grabbed: list[str] = []
    source, events = -1, list[Any]()

    def __init__(self, path: str) -> None:
        self.path, self.fd = path, self.source

    def grab(self) -> None:
        self.grabbed.append(self.path)

    def read(self) -> list[Any]:
        os.read(self.fd, 1)
        events, FakeKeyboard.events = FakeKeyboard.events, []
        return events

    def close(self) -> None:
        pass


def key(code: int, value: int) -> SimpleNamespace:
    return SimpleNamespace(type=1, code=code, value=value)


def test_a_keyboard_reader_is_grabbed_and_read_by_its_keys(
    monkeypatch: pytest.MonkeyPatch, start_reader: StartReader
) -> None:
    FakeKeyboard.source, inlet = os.pipe()
    module = ModuleType("evdev")
    module.InputDevice = FakeKeyboard  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "evdev", module)
    monkeypatch.delitem(sys.modules, "bridge.readers.keyboard", raising=False)
    door = start_reader("keyboard", "/dev/input/event7").is_ready()
    typed = [11, 11, 2, 2, 10, 9, 3, 8, 8, 4, 28]  # 0011982773 and Enter
    FakeKeyboard.events = [key(code, value) for code in typed for value in (1, 2, 0)]
    os.write(inlet, b"x")
    until(lambda: door.values == ["11982773"])
    assert FakeKeyboard.grabbed == ["/dev/input/event7"]
    door.reader.stop()
    door.reader.join()
    os.close(inlet)
    os.close(FakeKeyboard.source)
