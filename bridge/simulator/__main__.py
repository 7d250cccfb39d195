"""`python -m bridge.simulator`: a reader without hardware, to be told what to do.

card 4711        present a card; with 60 behind it, hold it there for a minute
ghost            a frame that passes its checksum, and is nobody
noise            bytes that are no frame
half             half a frame
finger left      lay a finger on the sensor, called as you like; "lift" takes it away
unplug, plug     take the adapter out, and put it in again
quit
"""

import argparse
import random
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from bridge.simulator.device import Device
from bridge.simulator.frames import WRITERS
from bridge.simulator.sensor import SimulatedSensor

REPEATS = 0.1  # seconds between two frames of a card that is held
SHORT = 0.35  # seconds that a card is there if nobody says how long
REPEATING = frozenset({"rdm6300", "7941"})
GHOST, CARD = 0x060007, 4711


class Simulator:
    """One reader, and what can be done to it."""

    def __init__(self, kind: str, link: Path, *, slots: int) -> None:
        self.kind = kind
        self.sensor = SimulatedSensor(slots)
        self.device = Device(link, self.sensor.answer if kind == "r30x" else lambda _data: b"")

    def card(self, number: str = str(CARD), seconds: str = str(SHORT)) -> None:
        """Present a card; a reader that repeats does so while it is there."""
        frame = self._frame(int(number))
        self.device.send(frame)
        end = time.monotonic() + float(seconds)
        while self.kind in REPEATING and time.monotonic() < end:
            time.sleep(REPEATS)
            self.device.send(frame)

    def ghost(self) -> None:
        """Send what RDM6300 makes up now and then."""
        self.device.send(self._frame(GHOST))

    def noise(self) -> None:
        """Send what a bad wire brings."""
        self.device.send(random.randbytes(30))  # noqa: S311

    def half(self) -> None:
        """Send half a frame."""
        self.device.send(self._frame(CARD)[:6])

    def finger(self, name: str = "thumb") -> None:
        """Lay a finger on the sensor."""
        self.sensor.finger = name

    def lift(self) -> None:
        """Take the finger away."""
        self.sensor.finger = None

    def unplug(self) -> None:
        """Take the adapter out."""
        self.device.unplug()

    def plug(self) -> None:
        """Put the adapter in again."""
        self.device.unplug()
        self.device.plug_in()

    @property
    def commands(self) -> Mapping[str, Callable[..., None]]:
        """What can be typed."""
        words = (
            ("finger", "lift") if self.kind == "r30x" else ("card", "ghost", "noise", "half")
        )
        return {word: getattr(self, word) for word in (*words, "unplug", "plug")}

    def obey(self, line: str) -> str:
        """Do what a line says, and give what to answer to it."""
        word, *rest = line.split() or [""]
        if (command := self.commands.get(word)) is None:
            return f"Say one of {', '.join(self.commands)}, quit."
        try:
            command(*rest)
        except (TypeError, ValueError, OverflowError):
            return "A card is a number below 4294967296, a time a number of seconds."
        return "done"

    def _frame(self, number: int) -> bytes:
        return WRITERS[self.kind](number)


def main(arguments: Sequence[str] | None = None) -> None:
    """Make a reader, say where it is, and do what is typed."""
    parser = argparse.ArgumentParser(
        prog="python -m bridge.simulator",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--reader", choices=[*WRITERS, "r30x"], default="rdm6300")
    parser.add_argument("--link", type=Path, default=Path("/tmp/reader"))  # noqa: S108
    parser.add_argument("--slots", type=int, default=200, help="of the fingerprint sensor")
    given = parser.parse_args(arguments)
    simulator = Simulator(given.reader, given.link, slots=given.slots)
    print(f"--port {given.link} --reader {given.reader}", flush=True)  # noqa: T201
    with suppress(KeyboardInterrupt):
        for line in sys.stdin:
            if line.strip() == "quit":
                break
            print(simulator.obey(line), flush=True)  # noqa: T201
    simulator.device.unplug()


if __name__ == "__main__":
    main()
