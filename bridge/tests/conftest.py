"""Readers at the end of a pty, and a place for the spool."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from bridge.clock import Clock, Moment
from bridge.ports import Port
from bridge.readers import Reader, make_reader
from bridge.readers.base import Presented
from bridge.recording import Sounds
from bridge.settings import ReaderSettings, Settings
from bridge.simulator.device import Device
from bridge.spool import Spool
from bridge.tests.standin import TOKEN, StandIn
from bridge.tests.waiting import until

StartReader = Callable[..., "Started"]


class Started:
    """A reader that runs, and what was presented to it."""

    def __init__(self, settings: ReaderSettings, spool: Spool, **options: object) -> None:
        self.presented: list[Presented] = []
        self.can_keep = True
        self.fault: Exception | None = None
        self.reader: Reader = make_reader(settings, self._take, names=spool, **options)  # type: ignore[arg-type]
        self.reader.start()

    def _take(self, presented: Presented) -> bool:
        if self.fault:
            fault, self.fault = self.fault, None
            raise fault
        if self.can_keep:
            self.presented.append(presented)
        return self.can_keep

    @property
    def values(self) -> list[str]:
        return [one.credential for one in self.presented]

    def is_ready(self) -> "Started":
        until(lambda: self.reader.status.state == "ready")
        return self


class Wound(Clock):
    """A clock that is set by the test."""

    def __init__(self, boot_id: str = "first boot") -> None:
        self.boot_id, self.uptime = boot_id, 0.0
        self.at = datetime(2026, 11, 30, 8, 0, tzinfo=timezone(timedelta(hours=1)))

    def now(self) -> Moment:
        return Moment(self.at, self.uptime)

    def passes(self, seconds: float) -> None:
        """Let time pass."""
        self.at += timedelta(seconds=seconds)
        self.uptime += seconds

    def jumps(self, seconds: float) -> None:
        """Set the wall's clock, as a time server does."""
        self.at += timedelta(seconds=seconds)


class Heard(Sounds):
    """Counts the sounds."""

    def __init__(self) -> None:
        super().__init__()
        self.beeps, self.buzzes = 0, 0

    def beep(self) -> None:
        self.beeps += 1

    def buzz(self) -> None:
        self.buzzes += 1


@pytest.fixture
def sounds() -> Heard:
    return Heard()


@pytest.fixture
def clock() -> Wound:
    return Wound()


@pytest.fixture
def spool(tmp_path: Path, clock: Wound) -> Iterator[Spool]:
    spool = Spool(tmp_path / "spool.sqlite", clock)
    yield spool
    spool.close()


@pytest.fixture
def server() -> Iterator[StandIn]:
    with StandIn() as server:
        yield server


@pytest.fixture
def settings(tmp_path: Path, server: StandIn) -> Settings:
    token = tmp_path / "token"
    token.write_text(f"{TOKEN}\n")
    token.chmod(0o600)
    reader = ReaderSettings("door", "id12", str(tmp_path / "reader"))
    return Settings(server.address, token, [reader], spool=tmp_path / "spool.sqlite")


@pytest.fixture
def device(tmp_path: Path) -> Iterator[Device]:
    device = Device(tmp_path / "reader")
    yield device
    device.unplug()


@pytest.fixture
def start_reader(spool: Spool) -> Iterator[StartReader]:
    started: list[Started] = []

    def start(kind: str, port: object, **options: object) -> Started:
        settings = ReaderSettings("door", kind, str(port))
        started.append(Started(settings, spool, **options))
        return started[-1]

    yield start
    for one in started:
        one.reader.stop()
        one.reader.join()


class PluggedIn:
    """A USB adapter, as the system lists it."""

    def __init__(
        self, device: object, serial_number: str | None = None, location: str | None = None
    ) -> None:
        self.device = str(device)
        self.serial_number, self.location = serial_number, location
        self.vid: int | None = 0x1A86
        self.pid: int | None = 0x7523


_: Port = PluggedIn("a port is told by what it looks like")
