"""The way of punches from the disk to the server, which deletes them by saying it has them."""

import logging
import re
import threading
from collections.abc import Mapping, Sequence

from bridge.client import Answer, Client, TooMuch, Trouble, WrongShape, items_of
from bridge.pauses import Pauses
from bridge.recording import Sounds
from bridge.spool import Batch, Punch, Spool

BATCH = 500
FRESH = 10.0  # seconds in which somebody still stands at the reader
IDLE = 3600.0  # seconds; a punch ends it at once
# What the server says it keeps. Anything else is put aside here, so nothing is lost by a word
# that this version does not know.
KEPT = frozenset(
    {
        *("accepted", "duplicate", "debounced", "unknown_credential", "unsure_time"),
        *("inactive", "captured", "conflict"),
    }
)
BAD = frozenset({"unknown_credential", "inactive"})
_PUNCH_FIELD = re.compile(r"punches\.(\d+)\.")
log = logging.getLogger(__name__)


class Sender:
    """Sends what waits, oldest first."""

    def __init__(
        self, spool: Spool, client: Client, *, news: threading.Event, sounds: Sounds
    ) -> None:
        self._spool, self._client = spool, client
        self._news, self._sounds = news, sounds
        self._pauses, self._size, self._trouble = Pauses(), BATCH, ""

    def run(self, stopped: threading.Event) -> None:
        """Send until told to stop."""
        while not stopped.is_set():
            self._news.clear()
            pause = self.step()
            # A punch is no reason to knock at a door that is shut.
            (stopped if self._pauses.failures else self._news).wait(pause)

    def step(self) -> float:
        """Send a batch if there is one, and give the seconds until the next."""
        batch = self._spool.batch(self._size)
        if not batch.punches:
            return IDLE
        try:
            items = items_of(self._client.post("/punches", _body(batch)), "items")
            self._believe(batch, items)
        except TooMuch as error:
            return self._too_much(batch, error)
        except WrongShape as error:
            return self._wrong_shape(batch, error)
        except Trouble as error:
            return self._failed(error)
        if self._pauses.failures:
            log.info("The server answers again")
        self._pauses.succeeded()
        self._trouble, self._size = "", min(self._size * 2, BATCH)
        return 0

    def _believe(self, batch: Batch, items: Sequence[Answer]) -> None:
        """Forget what the server has. What it does not speak of stays, and is sent again."""
        sent = {(punch.boot_id, punch.seq): punch for punch in batch.punches}
        answers = {_key(item): item for item in items}
        if not answers.keys() <= sent.keys() or not answers:
            raise Trouble("The answer does not speak of what was sent.")
        kept = []
        for key, item in answers.items():
            if item.get("outcome") in KEPT:
                kept.append(sent[key].seq)
                self._tell(sent[key], item, batch)
            else:
                self._refuse(sent[key], f"{item.get('outcome')}: {item.get('reason')}")
        self._spool.acknowledge(kept)

    def _tell(self, punch: Punch, item: Answer, batch: Batch) -> None:
        if item["outcome"] == "conflict":
            log.error("Punch %s is known to the server with other content", punch.seq)
        is_fresh = batch.now.uptime - punch.uptime < FRESH and punch.boot_id == batch.boot_id
        if item["outcome"] in BAD and is_fresh:
            self._sounds.buzz()

    def _too_much(self, batch: Batch, error: TooMuch) -> float:
        if len(batch.punches) == 1:
            return self._failed(error)
        self._size = len(batch.punches) // 2
        return 0

    def _wrong_shape(self, batch: Batch, error: WrongShape) -> float:
        """Put aside the punches whose fields were named; the others go on without them."""
        named = {int(found[1]) for found in map(_PUNCH_FIELD.match, error.fields) if found}
        named &= {*range(len(batch.punches))}
        for index in named:
            self._refuse(batch.punches[index], str(error))
        return 0 if named else self._failed(error)

    def _refuse(self, punch: Punch, reason: str) -> None:
        log.error("The server did not take punch %s: %s", punch.seq, reason)
        self._spool.refuse(punch.seq, reason)

    def _failed(self, trouble: Trouble) -> float:
        if str(trouble) != self._trouble:  # once, not every minute for a night
            log.warning("%s punches wait: %s", self._spool.waiting, trouble)
        self._trouble = str(trouble)
        return self._pauses.failed(asked=trouble.wait)


def _key(item: Answer) -> tuple[str, int]:
    seq = item.get("device_seq")
    return str(item.get("boot_id")), seq if isinstance(seq, int) else 0


def _body(batch: Batch) -> Mapping[str, object]:
    return {
        "boot_id": batch.boot_id,
        "now": batch.now.said,
        "uptime": round(batch.now.uptime, 3),
        "watermark": batch.watermark,
        "punches": [_punch(punch) for punch in batch.punches],
    }


def _punch(punch: Punch) -> Mapping[str, object]:
    return {
        "device_seq": punch.seq,
        "boot_id": punch.boot_id,
        "reader": punch.reader,
        "kind": punch.kind,
        "credential": punch.credential,
        "at": punch.at,
        "uptime": punch.uptime,
    }
