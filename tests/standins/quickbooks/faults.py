"""What can go wrong on purpose: planned faults, each for some of the coming requests."""

import threading
from dataclasses import dataclass
from typing import Any

# The requests that a fault means unless told otherwise. A request is of one of the kinds
# page, count, cdc, token, revoke, object; "query" is page or count, "api" all of the API.
# A revocation is met only by a fault that means just that.
USUAL = {
    "too_many": "api",
    "html_503": "api",
    "truncated": "api",
    "slow": "api",
    "expired": "api",
    "invalid_grant": "token",
    "token_500": "token",
    "rotate": "any",
    "duplicate_page": "page",
    "empty": "page",
    "not_json": "api",
    "no_envelope": "api",
    "bad_record": "page",
    "count_off": "count",
    "cdc_truncated": "cdc",
    "drop": "api",
    "refresh_race": "token",
}
GROUPS = {
    "any": {"page", "count", "cdc", "token", "object"},
    "api": {"page", "count", "cdc", "object"},
    "query": {"page", "count"},
}
# These make sense for one kind only, even if matched with more.
ONLY = {
    "duplicate_page": {"page"},
    "empty": {"page"},
    "bad_record": {"page", "cdc"},
    "cdc_truncated": {"cdc"},
    "count_off": {"count"},
    "invalid_grant": {"token"},
    "token_500": {"token"},
    "refresh_race": {"token"},
}


@dataclass
class Fault:
    """A planned fault: skips `after` fitting requests, then spoils `times`; None: all."""

    name: str
    times: int | None
    after: int
    match: str
    options: dict[str, Any]

    def fits(self, kind: str) -> bool:
        """Whether it means a request of this kind."""
        meant = GROUPS.get(self.match, {self.match})
        return kind in meant and kind in ONLY.get(self.name, meant)


class Faults:
    """The planned faults in order; a request meets the first one that fits."""

    def __init__(self) -> None:
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
        """Plan a fault: `match` is query, page, count, cdc, object, token, revoke, api or any.

        It spoils `times` requests, or with None all until it is taken away again.
        Options: `retry_after` of too_many (silent without), `seconds` of slow and
        refresh_race, `record` of bad_record, `by` of count_off.
        """
        if name not in USUAL:
            raise ValueError(f"no fault is called {name}; there are {', '.join(USUAL)}")
        fault = Fault(name, times, after, match or USUAL[name], options)
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
            for fault in [one for one in self.planned if one.fits(kind)]:
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
