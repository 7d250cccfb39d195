"""What all readers do: open, listen, lose the reader, find it again."""

import logging
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from bridge.debounce import Sighting
from bridge.settings import ReaderSettings

CARD, FINGER = "card", "finger"
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 10.0  # seconds between looks for a reader that is away
log = logging.getLogger(__name__)


class Presented(NamedTuple):
    """What somebody presented to a reader."""

    reader: str
    kind: str  # card or finger
    credential: str  # the card's number, or the finger's slot in the sensor, in decimal
    is_held: bool = False  # it lies there still: nobody has just presented it


Sink = Callable[[Presented], bool]  # keeps it; False, if that was not possible


@dataclass
class Status:
    """How a reader is."""

    state: str = "away"  # away | ready
    trouble: str = ""  # why it is away
    counts: Counter[str] = field(default_factory=Counter)


class ReaderLost(Exception):
    """The reader does not answer, or is not there."""


class Reader(threading.Thread):
    """A thread that listens to one reader for as long as the bridge runs."""

    def __init__(self, settings: ReaderSettings, sink: Sink) -> None:
        super().__init__(name=f"reader {settings.name}", daemon=True)
        self.settings = settings
        self.status = Status()
        self.changed: Callable[[], None] = lambda: None  # it is there now, or is away
        self._sink = sink
        self._stopped = threading.Event()

    def run(self) -> None:
        """Listen, and come back after whatever ends that."""
        pause = FIRST_PAUSE
        while not self._stopped.is_set():
            try:
                self.listen()
            except ReaderLost as lost:
                self._note(str(lost))
            except Exception as error:  # a fault of ours must not leave a door without reader
                log.exception("Reader %s failed", self.settings.name)
                self._note(repr(error))
            was_ready = self.status.state == "ready"
            self._set("away")
            pause = FIRST_PAUSE if was_ready else min(pause * 2, LONGEST_PAUSE)
            self._stopped.wait(pause)

    def listen(self) -> None:
        """Open the reader and pass on what is presented, until told to stop.

        Raises:
            ReaderLost: It is not there, or went away.
        """
        raise NotImplementedError

    def stop(self) -> None:
        """Ask the thread to end."""
        self._stopped.set()

    @property
    def is_stopped(self) -> bool:
        """Tell whether the thread is to end."""
        return self._stopped.is_set()

    def is_ready(self) -> None:
        """Note that the reader is there."""
        if self.status.state != "ready":
            log.info("Reader %s is ready", self.settings.name)
        self.status.trouble = ""
        self._set("ready")

    def present(self, kind: str, sighting: Sighting) -> bool:
        """Pass on what was seen; False, if it could not be kept."""
        credential = str(sighting.number)
        return self._sink(Presented(self.settings.name, kind, credential, sighting.is_held))

    def _set(self, state: str) -> None:
        if state != self.status.state:
            self.status.state = state
            self.changed()

    def _note(self, trouble: str) -> None:
        if trouble != self.status.trouble:  # once, not every few seconds for a night
            log.warning("Reader %s is away: %s", self.settings.name, trouble)
        self.status.trouble = trouble
