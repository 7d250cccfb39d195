"""A serial port that is found again by its stable name."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from serial import Serial, SerialException

from bridge.ports import PortLister, find, plugged_in, stable_name
from bridge.readers.base import ReaderLost

TICK = 0.02  # seconds that a read waits at most: then the decoder hears that time has passed


class Names(Protocol):
    """Keeps the stable names of readers over restarts: the spool does."""

    def recall(self, name: str) -> str | None:
        """Give a fact that was kept."""

    def remember(self, name: str, value: str) -> None:
        """Keep a fact."""


class SerialPort:
    """Where a reader is plugged in, whatever number the system gives it this time."""

    def __init__(
        self,
        path: str,
        *,
        baudrate: int,
        names: Names,
        claimed: set[str] | None = None,
        lister: PortLister = plugged_in,
    ) -> None:
        """Describe a port.

        Args:
            path: As it was configured.
            baudrate: Bits per second.
            names: Where the stable names are kept, by the configured path.
            claimed: Configured paths of all readers: what another one is known to be at is not
                taken, though the configured path now leads there.
            lister: Says which ports there are.
        """
        self.path = path
        self._baudrate, self._names, self._lister = baudrate, names, lister
        self._others = (claimed or set()) - {path}

    @contextmanager
    def opened(self) -> Iterator[Serial]:
        """Open the port; what was received before that is thrown away.

        Raises:
            ReaderLost: There is no such port now.
            SerialException: It cannot be opened, or not read any more.
        """
        device = self.present_path()
        with Serial(device, self._baudrate, timeout=TICK, exclusive=True) as serial:
            if name := stable_name(device, self._lister()):
                self._names.remember(f"port {self.path}", name)
            serial.reset_input_buffer()
            yield serial

    def present_path(self) -> str:
        """Say where the reader is now: by its name, else where it was configured.

        Raises:
            ReaderLost: The reader is away, and somebody else's is in its place.
        """
        ports = [*self._lister()]
        known = self._names.recall(f"port {self.path}")
        if known and (device := find(known, ports)):
            return device
        others = {self._names.recall(f"port {path}") for path in self._others}
        if (there := stable_name(self.path, ports)) and there in others:
            raise ReaderLost(f"{self.path} is another reader's now.")
        return self.path


@contextmanager
def lost_when_it_fails() -> Iterator[None]:
    """Say of whatever a port raises that the reader is lost.

    Raises:
        ReaderLost: The port failed.
    """
    try:
        yield
    except (SerialException, OSError) as error:
        raise ReaderLost(str(error)) from error
