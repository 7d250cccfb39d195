"""What a day comes to, against what was expected: contracts, rosters, absences, holidays."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.attendance import services
from app.attendance.models import (
    Absence,
    AbsenceType,
    Device,
    Employee,
    Punch,
    RuleSet,
)
from app.attendance.reckoning.clock import DeviceNow
from app.attendance.reckoning.holidays import public_holidays
from app.attendance.services import Heartbeat
from app.core.alerts.models import Alert
from app.core.errors import Invalid
from tests.attendance.conftest import (
    CARD,
    at,
    beat,
    down,
    punched,
    roster_of,
    sent,
    shift,
    soon,
    spans,
    take,
)
from tests.attendance.factories import ContractFactory, EmployeeFactory, standard_rules

MONDAY = date(2026, 11, 2)
FRIDAY = MONDAY + timedelta(days=4)


@pytest.fixture
def contract(ada: Employee, session: Session) -> None:
    ContractFactory.create(employee=ada)
    ada.country = ""
    session.commit()


def day_of(ada: Employee, day: int) -> services.SheetDay:
    on = date(2026, 11, day)
    return services.timesheet(ada, on, on).days[0]


def leave(session: Session) -> AbsenceType:
    return session.scalars(select(AbsenceType).where(AbsenceType.name == "Leave")).one()


def away(ada: Employee, kind: AbsenceType, day: date, **more: object) -> Absence:
    values = {"first_day": day, "last_day": day} | more
    return services.enter_absence(ada.id, type_id=kind.id, **values)


def test_a_day_is_punched_counted_and_compared(
    device: Device, ada: Employee, contract: None
) -> None:
    punched(device, "02 08:00", "02 17:30")

    one = day_of(ada, 2)

    assert (one.figures.raw, one.figures.counted, one.expected) == (570, 570, 480)
    assert one.balance == 90


def test_a_change_of_terms_does_not_rewrite_the_past(
    device: Device, ada: Employee, contract: None, session: Session
) -> None:
    punched(device, "02 08:00", "02 17:07", "04 08:00", "04 17:07")
    rounded = services.create_rule_set(name="New", rounds="day", rounding_minutes=15)
    services.create_contract(
        ada.id,
        valid_from=date(2026, 11, 4),
        weekly_hours=Decimal(20),
        rule_set_id=rounded.id,
    )

    before, after = day_of(ada, 2), day_of(ada, 4)

    assert (before.figures.counted, before.expected) == (547, 480)
    assert (after.figures.counted, after.expected) == (540, 240)


def test_whoever_is_hired_mid_month_is_expected_from_then(
    ada: Employee, contract: None, session: Session
) -> None:
    services.revise_employee(ada.id, version=None, hire_date=date(2026, 11, 16))

    sheet = services.timesheet(ada, date(2026, 11, 1), date(2026, 11, 30))

    assert (sheet.days[0].day, sheet.total("expected")) == (date(2026, 11, 16), 11 * 480)


def test_a_roster_says_what_is_expected_in_its_week(ada: Employee, contract: None) -> None:
    down(ada, 3, shift("T", "08:00", "14:00", break_minutes=30))

    assert [day_of(ada, day).expected for day in (2, 3)] == [0, 330]
    assert day_of(ada, 9).expected == 480  # no roster in that week


def test_a_paid_break_is_not_taken_off(device: Device, ada: Employee, contract: None) -> None:
    down(ada, 2, shift("P", "08:00", "16:00", break_minutes=30, is_break_paid=True))
    take(
        device,
        sent("02 08:00"),
        sent("02 16:00"),
    )
    one = day_of(ada, 2)
    assert (one.figures.counted, one.expected) == (480, 480)


def test_absent_is_said_only_after_the_window_and_once_devices_have_told_so(
    device: Device, ada: Employee, contract: None
) -> None:
    down(ada, 2, shift("D", "08:00", "16:00"))
    punched(device, "01 08:00", "01 09:00")

    def flags(watermark: str) -> list[str]:
        around = Heartbeat(DeviceNow(at("30 12:00"), "b"), watermark=at(watermark))
        services.note_heartbeat(device, around)
        return day_of(ada, 2).flags

    assert flags("02 19:59") == []  # the end and four hours after it
    assert flags("02 20:01") == ["absent"]


def test_whoever_is_away_is_not_absent(
    device: Device, ada: Employee, contract: None, session: Session
) -> None:
    down(ada, 2, shift("D", "08:00", "16:00"))
    services.note_heartbeat(device, beat(watermark=at("03 12:00")))
    away(ada, leave(session), MONDAY)

    one = day_of(ada, 2)

    assert (one.flags, one.away_as, one.absence, one.balance) == ([], "Leave", 480, 0)


def test_a_forgotten_end_is_flagged_and_counts_nothing(
    device: Device, ada: Employee, contract: None
) -> None:
    punched(device, "02 08:00", "03 08:00", "03 17:00")

    one = day_of(ada, 2)

    assert (one.flags, one.figures.raw) == (["forgotten"], 0)


def test_a_punch_while_on_leave_is_kept_and_flagged(
    device: Device, ada: Employee, contract: None, session: Session
) -> None:
    punched(device, "02 10:00", "02 11:00")
    away(ada, leave(session), MONDAY)

    one = day_of(ada, 2)

    assert (one.flags, one.figures.raw, one.absence) == (["on_leave"], 60, 480)


def test_half_a_holiday_and_half_a_day_of_leave_make_a_free_day(
    ada: Employee, contract: None, session: Session
) -> None:
    kind = leave(session)
    services.create_own_holiday(day=MONDAY, name="Fair", is_half=True)
    services.set_allowance(ada.id, type_id=kind.id, year=2026, days=Decimal(1))
    away(ada, kind, MONDAY, is_first_half=True)

    one = day_of(ada, 2)

    assert (one.holiday, one.expected, one.absence) == ("Fair", 240, 240)
    assert services.days_left(session, ada.id, kind.id, 2026) == Decimal("0.5")


def test_there_is_no_more_leave_than_is_left(
    ada: Employee, contract: None, session: Session
) -> None:
    kind = leave(session)
    services.set_allowance(ada.id, type_id=kind.id, year=2026, days=Decimal(4))

    with pytest.raises(Invalid, match="takes 5 days of 2026; 4 are left"):
        away(ada, kind, MONDAY, last_day=FRIDAY + timedelta(days=2))


def test_nobody_is_away_twice_on_a_day_but_for_two_halves(
    ada: Employee, contract: None, session: Session
) -> None:
    kind = leave(session)
    away(ada, kind, MONDAY, is_first_half=True)
    away(ada, kind, MONDAY, is_first_half=True)

    with pytest.raises(Invalid, match="is entered on"):
        away(ada, kind, MONDAY, is_first_half=True)


def test_public_holidays_are_those_of_the_workplace(
    device: Device, ada: Employee, contract: None, session: Session
) -> None:
    ada.country, ada.region = "DE", "BY"
    session.commit()

    bavarian = services.timesheet(ada, date(2026, 1, 6), date(2026, 1, 6)).days[0]
    ada.region = "BE"
    session.commit()
    berlin = services.timesheet(ada, date(2026, 1, 6), date(2026, 1, 6)).days[0]

    assert bavarian.expected == 0
    assert bavarian.holiday
    assert (berlin.expected, berlin.holiday) == (480, "")


def test_a_holiday_that_a_region_does_not_keep_is_none_there() -> None:
    columbus_day = date(2026, 10, 12)

    assert columbus_day in public_holidays("US", "", 2026)
    assert columbus_day not in public_holidays("US", "CA", 2026)


@pytest.mark.parametrize(
    ("begin", "end", "hours"),
    [
        ("2026-03-28T23:00+01:00", "2026-03-29T07:00+02:00", 7),
        ("2026-10-24T23:00+02:00", "2026-10-25T07:00+01:00", 9),
    ],
)
@pytest.mark.usefixtures("contract")
def test_a_night_when_clocks_change_is_planned_and_counted_by_its_hours(
    device: Device, ada: Employee, begin: str, end: str, hours: int
) -> None:
    first, last = (datetime.fromisoformat(text) for text in (begin, end))
    services.revise_employee(ada.id, version=None, time_zone="Europe/Berlin")
    services.set_roster({(ada.id, first.date()): [shift("N", "23:00", "07:00").id]})

    take(device, *(sent("02 00:00")._replace(at=moment) for moment in (first, last)))

    one, after = services.timesheet(ada, first.date(), last.date()).days
    assert (one.figures.counted, one.expected) == (hours * 60, hours * 60)
    assert after.figures.counted == 0


def test_a_clock_that_shows_an_hour_twice_has_both_of_them(
    device: Device, ada: Employee, session: Session
) -> None:
    """Half past two comes twice that night: the offset says which one it is."""
    shown = ("2026-10-25T02:30+02:00", "2026-10-25T02:30+01:00")

    take(
        device,
        *(sent("02 00:00")._replace(at=datetime.fromisoformat(moment)) for moment in shown),
    )

    assert spans(session, ada) == [("25 00:30", "25 01:30")]


def test_a_holiday_on_a_weekend_has_both_of_its_days() -> None:
    days = public_holidays("US", "", 2027)

    assert {date(2027, 7, 4), date(2027, 7, 5)} <= days.keys()
    assert public_holidays("", "", 2027) == {}


def test_overtime_of_the_week_is_counted_over_the_end_of_a_month(
    device: Device, ada: Employee, contract: None, session: Session
) -> None:
    """The week from the 30th: what was before the first makes overtime of what is after."""
    rules = session.get_one(RuleSet, standard_rules().id)
    rules.weekly_overtime = 600
    session.commit()
    punched(device, "05 08:00", "05 17:00", "06 08:00", "06 17:00")

    friday = services.timesheet(ada, FRIDAY, FRIDAY).days[0].figures

    assert (friday.regular, friday.overtime) == (60, 480)


def test_short_rest_and_days_without_a_break_are_told(
    device: Device, ada: Employee, contract: None
) -> None:
    punched(device, "02 14:00", "02 22:00", "03 06:00", "03 14:00")

    assert day_of(ada, 2).flags == ["no_break"]
    sheet = services.timesheet(ada, MONDAY, FRIDAY)
    assert "short_rest" in sheet.days[1].flags


def test_more_than_the_hours_of_a_week_are_told_on_its_last_day(
    device: Device, ada: Employee, contract: None
) -> None:
    for day in range(2, 8):
        punched(device, f"0{day} 08:00", f"0{day} 12:00", f"0{day} 12:30", f"0{day} 17:00")

    def flags(first: int, last: int) -> list[tuple[date, str]]:
        days = (MONDAY + timedelta(days=n) for n in (first, last))
        return services.timesheet(ada, *days).flags

    sunday = MONDAY + timedelta(days=6)
    assert flags(0, 6) == [(sunday, "long_week")]
    assert flags(3, 6) == [(sunday, "long_week")]  # a month that begins within the week
    assert flags(0, 2) == []  # and the one that ends there


def test_a_move_to_another_zone_doubles_nothing(
    device: Device, ada: Employee, contract: None, session: Session
) -> None:
    """A session has one zone, which is kept with it: no hour counts on two days."""
    punched(device, "02 22:00", "03 06:00", "03 22:00", "04 06:00")
    before = services.timesheet(ada, MONDAY, FRIDAY).total("counted")

    services.revise_employee(ada.id, version=None, time_zone="Pacific/Auckland")

    assert (before, services.timesheet(ada, MONDAY, FRIDAY).total("counted")) == (960, 960)
    assert services.rebuild(session) == services.Changes()


def test_two_shifts_that_overlap_are_refused(ada: Employee) -> None:
    one, other = shift("A", "06:00", "14:00"), shift("B", "13:00", "21:00")

    with pytest.raises(Invalid, match="A and B overlap"):
        services.set_roster({(ada.id, MONDAY): [one.id, other.id]})


def test_somebody_who_is_not_there_is_on_no_roster(ada: Employee) -> None:
    one = shift("A", "06:00", "14:00")

    with pytest.raises(Invalid, match="no employee 999999"):
        services.set_roster({(999_999, MONDAY): [one.id]})


def test_a_week_is_copied_onto_days_that_are_empty(ada: Employee, session: Session) -> None:
    early, late = shift("A", "06:00", "14:00"), shift("B", "14:00", "22:00")
    services.set_roster({(ada.id, MONDAY): [early.id, late.id], (ada.id, FRIDAY): [early.id]})
    next_friday = FRIDAY + timedelta(days=7)
    services.set_roster({(ada.id, next_friday): [late.id]})

    copied = services.copy_week(MONDAY + timedelta(days=7), employee_ids=[ada.id])

    assert copied == 1
    assert roster_of(session, ada) == [
        (2, early.id),
        (2, late.id),
        (6, early.id),
        (9, early.id),
        (9, late.id),
        (13, late.id),
    ]


def test_a_longer_report_takes_no_more_queries(
    device: Device, ada: Employee, contract: None, queries: list[str]
) -> None:
    counts = []
    for _ in range(2):
        for _ in range(3):
            ContractFactory.create()
        queries.clear()
        services.report(MONDAY, FRIDAY)
        counts.append(len(queries))

    assert counts[0] == counts[1]


# Payroll


def exported(preset: str, **settings: str) -> services.Exported:
    return services.export_hours(preset, first_day=MONDAY, last_day=FRIDAY, settings=settings)


def test_a_preset_that_adds_gives_only_what_is_different_the_second_time(
    device: Device, ada: Employee, contract: None, session: Session
) -> None:
    punched(device, "02 08:00", "02 16:00")
    first = exported("long").file.content.decode("utf-8-sig")
    punched(device, "03 08:00", "03 10:00")

    second = exported("long").file.content.decode("utf-8-sig")
    third = exported("long").file.content.decode("utf-8-sig")

    assert "1,Ada,2026-11-02,2026-11-06,regular,8.00," in first
    assert "1,Ada,2026-11-02,2026-11-06,regular,2.00," in second
    assert len(third.splitlines()) == 1  # nothing but the head


def test_a_preset_that_replaces_gives_all_of_it_again(
    device: Device, ada: Employee, contract: None
) -> None:
    punched(device, "02 08:00", "02 16:00")
    exported("gusto")

    again = exported("gusto").file.content.decode()

    head, line = again.splitlines()
    assert head == (
        "last_name,first_name,title,gusto_employee_id,"
        "regular_hours,overtime_hours,double_overtime_hours"
    )
    assert line == "Ada,,,1,8.00,0.00,0.00"


def test_adp_and_lodas_and_iif_are_written_as_their_programs_read_them(
    device: Device, ada: Employee, contract: None
) -> None:
    punched(device, "02 08:00", "02 16:30")

    adp = exported("adp", company_code="ABC").file
    lodas = exported("lodas", consultant="7", client="12", wage_regular="1000").file
    iif = exported("iif").file

    assert adp.name == "PRABCEPI.csv"
    assert adp.content.decode().splitlines()[1].startswith("ABC,")
    assert adp.content.decode().splitlines()[1].endswith(",1,8.50,0.00,,")
    assert b"\r\n21;01/11/2026;1;1000;1;8,50;\r\n" in lodas.content
    assert b"\r\nTIMEACT\t11/06/2026\t\tAda\t\tRegular\t8:30\t" in iif.content


@pytest.mark.parametrize(
    ("preset", "settings", "missing"),
    [
        ("adp", {}, r"company_code \(Company code\)\."),
        ("lodas", {}, r"consultant .*, client .*, wage_regular \(Lohnart: Regular\)\."),
        ("lodas", {"consultant": "7", "client": "12"}, r"asks for wage_regular "),
    ],
)
def test_no_hours_are_left_out_for_want_of_a_setting(
    device: Device,
    ada: Employee,
    contract: None,
    preset: str,
    settings: dict[str, str],
    missing: str,
) -> None:
    punched(device, "02 08:00", "02 16:30")

    with pytest.raises(Invalid, match=missing):
        exported(preset, **settings)
    spared = exported("lodas", consultant="7", client="12", wage_regular="-").file

    assert b"\r\n21;01" not in spared.content  # because somebody said so


def test_a_batch_is_fetched_again_as_it_was(
    device: Device, ada: Employee, contract: None
) -> None:
    punched(device, "02 08:00", "02 16:00")
    made = exported("long")
    punched(device, "03 08:00", "03 10:00")

    assert services.written_again(made.export.id).content == made.file.content


def test_payroll_waits_until_everybody_has_clocked_out(
    device: Device, ada: Employee, contract: None
) -> None:
    punched(device, "02 08:00")

    with pytest.raises(services.NotAllowed, match=r"Ada \(2026-11-02\)"):
        exported("long")


def test_a_setting_that_a_preset_does_not_ask_for_is_refused(ada: Employee) -> None:
    with pytest.raises(Invalid, match="has no colour"):
        exported("gusto", colour="red")


def test_days_that_are_locked_can_be_opened_with_a_reason(ada: Employee) -> None:
    services.lock_days(MONDAY)
    with pytest.raises(services.PeriodLocked):
        services.set_roster({(ada.id, MONDAY): [shift("A", "06:00", "14:00").id]})

    services.open_days(reason="A mistake")

    assert services.set_roster({(ada.id, MONDAY): [shift("B", "06:00", "14:00").id]}) == 1


def told_of_late(session: Session) -> list[str]:
    found = select(Alert.text).where(Alert.kind == "attendance.late")
    return [text.split(";")[0] for text in session.scalars(found)]


def test_punches_that_come_late_for_locked_days_count_and_are_told(
    device: Device, ada: Employee, contract: None, session: Session
) -> None:
    punched(device, "02 08:00", "02 16:00")
    exported("long")
    services.lock_days(MONDAY)
    account = services.account_of(ada.id).balance

    punched(device, "03 08:00", "03 16:00")
    open_day = told_of_late(session)
    punched(device, "02 17:00", "02 18:00")

    assert (open_day, told_of_late(session)) == ([], [f"The first is {MONDAY}"])
    assert services.timesheet(ada, MONDAY, MONDAY).total("counted") == 9 * 60
    assert b",regular,9.00," in exported("long").file.content  # an hour more, and Tuesday
    assert services.account_of(ada.id).months[0].credited == 8 * 60 * 2
    assert services.account_of(ada.id).balance == account + 8 * 60


def test_the_end_of_a_night_that_comes_late_is_of_the_locked_day_it_began(
    device: Device, ada: Employee, session: Session
) -> None:
    punched(device, "02 22:00")
    services.lock_days(MONDAY)

    punched(device, "03 06:00")

    assert told_of_late(session) == [f"The first is {MONDAY}"]


def test_an_evening_in_the_west_is_of_the_locked_day_though_it_is_over_in_utc(
    device: Device, ada: Employee, session: Session
) -> None:
    services.revise_employee(ada.id, version=None, time_zone="America/New_York")
    services.lock_days(MONDAY)

    with pytest.raises(services.PeriodLocked):
        services.correct_punch(
            ada.id, kind="add", at=at("03 02:00"), direction="in", reason="Late"
        )
    punched(device, "03 02:00", "03 03:00")

    assert told_of_late(session) == [f"The first is {MONDAY}"]


def test_a_night_nobody_knew_of_is_not_added_to_a_locked_day_by_its_morning(
    device: Device, ada: Employee, session: Session
) -> None:
    night = shift("N", "22:00", "06:00")
    services.set_roster({(ada.id, MONDAY): [night.id]})
    services.lock_days(MONDAY)

    with pytest.raises(services.PeriodLocked):
        services.correct_punch(
            ada.id, kind="add", at=at("03 01:00"), direction="in", reason="Late"
        )

    assert spans(session, ada) == []


def test_a_card_that_is_somebodys_only_now_changes_locked_days_not_in_silence(
    device: Device, session: Session
) -> None:
    bob = EmployeeFactory.create(name="Bob", time_zone="UTC")
    punched(device, "02 08:00", "02 16:00", card="4711")
    services.lock_days(MONDAY)

    services.assign_unknown(
        session.scalars(select(func.min(Punch.id))).one(), employee_id=bob.id
    )

    assert told_of_late(session) == [f"The first is {MONDAY}"]


def test_a_night_over_the_end_of_a_month_is_paid_once_in_the_month_it_began(
    device: Device, ada: Employee, contract: None
) -> None:
    begin = datetime(2026, 9, 30, 22, tzinfo=UTC)
    take(device, *(sent("01 00:00")._replace(at=begin + timedelta(hours=n)) for n in (0, 8)))

    def regular(first: date, last: date) -> list[str]:
        file = services.export_hours("long", first_day=first, last_day=last).file
        rows = file.content.decode("utf-8-sig").splitlines()
        return [row.split(",")[5] for row in rows if ",regular," in row]

    assert regular(date(2026, 9, 1), date(2026, 9, 30)) == ["8.00"]
    assert regular(date(2026, 10, 1), date(2026, 10, 31)) == []


def test_a_device_that_is_silent_is_told_of(device: Device, session: Session) -> None:
    services.note_heartbeat(device, beat(soon(hours=-1)))
    services.watch_devices()
    assert session.scalars(select(Alert.kind).where(Alert.closed_at.is_(None))).all() == [
        "attendance.silent"
    ]

    services.note_heartbeat(device, beat(soon()))
    services.watch_devices()
    assert session.scalars(select(Alert.kind).where(Alert.closed_at.is_(None))).all() == []


def test_one_employee_is_one_row_however_many_cards(ada: Employee) -> None:
    other = EmployeeFactory.create(name="Bob")
    with pytest.raises(services.CredentialTaken):
        services.assign_card(CARD, employee_id=other.id)
