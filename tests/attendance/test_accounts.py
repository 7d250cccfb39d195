"""Time accounts: what they follow from, what is entered by hand, and days that are locked."""

from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.attendance import services
from app.attendance.errors import NotAllowed, PeriodLocked
from app.attendance.jobs import refresh_accounts
from app.attendance.models import (
    AccountDay,
    AccountEntry,
    Device,
    Employee,
    RuleSet,
    TimeAccount,
)
from app.attendance.reckoning.accounts import Entry, MonthOfDays, statement
from app.core.errors import Invalid
from app.core.settings import set_settings
from tests.attendance.conftest import at, bearer, punched, spans
from tests.attendance.factories import ContractFactory, EmployeeFactory, standard_rules
from tests.conftest import SignIn, client_of
from tests.factories import RoleFactory, UserFactory

MONDAY, FRIDAY = date(2026, 11, 2), date(2026, 11, 6)
LAST = date(2027, 12, 31)
HOUR = 60


def month(text: str) -> date:
    return date.fromisoformat(f"{text}-01")


@pytest.fixture
def rules(session: Session) -> RuleSet:
    return standard_rules()


@pytest.fixture
def week(device: Device, ada: Employee, session: Session) -> Employee:
    """Ada, 40 hours by contract, who worked nine hours on four days of her only week."""
    ContractFactory.create(employee=ada)
    ada.country, ada.leave_date = "", FRIDAY
    session.commit()
    for day in ("02", "03", "04", "05"):
        punched(device, f"{day} 08:00", f"{day} 17:00")
    return ada


def balance(employee: Employee) -> int:
    """What is in somebody's account, which is the same before its days are kept and after."""
    read = services.account_of(employee.id)
    services.refresh_accounts([employee.id])
    kept = services.account_of(employee.id)
    assert (read.months, read.known_until) == (kept.months, kept.known_until)
    return kept.balance


def test_an_account_is_what_was_worked_against_the_contract(week: Employee) -> None:
    account = services.account_of(week.id)

    assert [(one.month, one.credited, one.expected) for one in account.months] == [
        (month("2026-11"), 36 * HOUR, 40 * HOUR)
    ]
    assert account.balance == -4 * HOUR
    assert account.known_until == FRIDAY


def test_whoever_reads_an_account_changes_nothing(
    week: Employee, app: Flask, sign_in: SignIn, session: Session
) -> None:
    set_settings(attendance_overtime_approval=True)
    for path in ("accounts", f"accounts/{week.id}"):
        page = sign_in("attendance.view").get(f"/attendance/{path}")
        assert page.status_code == 200
    head = bearer("attendance.view")
    for path in ("accounts", f"accounts/{week.id}"):
        answer = app.test_client().get(f"/api/v1/attendance/{path}", headers=head)
        assert answer.status_code == 200

    assert session.scalars(select(AccountDay)).all() == []
    assert session.scalars(select(TimeAccount)).all() == []

    refresh_accounts()
    assert len(session.scalars(select(AccountDay)).all()) == 5


def test_a_change_of_hours_counts_from_its_day(week: Employee, rules: RuleSet) -> None:
    assert balance(week) == -4 * HOUR

    services.create_contract(
        week.id, valid_from=date(2026, 11, 5), weekly_hours=Decimal(20), rule_set_id=rules.id
    )

    assert balance(week) == 36 * HOUR - (24 + 8) * HOUR


def test_it_begins_with_the_first_day_at_work_not_with_the_contract(
    device: Device, week: Employee
) -> None:
    """Whoever was hired years before the first punch owes nobody those years."""
    assert services.account_of(week.id).months[0].month == month("2026-11")


def test_what_is_changed_later_is_in_it_and_a_rebuild_changes_nothing(
    app: Flask, week: Employee, session: Session
) -> None:
    before = balance(week)
    services.correct_punch(
        week.id, kind="add", at=at("06 08:00"), direction="in", reason="Forgotten"
    )
    services.correct_punch(
        week.id, kind="add", at=at("06 16:00"), direction="out", reason="Forgotten"
    )

    after = balance(week)
    said = app.test_cli_runner().invoke(args=["attendance", "rebuild"]).output

    assert (before, after) == (-4 * HOUR, 4 * HOUR)
    assert "nothing has changed" in said


