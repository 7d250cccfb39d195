"""What can go wrong on purpose: planned faults, each for some of the coming requests."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

Kinds = set[str]


class Known(NamedTuple):
    """The faults that a stand-in has, and the kinds of request that they mean.

    `usual`: fault -> the kind or group it means unless told otherwise. `groups`: group ->
    kinds. `only`: fault -> the kinds it makes sense for, even if matched with more.
    """

    usual: Mapping[str, str]
    groups: Mapping[str, Kinds]
    only: Mapping[str, Kinds]


@dataclass
class Fault:
    """A planned fault: skips `after` fitting requests, then spoils `times`; None: all."""

    name: str
    times: int | None
    after: int
    match: str
    options: dict[str, Any]

    def fits(self, kind: str, known: Known) -> bool:
        """Whether it means a request of this kind."""
        meant = known.groups.get(self.match, {self.match})
        return kind in meant and kind in known.only.get(self.name, meant)


class Faults:
    """The planned faults in order; a request meets the first one that fits."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self.lock = threading.Lock()
        self.planned: list[Fault] = []

    def add(
        self,
        name: str,
        times: int | None = 1,
        after: int = 0,
        match: str | None = None,
        **options: Any,
    ) -> None:
        """Plan a fault; `match` is a kind of request or a group of them.

        It spoils `times` requests, or with None all until it is taken away again.
        Options: `retry_after` of too_many (silent without), `seconds` of what is slow;
        the stand-in's own faults say what else they take.
        """
        usual = self.known.usual
        if name not in usual:
            raise ValueError(f"no fault is called {name}; there are {', '.join(usual)}")
        fault = Fault(name, times, after, match or usual[name], options)
        with self.lock:
            self.planned.append(fault)

    def clear(self) -> None:
        """Let all go well again."""
        with self.lock:
            self.planned.clear()

    def remove(self, name: str) -> None:
        """Take all faults of that name off the plan."""
        with self.lock:
            self.planned = [one for one in self.planned if one.name != name]

    def take(self, kind: str) -> Fault | None:
        """The fault that a request of this kind meets now, used up by one."""
        with self.lock:
            for fault in [one for one in self.planned if one.fits(kind, self.known)]:
                if fault.after:
                    fault.after -= 1
                    continue
                self.use_up(fault)
                return fault
        return None

    def use_up(self, fault: Fault) -> None:
        """Count one of its times, if they are counted."""
        if fault.times is not None:
            fault.times -= 1
            if fault.times <= 0:
                self.planned.remove(fault)
