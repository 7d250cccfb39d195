"""Sessions out of marks: each case went wrong for users elsewhere."""

from datetime import date, datetime, time, timedelta
from itertools import permutations
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.attendance.reckoning.sessions import (
    Derived,
    Limits,
    Mark,
    Session,
    Shift,
    derive,
    find_shift,
)
from app.attendance.reckoning.shifts import span_of

BERLIN, UTC = ZoneInfo("Europe/Berlin"), ZoneInfo("UTC")
EARLY, DAY, LATE, NIGHT = (
    (time(6), time(14)),
    (time(8), time(17)),
    (time(15), time(23)),
    (time(23), time(7)),
)


def at(text: str, zone: ZoneInfo = BERLIN) -> datetime:
    """A moment on a clock in Berlin: "02 08:00" is the second of November 2026."""
    day, _, clock = text.partition(" ")
    if "-" not in day:
        day = f"2026-11-{day}"
    return datetime.fromisoformat(f"{day} {clock}").replace(tzinfo=zone).astimezone(UTC)


def shift(
    day: str, hours: tuple[time, time], number: int = 1, zone: str = "Europe/Berlin"
) -> Shift:
    on = date.fromisoformat(day if "-" in day else f"2026-11-{day}")
    begin, end = span_of(on, *hours, BERLIN.key)
    return Shift(number, on, begin, end, timedelta(hours=2), timedelta(hours=4), BERLIN.key)


def marks(*texts: str) -> list[Mark]:
    """Marks in their order: "02 08:00", or with what somebody says, "02 17:00 out"."""
    made = []
    for key, text in enumerate(texts, 1):
        day, clock, *intent = text.split()
        made.append(Mark(at(f"{day} {clock}"), key, *intent))
    return made


def derived(*texts: str, shifts: list[Shift] | None = None) -> Derived:
    return derive(marks(*texts), shifts or [], limits=Limits(), zone="Europe/Berlin")


def spans(found: Derived) -> list[tuple[str, str | None]]:
    def clock(moment: datetime | None) -> str | None:
        return moment.astimezone(BERLIN).strftime("%d %H:%M") if moment else None

    return [(clock(one.begin) or "", clock(one.end)) for one in found.sessions]


def outcomes(found: Derived) -> list[str]:
    return [" ".join(filter(None, one[1:])) for one in found.verdicts]


def hours(session: Session) -> float:
    assert session.worked is not None
    return session.worked / timedelta(hours=1)


def test_an_out_after_midnight_closes_the_session_it_belongs_to() -> None:
    found = derived("02 22:55", "03 07:05", shifts=[shift("02", NIGHT)])

    assert spans(found) == [("02 22:55", "03 07:05")]
    assert found.sessions[0].day == date(2026, 11, 2)


def test_without_a_shift_an_out_after_midnight_closes_it_too() -> None:
    found = derived("02 18:00", "03 01:30")

    assert spans(found) == [("02 18:00", "03 01:30")]
    assert found.sessions[0].day == date(2026, 11, 2)


def test_a_repeated_in_is_no_out() -> None:
    found = derived("02 08:00 in", "02 08:05 in", "02 17:00 out")

    assert spans(found) == [("02 08:00", "02 17:00")]
    assert outcomes(found) == ["accepted in", "repeated in", "accepted out"]


def test_a_card_left_on_the_reader_does_not_toggle() -> None:
    """The debounce slides: each sighting is within a minute of the one before."""
    found = derived("02 08:00:00", "02 08:00:50", "02 08:01:40", "02 08:02:30", "02 17:00")

    assert spans(found) == [("02 08:00", "02 17:00")]
    assert outcomes(found)[1:4] == ["duplicate"] * 3


def test_a_minute_and_a_second_later_it_is_another_punch() -> None:
    assert spans(derived("02 08:00:00", "02 08:01:01")) == [("02 08:00", "02 08:01")]


