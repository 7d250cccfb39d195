"""Saying that the bridge is there, and hearing what its sensors are to do."""

import logging
import queue
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from bridge import VERSION
from bridge.client import Answer, Client, Refused, Trouble, items_of
from bridge.pauses import Pauses
from bridge.readers import Reader
from bridge.readers.fingerprints import DONE, FAILED, PLACE, FingerprintReader, Order
from bridge.recording import Sounds
from bridge.spool import Spool

POLL = 30.0  # seconds, until the server says another number
SHORTEST_POLL, LONGEST_POLL = 1.0, 300.0
MUCH_SKEW = 120.0  # seconds
VERBS = {"enroll_finger": "enrol", "delete_finger": "delete"}
REFUSED = ("checksum", "zero", "unconfirmed", "unreadable")
log = logging.getLogger(__name__)


class Result(NamedTuple):
    """How a command ended."""

    command_id: int
    is_done: bool
    message: str = ""


def failure(command_id: int, why: str) -> Result:
    """Say that a command came to nothing, and why."""
    return Result(command_id, is_done=False, message=why)


class Heartbeat:
    """Knocks every half minute. A command is carried out once, its result told until heard."""

    def __init__(
        self, spool: Spool, client: Client, readers: Sequence[Reader], sounds: Sounds
    ) -> None:
        self._spool, self._client, self._readers, self._sounds = spool, client, readers, sounds
        self._pauses, self._trouble = Pauses(), ""
        self._begun: set[int] = set()
        self._results: queue.SimpleQueue[Result] = queue.SimpleQueue()
        self._untold: list[Result] = []
        self._is_off = False
        self.news = threading.Event()  # a command has ended, a reader has come or gone
        for reader in readers:
            reader.changed = self.news.set

    def run(self, stopped: threading.Event) -> None:
        """Knock until told to stop."""
        while not stopped.is_set():
            self.news.clear()
            pause = self.step()
            (stopped if self._pauses.failures else self.news).wait(pause)

    def step(self) -> float:
        """Tell what has ended, hear what is to be done, and give the seconds until the next."""
        try:
            self._tell_results()
            answer = self._client.post("/heartbeats", self._body())
            commands = items_of(answer, "commands")
        except Trouble as trouble:
            if str(trouble) != self._trouble:
                log.warning("The server does not hear that we are here: %s", trouble)
            self._trouble = str(trouble)
            return self._pauses.failed(asked=trouble.wait)
        self._pauses.succeeded()
        self._trouble = ""
        self._note_skew(answer)
        for command in commands:
            self._begin(command)
        return _poll(answer)

    def _body(self) -> Mapping[str, object]:
        batch = self._spool.batch(0)
        return {
            "boot_id": batch.boot_id,
            "now": batch.now.said,
            "uptime": round(batch.now.uptime, 3),
            "watermark": batch.watermark,
            "queued": batch.waiting,
            "version": VERSION,
            "readers": [_state(reader) for reader in self._readers],
        }

    def _begin(self, command: Answer) -> None:
        """Have a sensor do something; it is said again until it is over, and begun once."""
        number, verb = command.get("id"), VERBS.get(str(command.get("command")))
        if not isinstance(number, int) or number in self._begun:
            return
        self._begun.add(number)
        name = command.get("reader")
        reader = next((one for one in self._readers if one.settings.name == name), None)
        if verb is None or not isinstance(command.get("slot"), int):
            self._end(failure(number, "This bridge is too old for that."))
        elif not isinstance(reader, FingerprintReader):
            self._end(failure(number, "There is no such fingerprint reader here."))
        else:
            reader.order(Order(verb, command["slot"], self._listener(number)))

    def _listener(self, number: int) -> Callable[[str, str], None]:
        def tell(word: str, why: str) -> None:
            if word == DONE:
                self._sounds.beep()
                self._end(Result(number, is_done=True))
            elif word == FAILED:
                self._sounds.buzz()
                self._end(failure(number, why))
            elif word != PLACE:
                self._sounds.beep()  # the next step of learning: lift it, lay it down again

        return tell

    def _end(self, result: Result) -> None:
        self._results.put(result)
        self.news.set()

    def _tell_results(self) -> None:
        while not self._results.empty():
            self._untold.append(self._results.get())
        while self._untold:
            result = self._untold[0]
            body = {"is_done": result.is_done, "message": result.message}
            try:
                self._client.post(f"/commands/{result.command_id}", body)
            except Refused as refused:  # it is over there: nobody waits for the result
                log.warning("Command %s: %s", result.command_id, refused)
            self._untold.pop(0)

    def _note_skew(self, answer: Answer) -> None:
        skew = answer.get("skew_seconds")
        is_off = isinstance(skew, int | float) and abs(skew) > MUCH_SKEW
        if is_off and not self._is_off:
            log.warning("The clock of this machine is wrong by %.0f seconds", skew)
        self._is_off = is_off


def _state(reader: Reader) -> Mapping[str, Any]:
    counts = reader.status.counts
    return {
        "name": reader.settings.name,
        "kind": reader.settings.kind,
        "is_present": reader.status.state == "ready",
        "refused_frames": sum(counts[what] for what in REFUSED),
    }


def _poll(answer: Answer) -> float:
    asked = answer.get("poll_seconds")
    if not isinstance(asked, int | float):
        return POLL
    return min(max(float(asked), SHORTEST_POLL), LONGEST_POLL)
