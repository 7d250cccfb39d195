"""What a process remembers of the database, until a mark in Redis says that it has changed.

What was read is kept for some seconds, under the mark that Redis held before it was read.
Whatever changes it puts another mark there as soon as it is durable: the next request, in
whichever process, asks the database again. While Redis is away, every request does.
"""

import logging
import time
from collections.abc import Callable, Hashable
from typing import Any, ClassVar, Generic, TypeVar
from uuid import uuid4

from flask import g
from redis import RedisError

from app.core.broker import broker

log = logging.getLogger(__name__)

# What bounds the harm of a mark that Redis has lost: seconds until the database is asked anew.
SECONDS = 10.0
MOST = 10_000  # kept by a process; beyond that it begins anew
T = TypeVar("T")


class Memory(Generic[T]):
    """What a process remembers of one kind: key -> what was read, under which mark, until when.

    With `once_a_context` a mark is good for a whole request or job, also one that another
    memory has fetched meanwhile: they come together.
    """

    _marks: ClassVar[list[str]] = []

    def __init__(self, mark: str, *, once_a_context: bool = False) -> None:
        self.mark = mark
        self._once_a_context = once_a_context
        self._known: dict[Hashable, tuple[T, str, float]] = {}
        self._owes_mark = False
        if mark not in self._marks:
            self._marks.append(mark)

    def find(self, key: Hashable, read: Callable[[], T | None]) -> T | None:
        """Give what belongs to a key; `read` asks the database."""
        mark = self._mark()
        known = self._known.get(key)
        if known and known[1] == mark and time.monotonic() < known[2] and self.holds(known[0]):
            return known[0]
        found = read()
        if found is None or mark is None:
            self._known.pop(key, None)
            return found
        if len(self._known) >= MOST:
            self._known.clear()
        self._known[key] = (found, mark, time.monotonic() + SECONDS)
        return found

    def holds(self, _known: T) -> bool:
        """Tell whether what is remembered is good still, whatever the mark says."""
        return True

    def forget(self, key: Hashable) -> None:
        """Read it again the next time, in this process."""
        self._known.pop(key, None)

    def change_mark(self) -> None:
        """Let every process ask the database again."""
        self._known.clear()
        g.pop("marks", None)
        try:
            broker().set(self.mark, uuid4().hex)
            self._owes_mark = False
        except RedisError as error:
            self._owes_mark = True  # others cannot read it either; it is set once they can
            log.warning("Others remember %s for %s s: %s", self.mark, SECONDS, error)

    def _mark(self) -> str | None:
        """Give the mark as it is; None while Redis does not answer."""
        if self._owes_mark:
            self.change_mark()
        try:
            if not self._once_a_context or self.mark not in g.get("marks", {}):
                g.marks = self._fetched()
            if g.marks[self.mark] is None:
                broker().set(self.mark, uuid4().hex, nx=True)
                g.marks = self._fetched()
        except RedisError:
            return None
        mark: str | None = g.marks[self.mark]
        return mark

    def _fetched(self) -> dict[str, str | None]:
        """Fetch the marks of all memories: that costs no more than to fetch one."""
        marks: Any = broker().mget(self._marks)
        return {
            name: mark.decode() if mark else None
            for name, mark in zip(self._marks, marks, strict=True)
        }
