"""Punches on this machine's disk, from before the beep until the server has them."""

import sqlite3
import threading
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from bridge.clock import Clock, Moment

SCHEMA = """
CREATE TABLE IF NOT EXISTS fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS punch (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,  -- never again, though the row goes
  boot_id TEXT NOT NULL,
  reader TEXT NOT NULL,
  kind TEXT NOT NULL,
  credential TEXT NOT NULL,
  at TEXT NOT NULL,
  uptime REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS refused (
  seq INTEGER PRIMARY KEY, boot_id TEXT NOT NULL, reader TEXT NOT NULL, kind TEXT NOT NULL,
  credential TEXT NOT NULL, at TEXT NOT NULL, uptime REAL NOT NULL, reason TEXT NOT NULL
);
"""
# Exclusive: two bridges at one spool would send everything twice. Full: what was answered with
# a beep survives the plug being pulled. Secure: numbers of cards do not stay in free pages.
SETTINGS = (
    "PRAGMA locking_mode=EXCLUSIVE",
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA secure_delete=ON",
)
BUSY_SECONDS = 2.0


class SpoolInUse(Exception):
    """Another bridge has the spool."""


class Punch(NamedTuple):
    """A punch that waits for the server. Nothing of it ever changes: its key stands for it."""

    seq: int
    boot_id: str  # names the counter: a new file or a new boot begins another one
    reader: str
    kind: str
    credential: str
    at: str
    uptime: float


class Batch(NamedTuple):
    """What waited longest, and what is known of the rest."""

    punches: Sequence[Punch]
    boot_id: str
    now: Moment
    watermark: str  # when these are gone, nothing older than this waits
    waiting: int


class Spool:
    """A queue in a file, for several readers and one sender.

    Raises:
        SpoolInUse: Another process works with the file.
    """

    def __init__(self, path: Path, clock: Clock) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        self.path = path
        self.set_aside: Path | None = None  # where a damaged file went
        self._clock, self._lock = clock, threading.Lock()
        self._db = self._opened()
        self.id = self._identity()

    @property
    def boot_id(self) -> str:
        """Name the counter of now."""
        return f"{self.id}/{self._clock.boot_id}"

    def add(self, reader: str, kind: str, credential: str) -> None:
        """Keep a punch of now; when this returns, it is on the disk."""
        with self._changing():
            now = self._clock.now()  # under the lock: no batch was told that nothing is older
            self._db.execute(
                "INSERT INTO punch (boot_id, reader, kind, credential, at, uptime)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                [self.boot_id, reader, kind, credential, now.said, round(now.uptime, 3)],
            )

    def batch(self, limit: int) -> Batch:
        """Give what has waited longest."""
        with self._lock:
            now = self._clock.now()
            rows = self._db.execute("SELECT * FROM punch ORDER BY seq LIMIT ?", [limit])
            punches = [Punch(*row) for row in rows]
            last = punches[-1].seq if punches else 0
            [left, oldest, _] = self._db.execute(
                "SELECT count(*), at, min(julianday(at)) FROM punch WHERE seq > ?", [last]
            ).fetchone()
        return Batch(punches, self.boot_id, now, oldest or now.said, len(punches) + left)

    def acknowledge(self, seqs: Iterable[int]) -> None:
        """Forget what the server has."""
        with self._changing():
            self._db.executemany("DELETE FROM punch WHERE seq = ?", [[seq] for seq in seqs])
        self._wipe_if_empty()

    def refuse(self, seq: int, reason: str) -> None:
        """Put aside what the server does not take: kept with its reason, and out of the way."""
        with self._changing():
            self._db.execute(
                "INSERT OR REPLACE INTO refused SELECT *, ? FROM punch WHERE seq = ?",
                [reason, seq],
            )
            self._db.execute("DELETE FROM punch WHERE seq = ?", [seq])

    @property
    def waiting(self) -> int:
        """How many punches the server does not have yet."""
        with self._lock:
            return int(self._db.execute("SELECT count(*) FROM punch").fetchone()[0])

    def refused(self) -> list[tuple[int, str]]:
        """Give the numbers of what the server did not take, with its reasons."""
        with self._lock:
            return self._db.execute("SELECT seq, reason FROM refused ORDER BY seq").fetchall()

    def recall(self, name: str) -> str | None:
        """Give a fact that was kept, if there is one."""
        with self._lock:
            row = self._db.execute("SELECT value FROM fact WHERE name = ?", [name]).fetchone()
        return row[0] if row else None

    def remember(self, name: str, value: str) -> None:
        """Keep a fact over restarts."""
        with self._changing():
            self._db.execute("INSERT OR REPLACE INTO fact VALUES (?, ?)", [name, value])

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._db.close()

    @contextmanager
    def _changing(self) -> Iterator[None]:
        with self._lock, self._db:
            yield

    def _identity(self) -> str:
        """Give this file's own name: a new file begins its numbers again, and says so by it."""
        if (known := self.recall("spool_id")) is None:
            self.remember("spool_id", known := str(uuid.uuid4()))
        return known

    def _opened(self) -> sqlite3.Connection:
        try:
            return _connect(self.path)
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                raise SpoolInUse(f"{self.path} is in use by another bridge.") from error
            raise
        except sqlite3.DatabaseError:
            self._set_aside()
            return _connect(self.path)

    def _set_aside(self) -> None:
        """Keep a damaged file for whoever can read more of it, and go on with a new one."""
        aside = self.path.with_name(f"{self.path.name}.damaged-{uuid.uuid4().hex[:8]}")
        for ending in ("", "-wal"):
            part = self.path.with_name(self.path.name + ending)
            if part.exists():
                part.replace(aside.with_name(aside.name + ending))
        self.path.touch(mode=0o600)
        self.set_aside = aside

    def _wipe_if_empty(self) -> None:
        """Empty the write-ahead log too: it holds what was deleted."""
        with self._lock:
            if not self._db.execute("SELECT EXISTS (SELECT 1 FROM punch)").fetchone()[0]:
                self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, check_same_thread=False)
    try:
        for setting in SETTINGS:
            connection.execute(setting)
        connection.executescript(SCHEMA)
        [health] = connection.execute("PRAGMA quick_check(1)").fetchone()
    except BaseException:
        connection.close()
        raise
    if health != "ok":
        connection.close()
        raise sqlite3.DatabaseError(health)
    return connection
