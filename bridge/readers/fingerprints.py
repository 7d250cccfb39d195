"""Readers of fingerprints: they find a finger's slot, and learn or forget one when told to."""

import queue
import time
from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

from bridge.debounce import Debounce
from bridge.readers.base import FINGER, Reader, ReaderLost, Sink
from bridge.readers.sensor import (
    NOT_FOUND,
    Cancelled,
    Sensor,
    SensorRefused,
    SensorSilent,
)
from bridge.readers.serial_port import SerialPort, lost_when_it_fails
from bridge.settings import ReaderSettings

PAUSE = 0.1  # seconds between two looks for a finger
PATIENCE = 60.0  # seconds that learning waits for the finger
PLACE, LIFT, AGAIN, DONE, FAILED = "place", "lift", "again", "done", "failed"


class Order(NamedTuple):
    """What a sensor is to do with a slot, and who is told how it goes."""

    verb: str  # enrol or delete
    slot: int
    tell: Callable[[str, str], None]  # place, lift, again, done or failed; and why


class FingerprintReader(Reader):
    """A sensor at a serial port."""

    def __init__(self, settings: ReaderSettings, sink: Sink, *, port: SerialPort) -> None:
        super().__init__(settings, sink)
        self._port = port
        self._orders: queue.SimpleQueue[Order] = queue.SimpleQueue()
        self._debounce = Debounce()
        self._refused: Counter[str] = Counter()

    def order(self, order: Order) -> None:
        """Have something done; until it is, nobody can punch in here."""
        self._orders.put(order)

    def listen(self) -> None:
        """Look for fingers, and do what is ordered."""
        with lost_when_it_fails(), self._port.opened() as wire:
            sensor = Sensor(wire, slots=self.settings.slots, password=self.settings.password)
            try:
                sensor.verify_password()
                sensor.slots()
                self.is_ready()
                while not self.is_stopped:
                    self._step(sensor)
            except (SensorSilent, SensorRefused) as error:
                raise ReaderLost(str(error)) from error

    def _step(self, sensor: Sensor) -> None:
        try:
            self._carry_out(self._orders.get_nowait(), sensor)
        except queue.Empty:
            self._look(sensor)
        self.status.counts = self._refused + self._debounce.counts + Counter(sensor.counts)
        self._stopped.wait(PAUSE)

    def _look(self, sensor: Sensor) -> None:
        try:
            match = sensor.search()
        except SensorRefused as refused:  # a smudge, or nobody the sensor knows
            self._refused["unknown" if refused.code == NOT_FOUND else "unreadable"] += 1
            return
        if match is None:
            return
        sighting = self._debounce.sighted(match.slot, time.monotonic())
        if sighting and not self.present(FINGER, sighting):
            self._debounce.forget(match.slot)

    def _carry_out(self, order: Order, sensor: Sensor) -> None:
        try:
            if order.verb == "enrol":
                sensor.enrol(order.slot, self._guide(order))
                # It lies there still: nobody has punched with it.
                self._debounce.sighted(order.slot, time.monotonic())
            else:
                sensor.delete(order.slot)
        except SensorRefused as refused:
            order.tell(FAILED, str(refused))
        except Cancelled:
            order.tell(FAILED, "Nobody laid a finger on the sensor.")
        except SensorSilent:
            order.tell(FAILED, "The sensor does not answer.")
            raise
        else:
            order.tell(DONE, "")

    def _guide(self, order: Order) -> Callable[[str], bool]:
        """Tell the person each step once, and wait for it for a minute."""
        end, told = time.monotonic() + PATIENCE, list[str]()

        def step(word: str) -> bool:
            if word not in told:
                told.append(word)
                order.tell(word, "")
            return time.monotonic() < end and not self.is_stopped

        return step
