"""What time at work comes to: each case went wrong for users elsewhere."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.attendance.reckoning.hours import (
    DayFigures,
    Rules,
    Worked,
    automatic_break,
    count_bands,
    count_day,
    count_week,
    rest_between,
    round_minutes,
    weeks_of,
)

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = date(2026, 11, 2)
SUNDAY = date(2026, 11, 8)
CALIFORNIA = Rules(
    daily_overtime=480, daily_double=720, weekly_overtime=2400, has_seventh_day=True
)
STEUERFREI = Rules(
    night_percent=25, deep_night_percent=40, sunday_percent=50, holiday_band_percent=125
)


def worked(
    begin: str, end: str, *breaks: tuple[str, str], day: date = MONDAY, shift: str = ""
) -> Worked:
    """A session by the clock in Berlin; an end before its begin is on the next day."""

    def moment(clock: str) -> datetime:
        on = day if clock >= begin else day + timedelta(days=1)
        return datetime.combine(on, time.fromisoformat(clock), BERLIN).astimezone(UTC)

    planned = shift.split("-") if shift else []
    return Worked(
        day=day,
        zone="Europe/Berlin",
        begin=moment(begin),
        end=moment(end),
        breaks=[(moment(b), moment(e)) for b, e in breaks],
        planned_begin=datetime.combine(day, time.fromisoformat(planned[0]), BERLIN)
        if planned
        else None,
        planned_end=datetime.combine(day, time.fromisoformat(planned[1]), BERLIN)
        if planned
        else None,
    )


def counted(*sessions: Worked, rules: Rules, is_holiday: bool = False) -> DayFigures:
    return count_day(sessions[0].day, sessions, rules, is_holiday=is_holiday)


def day_of(minutes: int, day: date = MONDAY, rules: Rules = CALIFORNIA) -> DayFigures:
    begin = datetime.combine(day, time(), UTC)
    one = Worked(day, "UTC", begin, begin + timedelta(minutes=minutes))
    return count_day(day, [one] if minutes else [], rules, is_holiday=False)


def paid(one: DayFigures) -> tuple[int, int, int]:
    return one.regular, one.overtime, one.double


@pytest.mark.parametrize(("way", "minutes"), [("nearest", 480), ("down", 480), ("up", 495)])
def test_a_day_is_rounded_and_the_raw_minutes_stay(way: str, minutes: int) -> None:
    rules = Rules(rounds="day", rounding=way, rounding_minutes=15)

    found = counted(worked("08:00", "16:07"), rules=rules)

    assert (found.raw, found.counted) == (487, minutes)


def test_punches_are_rounded_each_by_itself() -> None:
    rules = Rules(rounds="punches", rounding_minutes=15)

    found = counted(worked("08:07", "16:08"), rules=rules)

    assert (found.raw, found.counted) == (481, 495)


def test_meals_are_not_rounded_where_punches_are() -> None:
    rules = Rules(rounds="punches", rounding_minutes=15)

    found = counted(worked("08:00", "17:00", ("12:00", "12:29")), rules=rules)

    assert found.counted == 540 - 29


def test_punches_near_the_shift_snap_to_it_and_others_stay() -> None:
    rules = Rules(rounds="shift", rounding_minutes=10)

    near = counted(worked("07:52", "16:08", shift="08:00-16:00"), rules=rules)
    far = counted(worked("07:30", "16:30", shift="08:00-16:00"), rules=rules)

    assert (near.counted, near.raw) == (480, 496)
    assert far.counted == 540


@pytest.mark.parametrize(
    ("net", "taken", "off"),
    [
        (360, [], 0),
        (361, [], 1),  # never below six hours
        (390, [], 30),
        (480, [], 30),
        (480, [20], 10),  # only what is missing
        (480, [30], 0),
        (480, [10, 10, 10], 30),  # pieces of less than a quarter of an hour are none
        (480, [15, 15], 0),
        (560, [], 30),  # net of thirty it is below nine hours: no more is due
        (580, [], 40),  # never below nine hours
        (600, [], 45),
        (600, [30], 15),
        (545, [30], 5),
    ],
)
def test_the_german_break_only_fills_the_gap(net: int, taken: list[int], off: int) -> None:
    assert automatic_break(net, taken, Rules(break_rule="german")) == off


def test_going_out_for_lunch_is_a_break_that_was_taken() -> None:
    rules = Rules(break_rule="german")

    found = counted(worked("08:00", "12:00"), worked("12:30", "16:30"), rules=rules)

    assert (found.breaks, found.automatic_break, found.counted) == (30, 0, 480)


def test_hours_beyond_eight_are_overtime_and_beyond_twelve_double() -> None:
    assert paid(day_of(13 * 60)) == (480, 240, 60)


def test_daily_overtime_does_not_count_again_towards_forty_hours() -> None:
    week = [day_of(10 * 60, MONDAY + timedelta(days=n)) for n in range(4)]
    week.append(day_of(480, MONDAY + timedelta(days=4)))

    count_week(week, CALIFORNIA)

    assert sum(one.regular for one in week) == 2400
    assert sum(one.overtime for one in week) == 480


def test_what_is_beyond_forty_hours_of_the_week_is_overtime() -> None:
    week = [day_of(480, MONDAY + timedelta(days=n)) for n in range(6)]

    count_week(week, CALIFORNIA)

    assert paid(week[5]) == (0, 480, 0)
    assert paid(week[4]) == (480, 0, 0)


def test_the_seventh_day_in_a_row_is_overtime_then_double() -> None:
    week = [day_of(60, MONDAY + timedelta(days=n)) for n in range(6)]
    week.append(day_of(9 * 60, SUNDAY))

    count_week(week, CALIFORNIA)

    assert paid(week[6]) == (0, 480, 60)


def test_the_week_begins_where_the_rules_say() -> None:
    days = {day: day_of(60, day) for day in (MONDAY, SUNDAY)}

    assert [len(week) for week in weeks_of(days, 0)] == [2]
    assert [len(week) for week in weeks_of(days, 6)] == [1, 1]


def test_rest_days_and_holidays_are_paid_as_such_and_once() -> None:
    rules = Rules(rest_days=[6], daily_overtime=480)
    sunday = counted(worked("08:00", "18:00", day=SUNDAY), rules=rules)
    holiday = counted(worked("08:00", "18:00"), rules=rules, is_holiday=True)

    assert (sunday.rest_day, *paid(sunday)) == (600, 0, 0, 0)
    assert (holiday.holiday, *paid(holiday)) == (600, 0, 0, 0)


def test_bands_are_of_the_clock_one_session_may_have_several() -> None:
    """From Saturday 20:00 to Sunday 8:00: the shift's day is Saturday."""
    saturday = SUNDAY - timedelta(days=1)

    found = count_bands([worked("20:00", "08:00", day=saturday)], STEUERFREI, ())

    assert (found.night, found.deep_night, found.sunday) == (600, 240, 480)


