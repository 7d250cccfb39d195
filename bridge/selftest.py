"""`--selftest`: everything that has to be right, one line each, and what to do if it is not."""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from typing import NamedTuple

from bridge.client import Client, Trouble
from bridge.clock import Clock
from bridge.heartbeat import MUCH_SKEW
from bridge.readers import Reader, make_reader
from bridge.readers.base import Presented
from bridge.settings import ReaderSettings, Settings
from bridge.spool import Spool, SpoolInUse

PATIENCE = 5.0  # seconds that a reader may take to be ready
LOOK = 0.05
READABLE_BY_OTHERS = 0o077


class Check(NamedTuple):
    """What was looked at, and what is wrong with it, if anything."""

    what: str
    trouble: str = ""
    note: str = ""

    def __str__(self) -> str:
        if self.trouble:
            return f"FAILED  {self.what}: {self.trouble}"
        return f"ok      {self.what}{': ' + self.note if self.note else ''}"


def checks(settings: Settings, *, card_seconds: float = 0) -> Iterator[Check]:
    """Look at everything; give each finding as soon as it is known.

    Args:
        settings: Of the bridge.
        card_seconds: How long to wait for a card at each reader; 0: nobody is there with one.
    """
    yield _checked("token", lambda: _token(settings))
    yield _checked("spool", lambda: _spool(settings))
    yield _checked("server", lambda: _server(settings))
    for reader in settings.readers:
        yield _checked(f"reader {reader.name}", partial(_reader, reader, card_seconds))


class Wrong(Exception):
    """A finding, in words for whoever sets the bridge up."""


def _checked(what: str, look: Callable[[], str]) -> Check:
    try:
        return Check(what, note=look())
    except (Wrong, Trouble, OSError) as error:
        return Check(what, trouble=str(error))


def _token(settings: Settings) -> str:
    if not settings.token:
        raise Wrong(f"{settings.token_file} is empty: make a device, and put its token there.")
    if settings.token_file.stat().st_mode & READABLE_BY_OTHERS:
        raise Wrong(f"others can read it: chmod 600 {settings.token_file}")
    return str(settings.token_file)


def _spool(settings: Settings) -> str:
    """Write to the disk as a punch would; the spool itself may be a running bridge's."""
    settings.spool.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    began = time.monotonic()
    with tempfile.TemporaryFile(dir=settings.spool.parent) as file:
        file.write(bytes(4096))
        file.flush()
        os.fsync(file.fileno())
    took = time.monotonic() - began
    try:
        with closing(Spool(settings.spool, Clock())) as spool:
            refused = len(spool.refused())
            waiting = spool.waiting
    except SpoolInUse:
        return f"in use by the running bridge; a write takes {took * 1000:.0f} ms"
    if spool.set_aside:
        raise Wrong(f"it was damaged, and is kept as {spool.set_aside}")
    return f"{waiting} wait, {refused} were refused; a write takes {took * 1000:.0f} ms"


def _server(settings: Settings) -> str:
    clock = Clock()
    body = {"boot_id": f"selftest/{clock.boot_id}", "now": clock.now().said}
    skew = Client(settings).post("/heartbeats", body).get("skew_seconds")
    if not isinstance(skew, int | float):
        raise Wrong("it answers, but not as our server does.")
    if abs(skew) > MUCH_SKEW:
        raise Wrong(f"it answers, but the clock here is wrong by {skew:.0f} s: set the time.")
    return f"answers; the clocks differ by {abs(skew):.1f} s"


def _reader(reader: ReaderSettings, card_seconds: float) -> str:
    seen: list[Presented] = []

    def take(presented: Presented) -> bool:
        seen.append(presented)
        return True

    running = make_reader(reader, take, names=_Forgetful())
    running.start()
    try:
        _until(lambda: running.status.state == "ready", PATIENCE)
        if running.status.state != "ready":
            raise Wrong(running.status.trouble or "it does not answer.")
        if not card_seconds:
            return "is there"
        _until(lambda: bool(seen), card_seconds)
        return _told(running, seen)
    finally:
        running.stop()
        running.join(PATIENCE)


def _told(running: Reader, seen: list[Presented]) -> str:
    counts = ", ".join(f"{number} {what}" for what, number in running.status.counts.items())
    if not seen:
        raise Wrong(f"nothing was read. {counts or 'Not a byte came: look at the wires.'}")
    return f"read a {seen[0].kind} ({counts})"


def _until(what: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not what() and time.monotonic() < end:
        time.sleep(LOOK)


class _Forgetful:
    """Names of ports, not kept: the reader has to be where it was said to be."""

    def recall(self, _name: str) -> str | None:
        """Know nothing."""
        return None

    def remember(self, _name: str, _value: str) -> None:
        """Keep nothing."""
