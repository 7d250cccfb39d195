"""What is known of people and days, read for many at once: rules, rosters, holidays."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.attendance import queries
from app.attendance.models import Employee, RuleSet
from app.attendance.reckoning.calendar import (
    HALF,
    NONE,
    WHOLE,
    Holiday,
    Place,
    expected_minutes,
    holidays_at,
)
from app.attendance.reckoning.hours import Rules, monday_of, read_rules
from app.attendance.reckoning.shifts import span_of

MINUTE = timedelta(minutes=1)
WEEK = 7
NO_RULES = Rules()


class Terms(NamedTuple):
    """What a contract says: hours a week, and the rules."""

    weekly_minutes: int
    rule_set_id: int
    rules: Rules


NO_TERMS = Terms(0, 0, NO_RULES)


class Planned(NamedTuple):
    """A shift that somebody is down for, as far as a timesheet needs it."""

    begin: datetime
    end: datetime
    closes: datetime
    minutes: int  # without the break that is not paid


@dataclass(slots=True)
class Workdays:
    """When somebody works, by contract, roster and holidays."""

    days: list[date] = field(default_factory=list)  # from which each of `terms` holds
    terms: list[Terms] = field(default_factory=list)
    planned: dict[date, list[Planned]] = field(default_factory=dict)
    holidays: Mapping[date, Holiday] = field(default_factory=dict)
    _rostered: set[date] = field(default_factory=set)  # Mondays of weeks with a roster

    def terms_on(self, day: date) -> Terms:
        """Give what holds on a day; before the first contract nothing is expected."""
        index = bisect_right(self.days, day)
        return self.terms[index - 1] if index else NO_TERMS

    def begin_terms(self, day: date, terms: Terms) -> None:
        """Let terms hold from a day on."""
        self.days.append(day)
        self.terms.append(terms)

    def end_terms(self, day: date) -> None:
        """Let what would begin on a day or later never begin: another contract does."""
        kept = bisect_left(self.days, day)
        del self.days[kept:], self.terms[kept:]

    def holiday_on(self, day: date) -> Decimal:
        """How much of a day is a holiday."""
        holiday = self.holidays.get(day)
        return holiday.portion if holiday else NONE

    def minutes_on(self, day: date) -> int:
        """How long a day is, were it no holiday."""
        terms = self.terms_on(day)
        has_roster = monday_of(day) in self._rostered
        rostered = {day: sum(one.minutes for one in self.planned.get(day, ()))}
        return expected_minutes(
            day,
            rostered=rostered,
            has_roster=has_roster,
            weekly_minutes=terms.weekly_minutes,
            rest_days=terms.rules.rest_days,
        )

    def plan(self, day: date, one: Planned) -> None:
        """Note a shift of a day."""
        self.planned.setdefault(day, []).append(one)
        self._rostered.add(monday_of(day))


def read_workdays(
    session: Session, employee_ids: Collection[int], first: date, last: date
) -> dict[int, Workdays]:
    """Read when people work on some days; rosters count for whole weeks."""
    people = session.execute(
        select(Employee.id, Employee.time_zone, Employee.country, Employee.region).where(
            Employee.id.in_(employee_ids)
        )
    ).all()
    found = {row.id: Workdays() for row in people}
    _read_terms(session, found)
    _read_roster(session, found, {row.id: row.time_zone for row in people}, first, last)
    places = {row.id: Place(row.country, row.region) for row in people}
    known = read_holidays(session, set(places.values()), first, last)
    for employee_id, place in places.items():
        found[employee_id].holidays = known[place]
    return found


def _read_terms(session: Session, found: Mapping[int, Workdays]) -> None:
    rules = {one.id: rules_of(one) for one in session.scalars(queries.all_rule_sets())}
    past: dict[int, list[tuple[date, Rules]]] = defaultdict(list)
    for one in session.scalars(queries.past_rules()):
        past[one.rule_set_id].append((one.last_day, read_rules(one.rules)))
    for row in session.execute(queries.contracts_of(found)):
        mine = found[row.employee_id]
        minutes, rule_set_id = int(row.weekly_hours * 60), row.rule_set_id
        begin = row.valid_from
        mine.end_terms(begin)
        for last_day, before in past[rule_set_id]:
            if last_day >= begin:
                mine.begin_terms(begin, Terms(minutes, rule_set_id, before))
                begin = last_day + timedelta(days=1)
        mine.begin_terms(begin, Terms(minutes, rule_set_id, rules[rule_set_id]))


def rules_of(one: RuleSet) -> Rules:
    """Give the rules that a set of them says."""
    return Rules(**{name: getattr(one, name) for name in Rules._fields})


def _read_roster(
    session: Session,
    found: Mapping[int, Workdays],
    zones: Mapping[int, str],
    first: date,
    last: date,
) -> None:
    begin, end = monday_of(first), monday_of(last) + timedelta(days=WEEK - 1)
    for row in session.execute(queries.roster_of(found, begin, end)):
        span = span_of(row.day, row.begins, row.ends, zones[row.employee_id])
        unpaid = 0 if row.is_break_paid else row.break_minutes
        minutes = (span[1] - span[0]) // MINUTE - unpaid
        closes = span[1] + timedelta(minutes=row.late_minutes)
        found[row.employee_id].plan(row.day, Planned(*span, closes, max(0, minutes)))


def read_holidays(
    session: Session, places: Collection[Place], first: date, last: date
) -> dict[Place, dict[date, Holiday]]:
    """Read the holidays of some places, public ones and own, by day; years are whole."""
    own = [
        Holiday(one.day, one.name, HALF if one.is_half else WHOLE, one.country, one.region)
        for one in session.scalars(queries.own_holidays(first, last))
    ]
    years = range(first.year, last.year + 1)
    return {place: holidays_at(place, years, own) for place in places}


def by_employee(rows: Any) -> dict[int, list[Any]]:
    """Part rows by whose they are."""
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.employee_id].append(row)
    return found