def test_a_rebuild_puts_right_what_was_written_by_hand(
    app: Flask, week: Employee, session: Session
) -> None:
    balance(week)
    session.execute(update(AccountDay).where(AccountDay.day == MONDAY).values(credited=1))
    session.commit()

    said = app.test_cli_runner().invoke(args=["attendance", "rebuild"]).output

    assert "1 days of time accounts were different" in said
    assert balance(week) == -4 * HOUR


def _party(_one: Employee) -> None:
    services.create_own_holiday(day=FRIDAY, name="Party")


def _leave(one: Employee) -> None:
    kind = services.absence_types_offered()[0]
    services.enter_absence(one.id, type_id=kind.id, first_day=FRIDAY, last_day=FRIDAY)


@pytest.mark.parametrize("change", [_party, _leave])
def test_a_free_day_owes_nothing(week: Employee, change: Any) -> None:
    assert balance(week) == -4 * HOUR

    change(week)

    assert balance(week) == 4 * HOUR


def test_a_roster_and_other_rules_change_it_too(week: Employee, rules: RuleSet) -> None:
    balance(week)
    shift = services.create_shift(
        code="F", name="F", begins=at("02 08:00").time(), ends=at("02 12:00").time()
    )
    services.set_roster({(week.id, FRIDAY): [shift.id]})
    rostered = balance(week)
    services.revise_rule_set(rules.id, version=None, break_rule="fixed", break_after=360)

    assert rostered == 36 * HOUR - 4 * HOUR
    assert balance(week) == rostered - 4 * 30


def test_a_roster_that_plans_overtime_owes_no_more_than_is_not_paid_as_such(
    week: Employee, rules: RuleSet
) -> None:
    """Whoever works as planned, and is paid for what is overtime of it, owes nothing."""
    services.revise_rule_set(rules.id, version=None, weekly_overtime=40 * HOUR)
    shift = services.create_shift(
        code="L", name="Long", begins=at("02 08:00").time(), ends=at("02 17:00").time()
    )
    days = [date(2026, 11, day) for day in range(2, 7)]
    services.set_roster({(week.id, day): [shift.id] for day in days})
    missing = balance(week)

    for clock, direction in (("08:00", "in"), ("17:00", "out")):
        services.correct_punch(
            week.id, kind="add", at=at(f"06 {clock}"), direction=direction, reason="There"
        )

    assert (missing, balance(week)) == (-4 * HOUR, 0)


def test_overtime_that_is_paid_is_not_in_it_and_that_which_is_kept_is(
    week: Employee, rules: RuleSet
) -> None:
    services.revise_rule_set(rules.id, version=None, daily_overtime=8 * HOUR)
    paid = balance(week)
    services.revise_rule_set(rules.id, version=None, overtime_goes="account")

    assert (paid, balance(week)) == (-8 * HOUR, -4 * HOUR)
    assert services.timesheet(week, MONDAY, FRIDAY).paid("overtime") == 0


def test_days_that_are_locked_stay_whatever_changes(week: Employee, rules: RuleSet) -> None:
    services.lock_days(FRIDAY)
    services.revise_rule_set(rules.id, version=None, break_rule="fixed", break_after=360)
    services.rebuild_accounts()
    locked = balance(week)
    counted = services.timesheet(week, MONDAY, FRIDAY).total("counted")
    with pytest.raises(PeriodLocked):
        services.create_contract(
            week.id, valid_from=FRIDAY, weekly_hours=Decimal(1), rule_set_id=rules.id
        )
    with pytest.raises(PeriodLocked):
        services.enter_minutes(
            week.id, kind="adjustment", day=FRIDAY, minutes=60, reason="Late"
        )

    services.open_days(reason="A mistake")

    assert (locked, balance(week)) == (-4 * HOUR, -6 * HOUR)
    assert (counted, services.timesheet(week, MONDAY, FRIDAY).total("counted")) == (
        36 * HOUR,
        34 * HOUR,
    )


def test_it_begins_with_what_is_brought_in(week: Employee) -> None:
    services.enter_minutes(
        week.id, kind="opening", day=date(2026, 11, 4), minutes=600, reason="Old program"
    )

    opened = balance(week)
    with pytest.raises(NotAllowed):
        services.enter_minutes(week.id, kind="opening", day=FRIDAY, minutes=1, reason="Again")
    with pytest.raises(Invalid, match="begins on 2026-11-04"):
        services.enter_minutes(
            week.id, kind="adjustment", day=MONDAY, minutes=1, reason="Before"
        )

    assert opened == 600 + 18 * HOUR - 24 * HOUR


