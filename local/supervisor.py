"""Keeps processes running, and stops them in order."""

import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from local import children

STOP = {signal.SIGINT, signal.SIGTERM}
PAUSES = (0.2, 1, 2, 4, 8, 16, 30)  # seconds before each new start of what keeps ending
UP_AFTER = 5  # seconds: who has lived so long has come up, and its pauses begin anew
TRIES = 5  # for who has never come up
PATIENCE = 20  # seconds for finishing a request or a job

Start = Callable[[], children.Process]


class StoppedError(Exception):
    """Somebody pressed Ctrl-C, closed the terminal, or sent SIGTERM."""


class GivenUpError(Exception):
    """Something does not come up, for the reason given."""


@dataclass
class Part:
    """One process that is to run all the time."""

    name: str
    start: Start
    stop: signal.Signals
    log: Path | None = None  # where it tells its reasons, if not on the terminal
    process: children.Process = field(init=False)
    is_down: bool = field(init=False, default=False)
    has_come_up: bool = field(init=False, default=False)
    ends: int = field(init=False, default=0)  # in a row
    changed_at: float = field(init=False)  # when it last started, or is to start again

    def begin(self) -> None:
        """Start the process."""
        self.process = self.start()
        self.is_down, self.changed_at = False, time.monotonic()

    def tend(self) -> None:
        """Start it again if it has ended, after a pause that grows while it keeps ending."""
        now = time.monotonic()
        if self.is_down:
            if now >= self.changed_at:
                self.begin()
        elif self.process.poll() is not None:
            self._note_end(now)
        elif now - self.changed_at > UP_AFTER:
            self.has_come_up, self.ends = True, 0

    def why(self) -> str:
        """Say how it ended, with the end of its log."""
        code = self.process.returncode or 0
        how = f"killed by signal {-code}" if code < 0 else f"exit status {code}"
        last = f"\n{self.log.read_text(errors='replace')[-1000:]}" if self.log else ""
        return f"{self.name} has ended ({how}).{last}"

    def _note_end(self, now: float) -> None:
        children.kill_session(self.process.pid)
        self.ends += 1
        if self.ends >= TRIES and not self.has_come_up:
            raise GivenUpError(f"{self.why()}\n{self.name} does not come up.")
        pause = PAUSES[min(self.ends, len(PAUSES)) - 1]
        again = f" again in {pause:g} s" if pause >= 1 else " again"
        say(f"{self.why().splitlines()[0]} Starting it{again}.")
        self.is_down, self.changed_at = True, now + pause


class Supervisor:
    """Starts parts in order, tends them, and stops them in the opposite order.

    The signals are blocked and asked for at points of our choosing, so that none can
    interrupt the start of a process that nobody would then know of.
    """

    def __init__(self) -> None:
        """Take the signals over."""
        self.parts: list[Part] = []
        self._stop = set(STOP)
        if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # as it is under `nohup`
            self._stop.add(signal.SIGHUP)
        signal.pthread_sigmask(signal.SIG_BLOCK, self._stop | {signal.SIGCHLD})

    def start(self, part: Part) -> None:
        """Start a part and tend it from now on."""
        part.begin()
        self.parts.append(part)

    def rest(self, seconds: float) -> None:
        """Sleep, at most until a child ends.

        Raises:
            StoppedError: when it is time to go.
        """
        got = signal.sigtimedwait(self._stop | {signal.SIGCHLD}, seconds)
        if got and got.si_signo in self._stop:
            raise StoppedError

    def wait(self, ready: Callable[[], bool], *, within: float) -> None:
        """Wait for something that the parts bring about together, at most so many seconds.

        Raises:
            GivenUpError: when one of them ends meanwhile, or the time has passed.
        """
        deadline = time.monotonic() + within
        while not ready():
            for part in self.parts:
                if part.process.poll() is not None:
                    raise GivenUpError(part.why())
            if time.monotonic() > deadline:
                raise GivenUpError("It takes too long.")
            self.rest(0.02)

    def tend(self) -> None:
        """Keep the parts running until it is time to go."""
        while True:
            self.rest(0.2)
            for part in self.parts:
                part.tend()

    def stop(self) -> None:
        """Stop everything; one more Ctrl-C hurries what is left."""
        for part in reversed(self.parts):
            self._stop_part(part)

    def _stop_part(self, part: Part) -> None:
        if part.process.poll() is None:
            part.process.send_signal(part.stop)
        deadline = time.monotonic() + PATIENCE
        while part.process.poll() is None and time.monotonic() < deadline:
            try:
                self.rest(0.2)
            except StoppedError:
                if part.log is None:  # not a server that is putting its files in order
                    break
        if part.process.poll() is None:
            say(f"{part.name} does not end, so it is killed.")
        children.stop(part.process, part.stop, patience=0)


def say(text: str) -> None:
    """Tell whoever looks at the terminal, at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