def test_two_readers_at_once_are_one_punch() -> None:
    both = [Mark(at("02 08:00"), 1, zone=""), Mark(at("02 08:00"), 2, zone="Europe/London")]

    found = derive(both, [], limits=Limits(), zone="Europe/Berlin")

    assert [one.outcome for one in found.verdicts] == ["accepted", "duplicate"]


def test_an_in_at_the_very_second_of_the_last_out_begins_a_session() -> None:
    found = derived("02 06:00 in", "02 14:00 in", "02 14:00 out", "02 22:00 out")

    assert spans(found) == [("02 06:00", "02 14:00"), ("02 14:00", "02 22:00")]


def test_two_shifts_on_one_day_are_two_sessions_of_their_own_shifts() -> None:
    shifts = [shift("02", EARLY, 1), shift("02", LATE, 2)]

    found = derived("02 05:50", "02 14:02", "02 14:55", "02 23:01", shifts=shifts)

    assert [one.shift and one.shift.shift_id for one in found.sessions] == [1, 2]
    assert spans(found) == [("02 05:50", "02 14:02"), ("02 14:55", "02 23:01")]


def test_whoever_returns_from_lunch_is_still_in_the_same_shift() -> None:
    shifts = [shift("02", EARLY, 1), shift("02", LATE, 2)]

    found = derived("02 06:00", "02 12:00", "02 12:30", "02 14:00", shifts=shifts)

    assert [one.shift and one.shift.shift_id for one in found.sessions] == [1, 1]


def test_shortly_before_the_next_shift_a_mark_is_of_that_one() -> None:
    following = shift("02", (time(14), time(22)), 2)

    assert find_shift(at("02 13:45"), [shift("02", EARLY), following]) is following


@pytest.mark.parametrize(
    ("day", "long"), [("2026-03-28", 7), ("2026-10-24", 9), ("2026-11-02", 8)]
)
def test_nights_when_clocks_change_have_seven_and_nine_hours(day: str, long: int) -> None:
    after = (date.fromisoformat(day) + timedelta(days=1)).isoformat()

    found = derived(f"{day} 23:00", f"{after} 07:00", shifts=[shift(day, NIGHT)])

    assert hours(found.sessions[0]) == long
    assert found.sessions[0].day == date.fromisoformat(day)


def test_a_shift_of_an_hour_that_clocks_skip_or_show_twice_begins_once() -> None:
    skipped = span_of(date(2026, 3, 29), time(2, 30), time(8), BERLIN.key)
    twice = span_of(date(2026, 10, 25), time(2, 30), time(8), BERLIN.key)

    assert [one.isoformat() for one in (*skipped, *twice)] == [
        "2026-03-29T01:30:00+00:00",
        "2026-03-29T06:00:00+00:00",
        "2026-10-25T00:30:00+00:00",
        "2026-10-25T07:00:00+00:00",
    ]


def test_a_forgotten_out_stays_open_and_the_next_day_is_its_own() -> None:
    shifts = [shift("02", DAY), shift("03", DAY)]

    found = derived("02 08:00", "03 08:00", "03 17:00", shifts=shifts)

    assert spans(found) == [("02 08:00", None), ("03 08:00", "03 17:00")]
    assert found.sessions[0].closes_until == at("02 21:00")


def test_after_a_late_shift_without_an_out_an_early_one_begins_anew() -> None:
    shifts = [shift("02", LATE), shift("03", EARLY)]

    found = derived("02 15:00", "03 06:00", "03 14:00", shifts=shifts)

    assert spans(found) == [("02 15:00", None), ("03 06:00", "03 14:00")]


def test_without_a_shift_sixteen_hours_are_the_longest_session() -> None:
    assert spans(derived("02 08:00", "03 00:00")) == [("02 08:00", "03 00:00")]
    assert spans(derived("02 08:00", "03 00:01")) == [("02 08:00", None), ("03 00:01", None)]