def test_a_payout_takes_out_what_is_there_and_payroll_hears_of_it(week: Employee) -> None:
    def pay(minutes: int) -> AccountEntry:
        return services.enter_minutes(
            week.id, kind="payout", day=FRIDAY, minutes=minutes, reason="Asked for"
        )

    services.enter_minutes(
        week.id, kind="adjustment", day=FRIDAY, minutes=10 * HOUR, reason="Fair"
    )
    with pytest.raises(Invalid, match="only 360"):
        pay(361)

    paid = pay(2 * HOUR)

    assert (paid.minutes, balance(week)) == (-2 * HOUR, 4 * HOUR)
    line = services.pay_line(services.timesheet(week, MONDAY, FRIDAY))
    assert line.minutes["payout"] == 2 * HOUR


def test_an_entry_is_taken_back_by_another_and_never_changed(
    week: Employee, session: Session
) -> None:
    entry = services.enter_minutes(
        week.id, kind="adjustment", day=FRIDAY, minutes=90, reason="Wrong"
    )

    services.reverse_entry(entry.id, reason="It was not")

    assert balance(week) == -4 * HOUR
    with pytest.raises(NotAllowed):
        services.reverse_entry(entry.id, reason="Twice")
    with pytest.raises(DBAPIError, match="append-only"):
        session.execute(update(AccountEntry).values(minutes=1))
    session.rollback()


def test_somebody_else_changes_nobodys_account(week: Employee, device: Device) -> None:
    bob = EmployeeFactory.create(time_zone="UTC", leave_date=FRIDAY)

    assert (balance(bob), balance(week)) == (0, -4 * HOUR)


def test_a_month_is_cut_to_the_cap_and_a_year_to_what_is_carried() -> None:
    days = [
        MonthOfDays(month("2026-11"), 100, 0, 60, 20),
        MonthOfDays(month("2026-12"), 10, 0, 60, 20),
        MonthOfDays(month("2027-02"), 5, 0, 60, 20),
    ]

    found = statement(days, [Entry(date(2027, 2, 3), -1)], known_until=LAST)

    assert [(one.cut, one.closing) for one in found] == [(40, 60), (50, 20), (0, 20), (0, 24)]


def test_a_month_that_goes_on_is_not_cut() -> None:
    days = [MonthOfDays(month("2026-11"), 100, 0, 60, None)]

    found = statement(days, [], known_until=date(2026, 11, 29))

    assert (found[0].cut, found[0].closing) == (0, 100)


def test_a_debt_is_never_cut() -> None:
    days = [MonthOfDays(month("2026-12"), 0, 500, 0, 0)]

    assert statement(days, [], known_until=LAST)[0].closing == -500


LIMITS = st.none() | st.integers(0, 300)
MONTHS = st.lists(
    st.tuples(st.integers(0, 600), st.integers(0, 600), LIMITS, LIMITS), min_size=1, max_size=18
)


