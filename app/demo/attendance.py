"""People at work: two shifts and a night, 90 days of punches, and what goes wrong with them."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.attendance import jobs, services
from app.attendance.models import (
    AbsenceType,
    Contract,
    Credential,
    Device,
    Employee,
    RuleSet,
    Shift,
)
from app.attendance.reckoning.clock import DeviceNow
from app.attendance.services import Heartbeat, ReaderState, SentPunch
from app.core.db import transaction
from app.core.settings import set_settings

ZONE = "Europe/Berlin"
ONE_DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
FIRST_CARD = 4_200_001
GUEST_CARD = 9_900_001  # nobody's
BATCH = 500
DEPARTMENTS = ("Warehouse", "Warehouse", "Packing", "Office")
NAMES = (
    *("Ada Weber", "Bruno Costa", "Chiara Ricci", "Deniz Kaya", "Emma Fischer", "Farid Amiri"),
    *("Greta Lang", "Henrik Olsen", "Ines Duarte", "Jonas Becker", "Katja Novak", "Liam Byrne"),
    *("Mira Hoxha", "Nils Berg", "Olga Petrova", "Paul Meyer", "Quirin Huber", "Rosa Blanco"),
    *(
        "Samir Haddad",
        "Tilda Svensson",
        "Umut Aydin",
        "Vera Klein",
        "Wim de Vries",
        "Xenia Roth",
    ),
)
# Whose history has which flaw, by place in NAMES.
FORGETS, DOUBLE_TAPS, LATE, TWO_SHIFTS, NIGHT, HIRED_LATE, LEFT, AWAY, NEW_CARD = range(9)
SWAPS = 9


def people(rng: random.Random, last: datetime, *, days: int) -> dict[str, int]:
    """Make employees and their punches of the `days` before the `last`."""
    first = (last - timedelta(days=days)).date()
    with transaction() as session:
        rules = RuleSet(
            name="Warehouse",
            rounds="shift",
            rounding_minutes=5,
            break_rule="german",
            weekly_overtime=2400,
            night_percent=25,
            deep_night_percent=40,
            sunday_percent=50,
            holiday_band_percent=125,
        )
        session.add(rules)
        session.flush()
        staff = [_hire(rng, number, name, first, days) for number, name in enumerate(NAMES)]
        session.add_all(staff)
        session.flush()
        session.add_all(
            Contract(
                employee_id=one.id,
                valid_from=one.hire_date,
                weekly_hours=Decimal(40),
                rule_set_id=rules.id,
                rate=Decimal(rng.randrange(1600, 2600)) / 100,
                currency="EUR",
            )
            for one in staff
        )
        shifts = _shifts()
        roster = _roster(staff, shifts, first, days)
        services.set_roster(roster)
        device = _device(first)
        for number, one in enumerate(staff):
            if number != NEW_CARD:
                services.assign_card(str(FIRST_CARD + number), employee_id=one.id, name="Fob")
        _valid_since(first)
        _leave(staff, first)
        sent = list(_punches(rng, staff, shifts, roster, last))
        _send(device, sorted(sent, key=lambda one: one.at), last)
        _ask(staff, last)
        _keep_accounts(staff, last)
        _swap(staff, roster, last)
    return {"employees": len(staff), "punches": len(sent)}


def _hire(rng: random.Random, number: int, name: str, first: date, days: int) -> Employee:
    hired = first - timedelta(days=rng.randrange(30, 1500))
    if number == HIRED_LATE:
        hired = first + timedelta(days=days // 2)
    return Employee(
        number=f"{1001 + number}",
        name=name,
        department=DEPARTMENTS[number % len(DEPARTMENTS)],
        cost_centre=f"K{100 + 10 * (number % 3)}",
        time_zone=ZONE,
        country="DE",
        region="BY",
        hire_date=hired,
        leave_date=first + timedelta(days=days * 2 // 3) if number == LEFT else None,
    )


def _shifts() -> dict[str, Shift]:
    hours = {
        "F": ("Early", time(6), time(14)),
        "S": ("Late", time(14), time(22)),
        "N": ("Night", time(22), time(6)),
    }
    return {
        code: services.create_shift(
            code=code, name=name, begins=begins, ends=ends, break_minutes=30
        )
        for code, (name, begins, ends) in hours.items()
    }


def _roster(
    staff: list[Employee], shifts: dict[str, Shift], first: date, days: int
) -> dict[tuple[int, date], list[int]]:
    """Early and late change by the week; one works nights, one has two shifts on Fridays."""
    cells: dict[tuple[int, date], list[int]] = {}
    for number, one in enumerate(staff):
        for n in range(days + 7):
            day = first + n * ONE_DAY
            if day.weekday() > 4 or not one.is_employed_on(day):  # noqa: PLR2004  (weekends)
                continue
            is_early = (day.isocalendar().week + number) % 2 == 0
            codes = ["N"] if number == NIGHT else ["F" if is_early else "S"]
            if number == TWO_SHIFTS and day.weekday() == 4:  # noqa: PLR2004  (Fridays)
                codes = ["F", "S"]
            cells[one.id, day] = [shifts[code].id for code in codes]
    return cells


def _device(first: date) -> Device:
    """A bridge at the gate, with one reader; it has no token until somebody renews it."""
    set_up = datetime.combine(first - 2 * ONE_DAY, time(), UTC)
    with transaction() as session:
        device = Device(name="Gate", kind="bridge", place="Main entrance", created_at=set_up)
        session.add(device)
        session.flush()
    return device


def _valid_since(first: date) -> None:
    """Let the cards count from the first day: they were given out before."""
    with transaction() as session:
        for card in session.scalars(select(Credential)):
            card.valid_from = datetime.combine(first - ONE_DAY, time(), UTC)


def _leave(staff: list[Employee], first: date) -> None:
    """Somebody was on leave, and came in for an hour all the same."""
    begin = first + timedelta(days=7 - first.weekday())
    with transaction() as session:
        leave = session.scalars(select(AbsenceType).where(AbsenceType.name == "Leave")).one()
    services.set_allowance(staff[AWAY].id, type_id=leave.id, year=begin.year, days=Decimal(30))
    services.enter_absence(
        staff[AWAY].id, type_id=leave.id, first_day=begin, last_day=begin + 4 * ONE_DAY
    )


def _punches(
    rng: random.Random,
    staff: list[Employee],
    shifts: dict[str, Shift],
    roster: dict[tuple[int, date], list[int]],
    last: datetime,
) -> Iterator[SentPunch]:
    """What the gate has seen, in no order: whoever is down comes, more or less."""
    by_id = {one.id: one for one in shifts.values()}
    number = {one.id: n for n, one in enumerate(staff)}
    counter = iter(range(1, 1_000_000))
    for (employee_id, day), ids in roster.items():
        who = number[employee_id]
        for shift_id in ids:
            for moment in _moments(rng, who, by_id[shift_id], day):
                if moment < last:
                    yield _punch(next(counter), FIRST_CARD + who, moment)
        if who == AWAY and day.weekday() == 0 and (guest := _at(day, time(11, 20))) < last:
            yield _punch(next(counter), GUEST_CARD, guest)


def _moments(rng: random.Random, who: int, shift: Shift, day: date) -> Iterator[datetime]:
    """The punches of a shift, with the flaw of whoever it is."""
    if who == AWAY and rng.random() < 0.5:  # noqa: PLR2004
        return
    begin, end = _at(day, shift.begins), _at(day, shift.ends, is_next=shift.is_night)
    come = begin + rng.randrange(-12, 4) * MINUTE
    if who == LATE and rng.random() < 0.3:  # noqa: PLR2004
        come = begin + rng.randrange(10, 50) * MINUTE
    yield come
    if who == DOUBLE_TAPS:
        yield come + timedelta(seconds=rng.randrange(2, 40))
    if rng.random() < 0.9:  # noqa: PLR2004
        pause = begin + rng.randrange(180, 260) * MINUTE
        yield pause
        yield pause + rng.randrange(30, 45) * MINUTE
    if who == FORGETS and rng.random() < 0.15:  # noqa: PLR2004
        return
    yield end + rng.randrange(-3, 15) * MINUTE


def _at(day: date, clock: time, *, is_next: bool = False) -> datetime:
    on = day + ONE_DAY if is_next else day
    return datetime.combine(on, clock, ZoneInfo(ZONE)).astimezone(UTC)


def _punch(seq: int, card: int, moment: datetime) -> SentPunch:
    return SentPunch(seq, "demo", str(card), moment, reader="gate")


def _send(device: Device, punches: list[SentPunch], last: datetime) -> None:
    """Send them as the bridge does; its clock was behind by a day in the end."""
    reader = ReaderState("gate", "rdm6300")
    for first in range(0, len(punches), BATCH):
        part = punches[first : first + BATCH]
        beat = Heartbeat(DeviceNow(last, "demo", last), watermark=last, readers=[reader])
        services.take_punches(device, part, beat)
    services.note_heartbeat(device, Heartbeat(DeviceNow(last, "demo"), readers=[reader]))
    wrong = Heartbeat(DeviceNow(last, "after the power cut", last - ONE_DAY))
    late = SentPunch(1, "after the power cut", str(GUEST_CARD), last - ONE_DAY - 5 * MINUTE)
    epoch = datetime(2000, 1, 1, 0, 7, tzinfo=UTC)
    lost = SentPunch(1, "before its clock was set", str(FIRST_CARD), epoch)
    services.take_punches(device, [late, lost], wrong)


def _ask(staff: list[Employee], last: datetime) -> None:
    """What waits for the manager, and what was decided."""
    day = (last - 3 * ONE_DAY).date()
    services.correct_punch(
        staff[FORGETS].id,
        kind="add",
        at=_at(day, time(14, 5)),
        direction="out",
        reason="Forgot to clock out",
    )
    services.request_correction(
        staff[LATE].id,
        kind="add",
        at=_at(day, time(5, 58)),
        direction="in",
        reason="The reader did not beep",
    )
    with transaction() as session:
        leave = session.scalars(select(AbsenceType).where(AbsenceType.name == "Leave")).one()
    begin = (last + 14 * ONE_DAY).date()
    services.request_absence(
        staff[TWO_SHIFTS].id,
        type_id=leave.id,
        first_day=begin,
        last_day=begin + 2 * ONE_DAY,
        is_last_half=True,
    )


def _keep_accounts(staff: list[Employee], last: datetime) -> None:
    """Overtime waits for whoever approves it; somebody brought hours in, and got some."""
    set_settings(attendance_overtime_approval=True)
    first = (last - 20 * ONE_DAY).date()
    one = staff[NIGHT].id
    services.enter_minutes(
        one, kind="opening", day=first, minutes=42 * 60, reason="From the old program"
    )
    day = (last - ONE_DAY).date()
    services.enter_minutes(
        one, kind="adjustment", day=day, minutes=120, reason="On the road for the company"
    )
    jobs.refresh_accounts.enqueue()


def _swap(
    staff: list[Employee], roster: dict[tuple[int, date], list[int]], last: datetime
) -> None:
    """Somebody would give the first shift after tomorrow away, to whoever takes it."""
    if last < datetime.now(UTC) - ONE_DAY:
        return  # what has begun is given away no more
    coming = (last + 2 * ONE_DAY).date()
    mine = sorted(day for who, day in roster if who == staff[SWAPS].id and day >= coming)
    services.request_swap(
        staff[SWAPS].id,
        day=mine[0],
        shift_id=roster[staff[SWAPS].id, mine[0]][0],
        reason="A wedding",
    )