def test_an_in_for_the_second_shift_leaves_the_first_forgotten() -> None:
    shifts = [shift("02", EARLY, 1), shift("02", LATE, 2)]

    found = derived("02 06:00 in", "02 14:55 in", "02 23:00 out", shifts=shifts)

    assert spans(found) == [("02 06:00", None), ("02 14:55", "02 23:00")]


def test_an_out_without_an_in_is_told_and_makes_no_session() -> None:
    found = derived("02 17:00 out")

    assert (spans(found), outcomes(found)) == ([], ["stray out"])


def test_a_person_in_two_zones_has_sessions_each_in_one() -> None:
    tokyo = Mark(at("02 22:30"), 1, zone="Asia/Tokyo")  # the third there, half past six
    home = Mark(at("04 23:30"), 3)

    found = derive(
        [tokyo, Mark(at("03 06:00"), 2), home], [], limits=Limits(), zone="Europe/Berlin"
    )

    assert [(one.zone, one.day.day) for one in found.sessions] == [
        ("Asia/Tokyo", 3),
        ("Europe/Berlin", 4),
    ]


def test_breaks_are_taken_off_and_a_card_ends_one() -> None:
    found = derived("02 08:00", "02 12:00 break", "02 12:45", "02 17:00")

    assert outcomes(found)[1:3] == ["accepted break", "accepted resume"]
    assert hours(found.sessions[0]) == 8.25


def test_whoever_goes_home_from_a_break_has_worked_until_it() -> None:
    found = derived("02 08:00", "02 12:00 break", "02 13:00 out")

    assert hours(found.sessions[0]) == 4


def test_a_correction_bounces_off_nothing() -> None:
    """An end that was forgotten is put in beside the begin of the next session."""
    found = derive(
        [Mark(at("02 08:00"), 1), Mark(at("02 16:00"), -1, "out"), Mark(at("02 16:00:30"), 2)],
        [],
        limits=Limits(),
        zone="Europe/Berlin",
    )

    assert spans(found) == [("02 08:00", "02 16:00"), ("02 16:00", None)]


def test_the_order_in_which_punches_arrive_does_not_matter() -> None:
    made = marks("02 08:00", "02 12:00 break", "02 12:30", "02 17:00")

    results = {
        repr(derive(order, [], limits=Limits(), zone="Europe/Berlin"))
        for order in permutations(made)
    }

    assert len(results) == 1


@given(st.lists(st.integers(0, 40_000), max_size=40, unique=True))
def test_sessions_never_overlap_and_every_mark_has_a_verdict(minutes: list[int]) -> None:
    start = at("01 00:00")
    made = [Mark(start + timedelta(minutes=m), key) for key, m in enumerate(minutes, 1)]
    days = [shift(f"2026-11-{day:02}", DAY) for day in range(1, 29)]

    found = derive(made, days, limits=Limits(), zone="Europe/Berlin")

    assert sorted(one.key for one in found.verdicts) == sorted(one.key for one in made)
    ends = [one.end or one.begin for one in found.sessions]
    begins = [one.begin for one in found.sessions]
    assert all(end <= begin for end, begin in zip(ends, begins[1:], strict=False))


@given(st.lists(st.integers(0, 40_000), min_size=3, max_size=40, unique=True), st.data())
def test_going_on_from_a_session_gives_what_beginning_anew_gives(
    minutes: list[int], data: st.DataObject
) -> None:
    """What changes is derived from the last session that begins before it: no earlier."""
    start = at("01 00:00")
    made = [Mark(start + timedelta(minutes=m), key) for key, m in enumerate(minutes, 1)]
    whole = derive(made, [], limits=Limits(), zone="Europe/Berlin")
    anchor = data.draw(st.sampled_from(whole.sessions)).begin

    later = [mark for mark in made if mark.at >= anchor]
    part = derive(later, [], limits=Limits(), zone="Europe/Berlin")

    assert part.sessions == [one for one in whole.sessions if one.begin >= anchor]