@given(MONTHS, st.lists(st.tuples(st.integers(0, 500), st.integers(-500, 500)), max_size=6))
def test_months_follow_each_other_and_nothing_is_lost_but_what_is_cut(
    given_months: list[tuple[int, int, int | None, int | None]],
    entries: list[tuple[int, int]],
) -> None:
    days = [
        MonthOfDays(date(2026 + n // 12, n % 12 + 1, 1), *figures)
        for n, figures in enumerate(given_months)
    ]
    entered = [
        Entry(date.fromordinal(month("2026-01").toordinal() + after), minutes)
        for after, minutes in entries
    ]

    found = statement(days, entered, known_until=LAST)

    for one, following in pairwise(found):
        assert following.opening == one.closing
    earned = sum(one.credited - one.expected for one in days)
    put_in = sum(one.minutes for one in entered)
    assert found[-1].closing == earned + put_in - sum(one.cut for one in found)
    assert all(one.cut >= 0 for one in found)


def test_the_office_sees_enters_and_exports(
    sign_in: SignIn, week: Employee, session: Session
) -> None:
    office = sign_in("attendance.view", "attendance.payroll")
    page = f"/attendance/accounts/{week.id}"
    fields = {"kind": "adjustment", "day": "2026-11-06", "minutes": "1:30", "reason": "Fair"}

    wrong = office.post(f"{page}/entries", data=fields | {"minutes": "soon"})
    right = office.post(f"{page}/entries", data=fields)
    entry = session.scalars(select(AccountEntry)).one()
    shown = office.get(page).text
    office.post(
        f"/attendance/accounts/entries/{entry.id}/reversal", data={"reason": "A mistake"}
    )
    EmployeeFactory.create(number="77", name="Employed", time_zone="UTC")

    assert (wrong.status_code, right.status_code) == (422, 303)
    assert "such as 1:30" in wrong.text
    assert "-2:30" in shown
    assert "Taken back" in office.get(page).text
    assert "Employed" in office.get("/attendance/accounts?file=csv").text


def test_without_the_permission_nobody_enters_or_sees(sign_in: SignIn, week: Employee) -> None:
    page = f"/attendance/accounts/{week.id}"

    assert sign_in("attendance.view").post(f"{page}/entries").status_code == 403
    assert sign_in("attendance.own").get(page).status_code == 403


def test_one_sees_ones_own_account(app: Flask, week: Employee, session: Session) -> None:
    user = UserFactory.create(role=RoleFactory.create(permissions=["attendance.own"]))
    week.user_id = user.id
    session.commit()
    me: Any = client_of(app, user)

    assert "-4:00" in me.get("/my-time?week=2026-11-02").text
    assert "November 2026" in me.get("/my-time/account").text
    assert me.get("/api/v1/my-time/account").json["balance"] == -240


def test_a_program_reads_and_enters(app: Flask, week: Employee) -> None:
    client: Any = app.test_client()
    head = bearer("attendance.view", "attendance.payroll")
    base = "/api/v1/attendance"
    body = {"kind": "adjustment", "day": "2026-11-06", "minutes": 30, "reason": "Fair"}

    made = client.post(f"{base}/accounts/{week.id}/entries", json=body, headers=head)
    refused = client.post(
        f"{base}/accounts/{week.id}/entries", json=body | {"minutes": 0}, headers=head
    )
    account = client.get(f"{base}/accounts/{week.id}", headers=head).json
    undone = client.post(
        f"{base}/account-entries/{made.json['id']}/reverse",
        json={"reason": "No"},
        headers=head,
    )
    listed = client.get(
        f"{base}/account-entries?employee_id={week.id}&sort=-id", headers=head
    ).json

    assert (made.status_code, refused.status_code, undone.status_code) == (201, 422, 201)
    assert list(refused.json["fields"]) == ["minutes"]
    assert account["balance"] == -210
    assert account["months"][0]["entered"] == 30
    assert [one["minutes"] for one in listed["items"]] == [-30, 30]
    assert client.get(f"{base}/accounts", headers=head).status_code == 200


@pytest.fixture
def first_to_last(rules: RuleSet, week: Employee) -> Employee:
    """Ada, whose days count from the first in to the last out since Thursday."""
    new = services.create_rule_set(name="First to last", pairing="first_last")
    services.create_contract(
        week.id,
        valid_from=date(2026, 11, 5),
        weekly_hours=Decimal(40),
        rule_set_id=new.id,
    )
    return week


def test_from_the_first_in_to_the_last_out_counts_from_the_day_of_the_contract(
    device: Device, first_to_last: Employee, session: Session
) -> None:
    punched(device, "06 08:00", "06 12:00", "06 13:00", "06 17:00")

    sheet = services.timesheet(first_to_last, MONDAY, FRIDAY)

    assert spans(session, first_to_last)[-2:] == [
        ("06 08:00", "06 12:00"),
        ("06 13:00", "06 17:00"),
    ]
    assert [one.figures.counted for one in sheet.days[-2:]] == [540, 540]


def test_the_last_of_three_punches_is_the_way_home(
    device: Device, week: Employee, rules: RuleSet
) -> None:
    punched(device, "06 08:00", "06 12:00", "06 13:00")
    paired = services.timesheet(week, FRIDAY, FRIDAY).days[0]
    services.revise_rule_set(rules.id, version=None, pairing="first_last")

    first_last = services.timesheet(week, FRIDAY, FRIDAY).days[0]

    assert (paired.figures.counted, paired.flags) == (240, ["forgotten"])
    assert (first_last.figures.counted, first_last.flags) == (300, [])


def test_a_single_punch_is_forgotten_by_any_rule(
    device: Device, first_to_last: Employee
) -> None:
    punched(device, "06 08:00")

    assert services.timesheet(first_to_last, FRIDAY, FRIDAY).days[0].flags == ["forgotten"]
