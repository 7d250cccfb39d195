"""Hours of a week on average over a reference period, as working time law counts them."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.attendance import services
from app.attendance.models import AbsenceType, Device, Employee
from app.attendance.reckoning.averages import WorkWeek, average, mondays_until, work_week
from app.core.settings import set_settings
from tests.attendance.conftest import sent, take
from tests.attendance.factories import ContractFactory

MONDAY = date(2026, 3, 2)
WEEK = timedelta(days=7)
WHOLE = Fraction(1)


def sunday(week: int) -> date:
    return MONDAY + week * WEEK - timedelta(days=1)


@pytest.fixture
def contract(ada: Employee, session: Session) -> None:
    """Ada works five days of eight hours; a period has four weeks."""
    ContractFactory.create(employee=ada)
    ada.country = ""
    session.commit()
    set_settings(attendance_average_weeks=4)


def work(device: Device, *weeks: tuple[int, int], begin: date = MONDAY) -> None:
    """Punch in weeks: their number, and the hours of each of five days."""
    punches = []
    for week, hours in weeks:
        for n in range(5):
            day = begin + (week - 1) * WEEK + timedelta(days=n)
            for hour in (6, 6 + hours):
                punch = sent("01 00:00")
                punches.append(
                    punch._replace(at=punch.at.replace(month=day.month, day=day.day, hour=hour))
                )
    take(device, *punches)


def flagged(ada: Employee, first: date, last: date) -> list[date]:
    found = services.timesheet(ada, first, last).flags
    return [day for day, flag in found if flag == "long_average"]


def test_longer_weeks_are_made_up_for_by_shorter_ones() -> None:
    weeks = [WorkWeek(60 * hours, WHOLE) for hours in (60, 60, 40, 32)]

    assert average(weeks) == 48 * 60


def test_leave_is_neutral() -> None:
    half_away = work_week(30 * 60, days=7, expected=40 * 60, away=Fraction(20 * 60))
    all_away = work_week(0, days=7, expected=40 * 60, away=Fraction(40 * 60))

    whole = WorkWeek(48 * 60, WHOLE)
    assert average([half_away, all_away, whole]) is None
    assert average([half_away, all_away, whole, whole]) == (30 + 48 + 48) * 60 / Fraction(5, 2)


def test_where_no_hours_are_agreed_days_of_leave_take_their_share() -> None:
    week = work_week(30 * 60, days=7, expected=0, away=Fraction(2))

    assert week.share == Fraction(5, 7)


def test_a_period_ends_with_its_last_monday() -> None:
    assert mondays_until(MONDAY, 2) == [MONDAY - WEEK, MONDAY]


def test_a_long_week_alone_is_no_long_average(
    device: Device, ada: Employee, contract: None
) -> None:
    work(device, (1, 8), (2, 8), (3, 11), (4, 11))

    assert flagged(ada, MONDAY, sunday(4)) == []


def test_too_long_a_period_is_told_on_its_last_day(
    device: Device, ada: Employee, contract: None
) -> None:
    work(device, (1, 8), (2, 8), (3, 12), (4, 12), (5, 8))

    # Forty, forty, sixty, sixty: fifty on average; with the fifth week it is the same.
    assert flagged(ada, MONDAY, sunday(3)) == []
    assert flagged(ada, MONDAY, sunday(5)) == [sunday(4), sunday(5)]
    assert flagged(ada, sunday(4), sunday(4)) == [sunday(4)]
    assert flagged(ada, MONDAY, sunday(4) - timedelta(days=1)) == []


def test_leave_makes_a_period_shorter_not_lighter(
    device: Device, ada: Employee, contract: None, session: Session
) -> None:
    work(device, (1, 10), (3, 10), (4, 10))
    assert flagged(ada, sunday(4), sunday(4)) == []

    leave = session.scalars(select(AbsenceType).where(AbsenceType.name == "Leave")).one()
    services.set_allowance(ada.id, type_id=leave.id, year=2026, days=Decimal(5))
    away = {"first_day": MONDAY + WEEK, "last_day": sunday(2)}
    services.enter_absence(ada.id, type_id=leave.id, **away)

    assert flagged(ada, sunday(4), sunday(4)) == [sunday(4)]


def test_nobody_knows_what_was_worked_before_somebody_clocked_in_at_all(
    device: Device, ada: Employee, contract: None
) -> None:
    """Ada is employed since long ago: weeks without a punch are no weeks of rest."""
    work(device, (1, 10), (2, 10))

    # Of one week there is no average: that it is long is told anyhow.
    assert flagged(ada, sunday(1), sunday(2)) == [sunday(2)]


def test_breaks_that_rules_take_off_are_no_work(
    device: Device, ada: Employee, contract: None, session: Session
) -> None:
    work(device, (1, 10), (2, 10))
    rules = services.create_rule_set(name="With breaks", break_rule="german")
    terms = {"weekly_hours": Decimal(40), "rule_set_id": rules.id}
    services.create_contract(ada.id, valid_from=MONDAY, **terms)

    assert flagged(ada, MONDAY, sunday(2)) == []


def test_the_limit_can_be_another_or_none(
    device: Device, ada: Employee, contract: None
) -> None:
    work(device, (1, 10), (2, 10))

    set_settings(attendance_average_hours=50)
    assert flagged(ada, MONDAY, sunday(2)) == []
    set_settings(attendance_average_hours=0)
    assert flagged(ada, MONDAY, sunday(2)) == []
