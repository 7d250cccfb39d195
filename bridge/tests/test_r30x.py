"""The packets of fingerprint sensors, and what is asked of one."""

import random

import pytest

from bridge.frames.r30x import ACK, COMMAND, HEADER, Packet, PacketDecoder, command
from bridge.readers.sensor import Cancelled, Sensor, SensorRefused, SensorSilent
from bridge.simulator.sensor import SimulatedSensor

VERIFY = bytes.fromhex("EF01FFFFFFFF01000713000000 00001B")


class Wire:
    """Between a sensor and us, with noise in front of every answer if asked."""

    def __init__(self, sensor: SimulatedSensor, noise: bytes = b"") -> None:
        self._sensor, self._noise = sensor, noise
        self._coming = b""

    def write(self, data: bytes) -> int:
        self._coming += self._noise + self._sensor.answer(data)
        return len(data)

    def read(self, size: int) -> bytes:
        given, self._coming = self._coming[:size], self._coming[size:]
        return given


class FingerOf:
    """Lays a finger on a sensor and lifts it, as the steps of enrolment ask."""

    def __init__(self, sensor: SimulatedSensor, first: str, second: str) -> None:
        self.sensor, self.steps = sensor, list[str]()
        self._fingers = {"place": first, "lift": None, "again": second}

    def __call__(self, word: str) -> bool:
        self.steps.append(word)
        self.sensor.finger = self._fingers[word]
        return True


def test_the_password_is_asked_for_as_the_maker_writes_it() -> None:
    assert command(0x13, (0, 4)) == VERIFY


def test_packets_are_found_byte_by_byte_among_noise_halves_and_broken_ones() -> None:
    for seed in range(300):
        rng = random.Random(seed)
        sent, expected = b"", []
        for _ in range(rng.randint(1, 8)):
            packet = Packet(rng.choice([COMMAND, ACK]), rng.randbytes(rng.randint(1, 30)))
            whole = packet.encode()
            broken = bytearray(whole)
            broken[-1] ^= 0x55
            noise = rng.randbytes(rng.randint(1, 20)).replace(HEADER[:1], b"\0")
            kind = rng.choice(["whole", "whole", "noise", "broken"])
            sent += {"whole": whole, "noise": noise, "broken": bytes(broken)}[kind]
            expected += [packet] if kind == "whole" else []
        decoder = PacketDecoder()
        found = [packet for byte in sent for packet in decoder.feed(bytes([byte]))]
        assert found == expected, seed


def test_half_a_packet_is_forgotten_when_the_next_command_is_sent() -> None:
    simulated = SimulatedSensor()
    wire = Wire(simulated)
    wire.write(VERIFY[:6])
    sensor = Sensor(wire)

    sensor.verify_password()

    assert sensor.slots() == simulated.slots  # each answer is to what was asked last


def test_a_finger_is_learnt_found_and_forgotten() -> None:
    simulated = SimulatedSensor()
    sensor = Sensor(Wire(simulated, noise=b"\xef\x00\x01"))
    steps = FingerOf(simulated, "left thumb", "left thumb")

    sensor.enrol(7, steps)
    assert [*dict.fromkeys(steps.steps)] == ["place", "lift", "again"]
    simulated.finger = "left thumb"
    match = sensor.search()
    assert match is not None
    assert match.slot == 7

    sensor.delete(7)
    with pytest.raises(SensorRefused) as refused:
        sensor.search()
    assert refused.value.code == 9


def test_two_fingers_are_not_one() -> None:
    simulated = SimulatedSensor()
    with pytest.raises(SensorRefused, match="not of one finger"):
        Sensor(Wire(simulated)).enrol(1, FingerOf(simulated, "thumb", "index"))
    assert simulated.fingers == {}


def test_a_slot_the_sensor_does_not_have_is_refused() -> None:
    simulated = SimulatedSensor(slots=10)
    with pytest.raises(SensorRefused, match="no such slot"):
        Sensor(Wire(simulated)).enrol(10, FingerOf(simulated, "thumb", "thumb"))


def test_learning_ends_when_nobody_waits_for_it() -> None:
    with pytest.raises(Cancelled):
        Sensor(Wire(SimulatedSensor())).enrol(1, lambda _word: False)


def test_a_sensor_that_does_not_say_how_many_it_holds_is_told() -> None:
    wire = Wire(SimulatedSensor(says_parameters=False))
    with pytest.raises(SensorRefused):
        Sensor(wire).slots()
    assert Sensor(wire, slots=162).slots() == 162


def test_no_slot_is_guessed_from_an_answer_that_is_too_short(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    simulated = SimulatedSensor()
    simulated.finger, simulated.fingers = "thumb", {3: "thumb"}
    monkeypatch.setattr(simulated, "_search", lambda _arguments: b"")
    with pytest.raises(SensorSilent):
        Sensor(Wire(simulated)).search()


def test_without_a_finger_nobody_is_there() -> None:
    assert Sensor(Wire(SimulatedSensor())).search() is None
