"""Work sessions out of marks: what somebody punched, and what corrections made of it.

Nothing is matched by calendar date. An open session wins: the next mark ends it, also after
midnight, until the late end of its shift has passed. Only then the window of a shift decides
what a mark belongs to. Time is counted in UTC, so a night of 23 to 7 o'clock has seven hours
when the clocks go forward and nine when they go back. A session that nobody ended stays open
and is flagged; its end is never guessed.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from operator import attrgetter
from typing import NamedTuple
from zoneinfo import ZoneInfo

IN, OUT, BREAK, RESUME = "in", "out", "break", "resume"

ACCEPTED = "accepted"
DUPLICATE = "duplicate"  # within the debounce of the last sighting
REPEATED = "repeated"  # says in while in, or a break within a break
STRAY = "stray"  # says out while out: the in is missing

# A mark this short before the next shift belongs to that one, though its own still runs.
TURN = timedelta(minutes=30)
LONGEST_SHIFT = timedelta(hours=25)  # of a night when clocks go back
NO_TIME = timedelta()
_begin = attrgetter("begin")
# Of two marks in one second an end comes before a begin.
RANKS = {OUT: 0, RESUME: 1, BREAK: 2, IN: 3, "": 4}


class Mark(NamedTuple):
    """Something that was punched, or that a correction says was.

    `intent` is what a person or a correction says it is; empty: whatever the state makes of it.
    `zone` is that of the device, if it has one of its own. A correction bounces off nothing.
    """

    at: datetime
    key: int  # the id of a punch; of a correction, negative
    intent: str = ""
    zone: str = ""

    @property
    def is_corrected(self) -> bool:
        """Tell whether a correction says it."""
        return self.key < 0


class Shift(NamedTuple):
    """A shift that somebody is down for on a day; `early` and `late` widen its window."""

    shift_id: int
    day: date
    begin: datetime
    end: datetime
    early: timedelta
    late: timedelta
    zone: str


class Limits(NamedTuple):
    """What the company decides about marks."""

    debounce: timedelta = timedelta(seconds=60)
    longest: timedelta = timedelta(hours=16)  # of a session without a shift


class Verdict(NamedTuple):
    """What became of a mark, and what it was: in, out, break or resume."""

    key: int
    outcome: str
    direction: str = ""


@dataclass(slots=True)
class Session:
    """Time at work from one mark to another, and the shift and day it belongs to.

    `closes_until` is when the next mark ends it no more: past that it is forgotten.
    """

    begin: datetime
    begin_key: int
    day: date
    zone: str
    closes_until: datetime
    shift: Shift | None = None
    end: datetime | None = None
    end_key: int | None = None
    breaks: list[tuple[datetime, datetime | None]] = field(default_factory=list)

    @property
    def is_on_break(self) -> bool:
        """Tell whether a break is going on."""
        return bool(self.breaks) and self.breaks[-1][1] is None

    @property
    def break_time(self) -> timedelta:
        """How long breaks were in all; one that goes on does not count yet."""
        if not self.breaks:
            return NO_TIME
        return sum((end - begin for begin, end in self.breaks if end), NO_TIME)

    @property
    def worked(self) -> timedelta | None:
        """How long was worked; None while it is open."""
        if self.end is None:
            return None
        whole = self.end - self.begin
        return whole - self.break_time if self.breaks else whole

    def pause(self, at: datetime) -> None:
        """Begin a break."""
        self.breaks.append((at, None))

    def resume(self, at: datetime) -> None:
        """End the break."""
        self.breaks[-1] = (self.breaks[-1][0], at)

    def close(self, mark: Mark) -> None:
        """End it, with the break that goes on."""
        if self.is_on_break:
            self.resume(mark.at)
        self.end, self.end_key = mark.at, mark.key


class Derived(NamedTuple):
    """What follows from somebody's marks."""

    sessions: list[Session]
    verdicts: list[Verdict]