def test_work_begun_on_sunday_is_sunday_work_until_four() -> None:
    found = count_bands([worked("22:00", "06:00", day=SUNDAY)], STEUERFREI, ())

    assert (found.sunday, found.deep_night) == (120 + 240, 240)


def test_whoever_begins_after_midnight_has_no_deeper_night() -> None:
    found = count_bands([worked("00:00", "06:00")], STEUERFREI, ())

    assert (found.night, found.deep_night) == (360, 0)


def test_the_holiday_counts_by_the_clock_too() -> None:
    eve = date(2026, 12, 24)

    found = count_bands([worked("22:00", "06:00", day=eve)], STEUERFREI, {date(2026, 12, 25)})

    assert found.holiday == 360


def test_the_night_of_the_change_has_seven_hours_of_night() -> None:
    day = date(2026, 3, 28)

    found = count_bands([worked("23:00", "07:00", day=day)], STEUERFREI, ())

    assert found.night == 6 * 60  # 23 to 6 o'clock, of which one hour was not there


def test_breaks_are_no_night_work() -> None:
    found = count_bands([worked("20:00", "06:00", ("01:00", "02:00"))], STEUERFREI, ())

    assert found.night == 9 * 60


def test_who_comes_late_and_goes_early_is_measured_against_the_shift() -> None:
    found = counted(
        worked("08:10", "12:00", shift="08:00-16:00"),
        worked("12:30", "15:45", shift="08:00-16:00"),
        rules=Rules(),
    )

    assert (found.late, found.left_early) == (10, 15)


def test_within_the_grace_nobody_is_late_and_beyond_it_from_the_first_minute() -> None:
    def late(begin: str) -> int:
        one = worked(begin, "16:00", shift="08:00-16:00")._replace(grace=5)
        return counted(one, rules=Rules()).late

    assert [late("08:05"), late("08:06")] == [0, 6]


def test_less_than_eleven_hours_of_rest_are_noticed() -> None:
    tuesday = MONDAY + timedelta(days=1)
    days = [worked("14:00", "22:00"), worked("06:00", "14:00", day=tuesday)]

    assert rest_between(days, least=timedelta(hours=11)) == [tuesday]
    assert rest_between(days, least=timedelta(hours=8)) == []


@given(st.integers(0, 2000), st.sampled_from([1, 5, 6, 10, 15]))
def test_rounding_goes_the_way_it_says(minutes: int, step: int) -> None:
    down, up = (round_minutes(minutes, step, way) for way in ("down", "up"))
    nearest = round_minutes(minutes, step, "nearest")

    assert down <= minutes <= up
    assert nearest in (down, up)
    assert abs(nearest - minutes) * 2 <= step


@given(st.lists(st.integers(0, 900), min_size=7, max_size=7))
def test_every_minute_is_paid_as_one_thing(minutes: list[int]) -> None:
    week = [day_of(one, MONDAY + timedelta(days=n)) for n, one in enumerate(minutes)]

    count_week(week, CALIFORNIA)

    assert [sum(paid(one)) for one in week] == minutes
