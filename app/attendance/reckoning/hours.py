"""What time at work comes to: rounding, breaks, overtime, and bands of the clock.

Raw minutes are what was punched; they stand beside what rules make of them. Bands are of the
clock, not of the shift: one session of one shift's day may touch several. The order is that
of payroll: rounding, breaks, the overtime of a day, then that of the week out of what is left.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

UTC = ZoneInfo("UTC")
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
SUNDAY = 6
DEEP_NIGHT_END = time(4)  # § 3b EStG: work begun before midnight is paid more until then
PIECE = 15  # minutes: § 4 ArbZG counts no shorter break
SIX_HOURS, NINE_HOURS = 360, 540
WEEK = 7
CLOCKS = ("night_begin", "night_end")

Interval = tuple[datetime, datetime]


class Rules(NamedTuple):
    """How time is counted; the fields are those of `RuleSet`."""

    rounds: str = "nothing"
    rounding: str = "nearest"
    rounding_minutes: int = 5
    break_rule: str = "none"
    break_after: int = 360
    break_minutes: int = 30
    daily_overtime: int | None = None
    daily_double: int | None = None
    weekly_overtime: int | None = None
    has_seventh_day: bool = False
    week_start: int = 0
    rest_days: Collection[int] = ()
    night_begin: time = time(20)
    night_end: time = time(6)
    night_percent: int = 0
    deep_night_percent: int = 0
    sunday_percent: int = 0
    holiday_band_percent: int = 0
    pairing: str = "pairs"
    overtime_goes: str = "paid"
    account_cap: int | None = None
    account_carry: int | None = None

    @property
    def has_bands(self) -> bool:
        """Tell whether anything is paid by the clock."""
        return bool(
            self.night_percent
            or self.deep_night_percent
            or self.sunday_percent
            or self.holiday_band_percent
        )


def written(rules: Rules) -> dict[str, Any]:
    """Write rules as JSON keeps them."""
    values = {**rules._asdict(), "rest_days": [*rules.rest_days]}
    return values | {name: values[name].isoformat() for name in CLOCKS}


def read_rules(values: Mapping[str, Any]) -> Rules:
    """Read rules as JSON has kept them; what they did not know yet is as it was then."""
    clocks = {name: time.fromisoformat(values[name]) for name in CLOCKS}
    return Rules(**{**values, **clocks})


class Worked(NamedTuple):
    """A session that has ended, with the breaks in it and the shift it belongs to."""

    day: date
    zone: str
    begin: datetime
    end: datetime
    breaks: Sequence[Interval] = ()
    planned_begin: datetime | None = None
    planned_end: datetime | None = None
    paid_break: int = 0  # minutes of the shift's break that are not taken off
    grace: int = 0  # minutes that nobody is late for


@dataclass(slots=True)
class Bands:
    """Minutes by the clock, paid besides."""

    night: int = 0
    deep_night: int = 0
    sunday: int = 0
    holiday: int = 0


@dataclass(slots=True)
class DayFigures:
    """What a day comes to, in minutes; what is counted is parted into what it is paid as."""

    day: date
    raw: int = 0
    counted: int = 0
    breaks: int = 0  # taken
    automatic_break: int = 0  # taken off by rule
    regular: int = 0
    overtime: int = 0
    double: int = 0
    rest_day: int = 0
    holiday: int = 0
    bands: Bands = field(default_factory=Bands)
    late: int = 0
    left_early: int = 0


def first_to_last(sessions: Sequence[Worked], *, last_mark: datetime | None = None) -> Worked:
    """Make one session of those of a shift: from the first in to the last out.

    What lies between are no breaks. `last_mark` is a later one that nobody went home by.
    """
    ordered = sorted(sessions, key=lambda one: one.begin)
    end = max(one.end for one in ordered)
    if last_mark is not None:
        end = max(end, last_mark)
    return ordered[0]._replace(end=end, breaks=())


def count_day(
    day: date, sessions: Sequence[Worked], rules: Rules, *, is_holiday: bool
) -> DayFigures:
    """Count the sessions of one day, without what the week makes of it."""
    found = DayFigures(day)
    found.raw = int(sum((_net(one) for one in sessions), timedelta()) // MINUTE)
    rounded = [_rounded(one, rules) for one in sessions]
    net = int(sum((_net(one) for one in rounded), timedelta()) // MINUTE)
    taken = _breaks_taken(rounded)
    found.breaks = sum(taken)
    found.automatic_break = automatic_break(net, taken, rules)
    paid = min(sum(one.paid_break for one in sessions), sum(_own_breaks(rounded)))
    found.counted = net - found.automatic_break + paid
    if rules.rounds == "day":
        found.counted = round_minutes(found.counted, rules.rounding_minutes, rules.rounding)
    _part(found, rules, is_holiday=is_holiday)
    found.late, found.left_early = _deviations(sessions)
    return found


def _net(one: Worked) -> timedelta:
    return one.end - one.begin - sum((e - b for b, e in one.breaks), timedelta())


def round_minutes(minutes: int, step: int, way: str) -> int:
    """Round minutes to a multiple of a step; the middle goes up."""
    if way == "down":
        return minutes // step * step
    if way == "up":
        return -(-minutes // step) * step
    return (2 * minutes + step) // (2 * step) * step


def _rounded(one: Worked, rules: Rules) -> Worked:
    step, way = rules.rounding_minutes, rules.rounding
    if rules.rounds == "punches":
        begin, end = (_round_moment(m, one.zone, step, way) for m in (one.begin, one.end))
        return one._replace(begin=begin, end=max(begin, end))
    if rules.rounds == "breaks":
        lengths = (round_minutes((e - b) // MINUTE, step, way) for b, e in one.breaks)
        pairs = zip(one.breaks, lengths, strict=True)
        return one._replace(breaks=[(b, b + n * MINUTE) for (b, _e), n in pairs])
    if rules.rounds == "shift":
        begin = _snapped(one.begin, one.planned_begin, step)
        return one._replace(
            begin=begin, end=max(begin, _snapped(one.end, one.planned_end, step))
        )
    return one


def _round_moment(moment: datetime, zone: str, step: int, way: str) -> datetime:
    """Round a moment on the clock of its zone, whose offset need not be whole hours."""
    local = moment.astimezone(ZoneInfo(zone))
    of_day = local.hour * 60 + local.minute
    seconds = timedelta(seconds=local.second, microseconds=local.microsecond)
    if way == "up" and seconds:
        of_day += 1
    return (
        moment
        - seconds
        - timedelta(minutes=local.hour * 60 + local.minute)
        + timedelta(minutes=round_minutes(of_day, step, way))
    )


def _snapped(moment: datetime, planned: datetime | None, step: int) -> datetime:
    if planned is None or abs(moment - planned) > step * MINUTE:
        return moment
    return planned


def _own_breaks(sessions: Iterable[Worked]) -> list[int]:
    return [(e - b) // MINUTE for one in sessions for b, e in one.breaks]


def _breaks_taken(sessions: Sequence[Worked]) -> list[int]:
    """Breaks within sessions, and the gaps between sessions of one shift."""
    ordered = sorted(sessions, key=lambda one: one.begin)
    gaps = [
        (other.begin - one.end) // MINUTE
        for one, other in pairwise(ordered)
        if one.planned_begin == other.planned_begin
    ]
    return [*_own_breaks(sessions), *(gap for gap in gaps if gap > 0)]


def automatic_break(net: int, taken: Sequence[int], rules: Rules) -> int:
    """Give the minutes that a rule takes off: what is missing of the break, never more.

    Nobody falls by it below the hours from which it is due: 6:01 is never paid as 5:31.
    """
    if rules.break_rule == "fixed":
        missing = rules.break_minutes - sum(taken)
        return max(0, min(missing, net - rules.break_after))
    if rules.break_rule != "german" or net <= SIX_HOURS:
        return 0
    had = sum(piece for piece in taken if piece >= PIECE)
    first = max(0, min(30 - had, net - SIX_HOURS))
    if net - first <= NINE_HOURS:
        return first
    return max(0, min(45 - had, net - NINE_HOURS))


def part_planned(day: date, minutes: int, rules: Rules, *, is_holiday: bool) -> DayFigures:
    """Part minutes that are planned as they will be paid, without what the week makes of it."""
    found = DayFigures(day, counted=minutes)
    _part(found, rules, is_holiday=is_holiday)
    return found


def _part(found: DayFigures, rules: Rules, *, is_holiday: bool) -> None:
    """Part a day by what it is paid as: each minute once."""
    if is_holiday:
        found.holiday = found.counted
    elif found.day.weekday() in rules.rest_days:
        found.rest_day = found.counted
    else:
        _part_workday(found, rules.daily_overtime, rules.daily_double)


def _part_workday(found: DayFigures, overtime: int | None, double: int | None) -> None:
    counted = found.counted
    found.double = max(0, counted - double) if double is not None else 0
    rest = counted - found.double
    found.overtime = max(0, rest - overtime) if overtime is not None else 0
    found.regular = rest - found.overtime


def _deviations(sessions: Sequence[Worked]) -> tuple[int, int]:
    """How much later than planned somebody came, and how much earlier they went."""
    late = early = 0
    spans: dict[datetime, list[Worked]] = {}
    for one in sessions:
        if one.planned_begin is not None:
            spans.setdefault(one.planned_begin, []).append(one)
    for planned, mine in spans.items():
        grace, end = mine[0].grace, mine[0].planned_end
        late += _beyond((min(one.begin for one in mine) - planned) // MINUTE, grace)
        if end is not None:
            early += _beyond((end - max(one.end for one in mine)) // MINUTE, grace)
    return late, early


def _beyond(minutes: int, grace: int) -> int:
    """Give minutes that are more than a grace, then all of them."""
    return minutes if minutes > grace else 0


def count_week(days: Sequence[DayFigures], rules: Rules) -> None:
    """Let the week make overtime of what is still regular, in the order of its days.

    What is overtime of a day already does not count again.
    """
    if rules.has_seventh_day and len(days) == WEEK and all(one.counted for one in days):
        _make_seventh(days[-1])
    if rules.weekly_overtime is None:
        return
    left = rules.weekly_overtime
    for one in days:
        over = max(0, one.regular - left)
        left -= one.regular - over
        one.regular -= over
        one.overtime += over


def _make_seventh(last: DayFigures, *, double_after: int = 480) -> None:
    """California: the seventh day of a week in a row is overtime, past 8 hours double."""
    if last.holiday or last.rest_day:
        return
    last.double = max(0, last.counted - double_after)
    last.overtime = last.counted - last.double
    last.regular = 0


def count_bands(sessions: Iterable[Worked], rules: Rules, holidays: Collection[date]) -> Bands:
    """Count what the clock is paid for; the holiday is that of the workplace."""
    found = Bands()
    if not rules.has_bands:
        return found
    for one in sessions:
        for begin, end in _parts(one):
            _add_bands(found, one, (begin, end), rules, holidays)
    return found


def _parts(one: Worked) -> list[Interval]:
    """The time at work between the breaks."""
    parts: list[Interval] = []
    begin = one.begin
    for pause, resume in sorted(one.breaks):
        parts.append((begin, pause))
        begin = resume
    return [*parts, (begin, one.end)]


def _add_bands(
    found: Bands, one: Worked, part: Interval, rules: Rules, holidays: Collection[date]
) -> None:
    zone = ZoneInfo(one.zone)
    begun = one.begin.astimezone(zone).date()
    day, last = part[0].astimezone(zone).date(), part[1].astimezone(zone).date()
    while day <= last:
        midnight = _moment(day, time(), zone)
        next_midnight = _moment(day + DAY, time(), zone)
        whole = _overlap(part, (midnight, next_midnight))
        deep = 0
        if begun < day:
            deep = _overlap(part, (midnight, _moment(day, DEEP_NIGHT_END, zone)))
        found.night += _night(part, day, zone, rules)
        found.deep_night += deep if rules.deep_night_percent else 0
        before = day - DAY
        found.sunday += whole if day.weekday() == SUNDAY else 0
        found.sunday += deep if before.weekday() == SUNDAY and begun <= before else 0
        found.holiday += whole if day in holidays else 0
        found.holiday += deep if before in holidays and day not in holidays else 0
        day += DAY


def _night(part: Interval, day: date, zone: ZoneInfo, rules: Rules) -> int:
    begin, end = rules.night_begin, rules.night_end
    if begin < end:
        return _overlap(part, (_moment(day, begin, zone), _moment(day, end, zone)))
    morning = (_moment(day, time(), zone), _moment(day, end, zone))
    evening = (_moment(day, begin, zone), _moment(day + DAY, time(), zone))
    return _overlap(part, morning) + _overlap(part, evening)


@lru_cache(maxsize=8192)
def _moment(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """Give a moment of a day in UTC; many people share it."""
    return datetime.combine(day, clock, zone).astimezone(UTC)


def _overlap(one: Interval, other: Interval) -> int:
    begin, end = max(one[0], other[0]), min(one[1], other[1])
    return max(0, (end - begin) // MINUTE)


def rest_between(sessions: Sequence[Worked], *, least: timedelta) -> list[date]:
    """Give the days on which somebody began again too soon after the day before."""
    ordered = sorted(sessions, key=lambda one: one.begin)
    return [
        other.day
        for one, other in pairwise(ordered)
        if other.day != one.day and other.begin - one.end < least
    ]


def monday_of(day: date) -> date:
    """Give the Monday of the week of a day."""
    return day - timedelta(days=day.weekday())


def weeks_of(days: Mapping[date, DayFigures], week_start: int) -> list[list[DayFigures]]:
    """Part days into the weeks of a rule, each in order."""
    weeks: dict[date, list[DayFigures]] = {}
    for day in sorted(days):
        monday = day - timedelta(days=(day.weekday() - week_start) % WEEK)
        weeks.setdefault(monday, []).append(days[day])
    return [weeks[monday] for monday in sorted(weeks)]