def derive(
    marks: Iterable[Mark], shifts: Sequence[Shift], *, limits: Limits, zone: str
) -> Derived:
    """Make sessions out of the marks of one person, who lives in a zone.

    The order of marks does not matter, nor how often this is done. `shifts` are in the order
    of their begin.
    """
    found = Derived([], [])
    current: Session | None = None
    seen: Mark | None = None  # the last sighting of the person, whatever became of it
    for mark in sorted(marks, key=_order):
        if not mark.is_corrected:
            is_double = _bounces(mark, seen, limits.debounce)
            seen = mark
            if is_double:
                found.verdicts.append(Verdict(mark.key, DUPLICATE))
                continue
        if current is not None and _is_left(current, mark, shifts):
            current = None  # forgotten: it stays open
        if current is None:
            current = _opened(found, mark, shifts, limits, zone)
        elif _goes_on(found, current, mark):
            current = None
    return found


def _order(mark: Mark) -> tuple[datetime, int, int]:
    return mark.at, RANKS[mark.intent], mark.key


def _bounces(mark: Mark, seen: Mark | None, debounce: timedelta) -> bool:
    """Tell whether a card still lies there; whoever says something else means it."""
    if seen is None or mark.at - seen.at > debounce:
        return False
    return mark.intent in ("", seen.intent)


def _is_left(current: Session, mark: Mark, shifts: Sequence[Shift]) -> bool:
    """Tell whether a session was forgotten, and a mark is of another one."""
    if mark.at > current.closes_until:
        return True
    if mark.intent != IN or current.shift is None or mark.at < current.shift.end:
        return False
    other = find_shift(mark.at, shifts)
    return other is not None and other is not current.shift


def _opened(
    found: Derived, mark: Mark, shifts: Sequence[Shift], limits: Limits, zone: str
) -> Session | None:
    """Begin a session; an end of nothing is told, and begins none."""
    if mark.intent in (OUT, BREAK, RESUME):
        found.verdicts.append(Verdict(mark.key, STRAY, mark.intent))
        return None
    shift = find_shift(mark.at, shifts)
    zone = shift.zone if shift else mark.zone or zone
    session = Session(
        begin=mark.at,
        begin_key=mark.key,
        day=shift.day if shift else mark.at.astimezone(ZoneInfo(zone)).date(),
        zone=zone,
        closes_until=shift.end + shift.late if shift else mark.at + limits.longest,
        shift=shift,
    )
    found.sessions.append(session)
    found.verdicts.append(Verdict(mark.key, ACCEPTED, IN))
    return session


def _goes_on(found: Derived, current: Session, mark: Mark) -> bool:
    """Take a mark within a session; tell whether that ended it."""
    if mark.intent == OUT or (mark.intent == "" and not current.is_on_break):
        current.close(mark)
        found.verdicts.append(Verdict(mark.key, ACCEPTED, OUT))
        return True
    if mark.intent == BREAK and not current.is_on_break:
        current.pause(mark.at)
        found.verdicts.append(Verdict(mark.key, ACCEPTED, BREAK))
    elif mark.intent != BREAK and current.is_on_break:
        current.resume(mark.at)
        found.verdicts.append(Verdict(mark.key, ACCEPTED, RESUME))
    else:
        found.verdicts.append(Verdict(mark.key, REPEATED, mark.intent))
    return False


def find_shift(at: datetime, shifts: Sequence[Shift]) -> Shift | None:
    """Find the shift whose window a moment lies in, from its early begin to its end.

    One that runs wins over one that is still to come, but shortly before that begins.
    `shifts` are in the order of their begin.
    """
    first = bisect_left(shifts, at - LONGEST_SHIFT, key=_begin)
    last = bisect_right(shifts, at + LONGEST_SHIFT, lo=first, key=_begin)
    near = shifts[first:last]
    running = [one for one in near if one.begin <= at <= one.end]
    coming = [one for one in near if one.begin - one.early <= at < one.begin]
    following = min(coming, key=lambda one: one.begin, default=None)
    if running and (following is None or following.begin - at > TURN):
        return running[-1]
    return following
