"""The fingerprint sensor: templates stay inside it, we know numbers of slots only."""

import time
from collections.abc import Callable
from typing import NamedTuple, Protocol

from bridge.frames.r30x import ACK, Packet, PacketDecoder, command

GET_IMAGE, MAKE_FEATURES, SEARCH = 0x01, 0x02, 0x04
MAKE_MODEL, STORE, DELETE = 0x05, 0x06, 0x0C
READ_PARAMETERS, VERIFY_PASSWORD = 0x0F, 0x13
OK, NO_FINGER, NOT_FOUND = 0x00, 0x02, 0x09
REPLY_SECONDS = 3.0  # a search of a full sensor takes one
WHY = {
    0x01: "The sensor received a damaged packet.",
    0x03: "The image could not be taken.",
    0x06: "The image is too smudged.",
    0x07: "Too little of the finger was on the sensor.",
    0x0A: "The two images are not of one finger.",
    0x0B: "The sensor has no such slot.",
    0x10: "The slot could not be emptied.",
    0x13: "The password of the sensor is another one.",
    0x15: "There is no image.",
    0x18: "The sensor could not write to its memory.",
}
PAUSE = 0.1  # seconds between two looks for a finger
FIRST, SECOND = 1, 2  # the two buffers of the sensor


class Wire(Protocol):
    """A serial port, as far as the sensor needs it."""

    def read(self, size: int) -> bytes:
        """Give up to so many bytes, fewer after a moment of silence."""

    def write(self, data: bytes) -> int | None:
        """Send bytes."""


class SensorRefused(Exception):
    """The sensor said no; its words are for the person in front of it."""

    def __init__(self, code: int) -> None:
        super().__init__(WHY.get(code, f"The sensor answered {code:#04x}."))
        self.code = code


class SensorSilent(Exception):
    """The sensor did not answer, or nothing that could be read."""


class Cancelled(Exception):
    """Nobody waits for the finger any more."""


class Match(NamedTuple):
    """A finger that the sensor knows."""

    slot: int
    score: int


class Sensor:
    """An R30x on a wire."""

    def __init__(self, wire: Wire, *, slots: int | None = None, password: int = 0) -> None:
        """Talk to a sensor.

        Args:
            wire: The port it is at.
            slots: How many fingers it holds. Some do not say it: then this has to.
            password: Of the sensor; 0 unless somebody gave it another.
        """
        self._wire, self._password, self._slots = wire, password, slots
        self._decoder = PacketDecoder()

    @property
    def counts(self) -> dict[str, int]:
        """What came from it, noise and damaged packets included."""
        return dict(self._decoder.counts)

    def verify_password(self) -> None:
        """Make sure that it is one, and ours."""
        self._ask(VERIFY_PASSWORD, (self._password, 4))

    def slots(self) -> int:
        """Say how many fingers it holds.

        Raises:
            SensorRefused: It does not say, and nobody has configured it.
        """
        if self._slots is None:
            self._slots = int.from_bytes(self._ask(READ_PARAMETERS, gives=16)[4:6], "big")
        return self._slots

    def search(self) -> Match | None:
        """Look whose finger is on it; none if there is none, or one that it does not know.

        Raises:
            SensorRefused: There is a finger, but it cannot be read or is not known.
        """
        if not self.is_touched():
            return None
        self._ask(MAKE_FEATURES, (FIRST, 1))
        found = self._ask(SEARCH, (FIRST, 1), (0, 2), (self.slots(), 2), gives=4)
        return Match(int.from_bytes(found[:2], "big"), int.from_bytes(found[2:4], "big"))

    def enrol(self, slot: int, step: Callable[[str], bool]) -> None:
        """Learn a finger in two looks at it.

        Args:
            slot: Where to keep it.
            step: Told what the person is to do ("place", "lift", "again") and asked, while that
                is waited for, whether to go on.

        Raises:
            SensorRefused: The two looks do not fit, or the sensor cannot keep it.
            Cancelled: `step` said no.
        """
        self._look("place", FIRST, step)
        self._wait(touched=False, word="lift", step=step)
        self._look("again", SECOND, step)
        self._ask(MAKE_MODEL)
        self._ask(STORE, (FIRST, 1), (slot, 2))

    def delete(self, slot: int) -> None:
        """Empty a slot."""
        self._ask(DELETE, (slot, 2), (1, 2))

    def is_touched(self) -> bool:
        """Take an image, and say whether there was a finger."""
        try:
            self._ask(GET_IMAGE)
        except SensorRefused as refused:
            if refused.code == NO_FINGER:
                return False
            raise
        return True

    def _look(self, word: str, buffer: int, step: Callable[[str], bool]) -> None:
        self._wait(touched=True, word=word, step=step)
        self._ask(MAKE_FEATURES, (buffer, 1))

    def _wait(self, *, touched: bool, word: str, step: Callable[[str], bool]) -> None:
        while self.is_touched() is not touched:
            if not step(word):
                raise Cancelled
            time.sleep(PAUSE)

    def _ask(self, code: int, *arguments: tuple[int, int], gives: int = 0) -> bytes:
        """Send a command, and give what the sensor adds to its yes: so many bytes at least."""
        self._decoder.reset()
        self._wire.write(command(code, *arguments))
        reply = self._reply()
        if reply[0] != OK:
            raise SensorRefused(reply[0])
        if len(reply) - 1 < gives:
            raise SensorSilent("The sensor answered too little.")  # no slot is guessed from it
        return reply[1:]

    def _reply(self) -> bytes:
        end = time.monotonic() + REPLY_SECONDS
        while time.monotonic() < end:
            for packet in self._decoder.feed(self._wire.read(1)):
                if _is_reply(packet):
                    return packet.payload
        raise SensorSilent("The sensor does not answer.")


def _is_reply(packet: Packet) -> bool:
    return packet.packet_id == ACK and bool(packet.payload)
