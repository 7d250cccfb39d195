"""From a card that is presented to a punch on the disk, and only then the beep."""

import logging
import sqlite3
import subprocess
import threading
from collections.abc import Sequence

from bridge.readers.base import Presented
from bridge.spool import Spool

log = logging.getLogger(__name__)


class Sounds:
    """The two sounds, made by programs; silence, where there is no loudspeaker."""

    def __init__(self, good: Sequence[str] = (), bad: Sequence[str] = ()) -> None:
        self._good, self._bad = good, bad

    def beep(self) -> None:
        """Say yes."""
        _play(self._good)

    def buzz(self) -> None:
        """Say no."""
        _play(self._bad)


class Recorder:
    """Keeps what readers pass on, and tells the sender that there is something."""

    def __init__(self, spool: Spool, sounds: Sounds) -> None:
        self.news = threading.Event()
        self._spool, self._sounds = spool, sounds

    def __call__(self, presented: Presented) -> bool:
        """Keep a punch. False, and no beep, if the disk did not take it."""
        try:
            self._spool.add(presented.reader, presented.kind, presented.credential)
        except sqlite3.Error:
            log.exception("A punch at reader %s could not be kept", presented.reader)
            self._sounds.buzz()
            return False
        self.news.set()
        if not presented.is_held:
            self._sounds.beep()
        return True


def _play(command: Sequence[str]) -> None:
    if command:
        threading.Thread(target=_run, args=[command], daemon=True).start()


def _run(command: Sequence[str]) -> None:
    try:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError) as error:
        log.warning("No sound: %s", error)
