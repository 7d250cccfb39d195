"""The whole bridge: a thread for each reader, one that sends, and one that knocks."""

import logging
import threading
from collections.abc import Callable

from bridge.client import Client
from bridge.clock import Clock
from bridge.heartbeat import Heartbeat
from bridge.ports import PortLister, plugged_in
from bridge.readers import make_reader
from bridge.recording import Recorder, Sounds
from bridge.sending import Sender
from bridge.settings import Settings
from bridge.spool import Spool

log = logging.getLogger(__name__)
FAULT_PAUSE = 5.0
LAST_WORDS = 25.0  # seconds that the last batch may take when the bridge is told to stop


class Bridge:
    """Everything that runs."""

    def __init__(self, settings: Settings, *, lister: PortLister = plugged_in) -> None:
        self.stopped = threading.Event()
        self.spool = Spool(settings.spool, Clock())
        if self.spool.set_aside:
            log.error("The spool was damaged: it is kept as %s", self.spool.set_aside)
        sounds = Sounds(settings.beep, settings.buzz)
        recorder = Recorder(self.spool, sounds)
        claimed = {one.port for one in settings.readers}
        self.readers = [
            make_reader(one, recorder, names=self.spool, claimed=claimed, lister=lister)
            for one in settings.readers
        ]
        self._sender = Sender(self.spool, Client(settings), news=recorder.news, sounds=sounds)
        self._heartbeat = Heartbeat(self.spool, Client(settings), self.readers, sounds)
        self._news = (recorder.news, self._heartbeat.news)

    def run(self) -> None:
        """Work until told to stop."""
        talkers = [
            threading.Thread(target=self._watched, args=[one.run], daemon=True)
            for one in (self._sender, self._heartbeat)
        ]
        for thread in (*self.readers, *talkers):
            thread.start()
        self.stopped.wait()
        for reader in self.readers:
            reader.stop()
        for thread in (*self.readers, *talkers):
            thread.join(LAST_WORDS)
        self.spool.close()

    def stop(self) -> None:
        """Ask it to end: what waits stays on the disk."""
        self.stopped.set()
        for news in self._news:
            news.set()

    def _watched(self, run: Callable[[threading.Event], None]) -> None:
        """Go on after a fault of ours: a bridge that listens but does not send is no use."""
        while not self.stopped.is_set():
            try:
                run(self.stopped)
            except Exception:
                log.exception("The bridge failed; it goes on")
                self.stopped.wait(FAULT_PAUSE)
