"""Overtime that has to be approved: it waits, it says so, and only then it counts."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.attendance import services
from app.attendance.errors import NotAllowed, PeriodLocked
from app.attendance.models import Device, Employee, Overtime, Punch
from app.core.errors import Invalid
from app.core.settings import set_settings
from tests.attendance.conftest import at, bearer, punched
from tests.attendance.factories import ContractFactory, standard_rules
from tests.conftest import SignIn

MONDAY, SUNDAY = date(2026, 11, 2), date(2026, 11, 8)


@pytest.fixture
def long_day(device: Device, ada: Employee, session: Session) -> Employee:
    """Ada, who worked two hours of overtime on Monday and four on Sunday, her rest day."""
    rules = standard_rules()
    services.revise_rule_set(rules.id, version=None, daily_overtime=480, rest_days=[6])
    ContractFactory.create(employee=ada, rule_set=rules)
    ada.country, ada.leave_date = "", SUNDAY
    session.commit()
    set_settings(attendance_overtime_approval=True)
    punched(device, "02 08:00", "02 18:00", "08 08:00", "08 12:00")
    services.refresh_accounts()
    return ada


def waiting(session: Session) -> list[Overtime]:
    session.expire_all()
    found = select(Overtime).where(Overtime.state == "requested").order_by(Overtime.day)
    return list(session.scalars(found))


def on(employee: Employee, day: date = MONDAY) -> services.SheetDay:
    return services.timesheet(employee, day, day).days[0]


def paid(employee: Employee) -> dict[str, int]:
    minutes = services.pay_line(services.timesheet(employee, MONDAY, SUNDAY)).minutes
    names = ("regular", "overtime", "rest_day", "unapproved")
    return {name: minutes[name] for name in names}


def test_overtime_waits_and_the_timesheet_and_payroll_say_so(
    long_day: Employee, session: Session
) -> None:
    assert [(one.day, one.minutes) for one in waiting(session)] == [
        (MONDAY, 120),
        (SUNDAY, 240),
    ]
    assert (on(long_day).unapproved, "unapproved" in on(long_day).flags) == (120, True)
    assert paid(long_day) == {"regular": 480, "overtime": 0, "rest_day": 0, "unapproved": 360}


def test_what_is_approved_is_paid(long_day: Employee, session: Session) -> None:
    monday, sunday = waiting(session)

    services.approve_overtime(monday.id, minutes=90)
    services.reject_overtime(sunday.id)

    assert paid(long_day) == {"regular": 480, "overtime": 90, "rest_day": 0, "unapproved": 270}
    assert waiting(session) == []


def test_what_becomes_more_waits_again_and_less_is_still_approved(
    long_day: Employee, session: Session
) -> None:
    services.approve_overtime(waiting(session)[0].id)

    def leave_at(clock: str) -> list[tuple[int, int]]:
        services.correct_punch(
            long_day.id, kind="add", at=at(f"02 {clock}"), direction="out", reason="Later"
        )
        services.refresh_accounts()
        return [(one.minutes, one.approved) for one in waiting(session) if one.day == MONDAY]

    services.correct_punch(
        long_day.id, kind="add", at=at("02 18:30"), direction="in", reason="Later"
    )

    assert leave_at("19:30") == [(180, 120)]
    assert paid(long_day)["overtime"] == 120
    assert services.rebuild_accounts() == 0


def test_what_is_decided_is_not_decided_twice(long_day: Employee, session: Session) -> None:
    one = waiting(session)[0]
    with pytest.raises(Invalid):
        services.approve_overtime(one.id, minutes=121)
    services.approve_overtime(one.id)

    with pytest.raises(NotAllowed):
        services.reject_overtime(one.id)


def test_what_is_no_overtime_any_more_is_not_decided(
    long_day: Employee, session: Session
) -> None:
    monday, sunday = waiting(session)
    _begin, monday_end, *sundays = session.scalars(select(Punch.id).order_by(Punch.at)).all()
    more: dict[str, Any] = {"reason": "A mistake"}
    for punch_id in sundays:
        services.correct_punch(long_day.id, kind="void", punch_id=punch_id, **more)
    services.correct_punch(
        long_day.id, kind="retime", punch_id=monday_end, at=at("02 17:00"), **more
    )

    with pytest.raises(NotAllowed):
        services.approve_overtime(sunday.id)
    with pytest.raises(Invalid, match="1 to 60"):
        services.approve_overtime(monday.id, minutes=120)


def test_a_locked_day_is_not_decided_and_stays_unpaid(
    long_day: Employee, session: Session
) -> None:
    one = waiting(session)[0]
    services.lock_days(SUNDAY)

    with pytest.raises(PeriodLocked):
        services.approve_overtime(one.id)

    set_settings(attendance_overtime_approval=False)
    assert paid(long_day)["unapproved"] == 360


def test_where_no_approval_is_wanted_nothing_waits(
    long_day: Employee, session: Session
) -> None:
    set_settings(attendance_overtime_approval=False)
    services.refresh_accounts()

    assert waiting(session) == []
    assert paid(long_day) == {"regular": 480, "overtime": 120, "rest_day": 240, "unapproved": 0}


def test_overtime_in_the_account_counts_once_it_is_approved(
    long_day: Employee, session: Session
) -> None:
    services.revise_rule_set(standard_rules().id, version=None, overtime_goes="account")
    before = services.account_of(long_day.id).balance

    services.approve_overtime(waiting(session)[0].id)

    assert services.account_of(long_day.id).balance - before == 120
    assert paid(long_day)["overtime"] == 0


def test_it_stands_in_the_one_list_and_is_approved_on_its_page(
    sign_in: SignIn, long_day: Employee, session: Session
) -> None:
    office = sign_in("attendance.view", "attendance.approve")
    one = waiting(session)[0]
    page = f"/attendance/overtime/{one.id}"

    listed = office.get("/attendance/requests").text
    wrong = office.post(f"{page}/approval", data={"minutes": "9:00", "answer": ""})
    right = office.post(f"{page}/approval", data={"minutes": "1:00", "answer": "One is fine"})
    bulk = office.get("/attendance/overtime?state=approved").text

    assert "Overtime, 2:00" in listed
    assert (wrong.status_code, right.status_code) == (422, 303)
    assert "One is fine" in office.get(page).text
    assert "1:00" in bulk
    sheet = office.get(f"/attendance/timesheets/{long_day.id}?from=2026-11-02&to=2026-11-08")
    assert "Overtime not approved" in sheet.text


def test_only_whoever_may_approve_does(
    sign_in: SignIn, long_day: Employee, session: Any
) -> None:
    page = f"/attendance/overtime/{waiting(session)[0].id}/approval"

    assert sign_in("attendance.view").post(page, data={}).status_code == 403


def test_a_program_lists_and_decides(app: Flask, long_day: Employee, session: Session) -> None:
    client: Any = app.test_client()
    head = bearer("attendance.view", "attendance.approve")
    base = "/api/v1/attendance/overtime"

    listed = client.get(f"{base}?state=requested&sort=day", headers=head).json["items"]
    refused = client.post(
        f"{base}/{listed[0]['id']}/approve", json={"minutes": 999}, headers=head
    )
    approved = client.post(f"{base}/{listed[0]['id']}/approve", json={}, headers=head)
    rejected = client.post(f"{base}/{listed[1]['id']}/reject", json={}, headers=head)

    assert [one["minutes"] for one in listed] == [120, 240]
    assert (refused.status_code, list(refused.json["fields"])) == (422, ["minutes"])
    assert (approved.json["state"], approved.json["approved"]) == ("approved", 120)
    assert rejected.json["state"] == "rejected"


@pytest.fixture
def later(long_day: Employee, session: Session) -> Employee:
    """Ada, who left an hour later on Monday than accounts know yet."""
    end = session.scalars(select(Punch.id).order_by(Punch.at)).all()[1]
    services.correct_punch(
        long_day.id, kind="retime", punch_id=end, at=at("02 19:00"), reason="A mistake"
    )
    return long_day


def test_whoever_looks_at_the_lists_sees_overtime_as_it_is_by_now(
    sign_in: SignIn, later: Employee, session: Session
) -> None:
    office = sign_in("attendance.view", "attendance.approve")
    assert waiting(session)[0].minutes == 120

    listed = office.get("/attendance/requests").text
    assert "Overtime, 3:00" in listed
    assert waiting(session)[0].minutes == 180


def test_a_program_reads_overtime_as_it_is_by_now(
    app: Flask, later: Employee, session: Session
) -> None:
    head, base = bearer("attendance.view"), "/api/v1/attendance/overtime"
    client: Any = app.test_client()

    listed = client.get(f"{base}?sort=day", headers=head).json

    assert (listed["items"][0]["minutes"], listed["behind"]) == (180, 0)


def test_the_page_of_a_day_is_found_anew_alone(
    sign_in: SignIn, later: Employee, session: Session
) -> None:
    page = f"/attendance/overtime/{waiting(session)[0].id}"

    assert "3:00" in sign_in("attendance.view").get(page).text


def test_where_too_many_days_have_changed_the_lists_say_so(
    sign_in: SignIn, app: Flask, later: Employee, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.attendance.services.overtime.MOST_DAYS", 0)
    office = sign_in("attendance.view", "attendance.approve")
    client: Any = app.test_client()
    base = "/api/v1/attendance/overtime"

    pages = [office.get(f"/attendance/{name}").text for name in ("overtime", "requests")]
    program = client.get(base, headers=bearer("attendance.view")).json

    assert all("The days of one person have changed" in page for page in pages)
    assert (program["behind"], program["items"][0]["minutes"]) == (1, 120)


def test_nobody_decides_on_a_figure_that_is_another_by_now(
    later: Employee, session: Session
) -> None:
    one = waiting(session)[0]

    with pytest.raises(NotAllowed, match="3:00 by now, not 2:00"):
        services.approve_overtime(one.id)
    with pytest.raises(NotAllowed, match="look at it again"):
        services.reject_overtime(one.id)

    services.look_at_overtime()
    with pytest.raises(NotAllowed, match="3:00 by now, not 2:00"):
        services.approve_overtime(one.id, seen=120)
    assert services.approve_overtime(one.id, seen=180).approved == 180


def test_a_page_that_was_opened_before_is_refused_with_both_figures(
    sign_in: SignIn, long_day: Employee, session: Session
) -> None:
    office = sign_in("attendance.view", "attendance.approve")
    page = f"/attendance/overtime/{waiting(session)[0].id}/approval"
    opened = office.get(f"{page}/new").text
    end = session.scalars(select(Punch.id).order_by(Punch.at)).all()[1]
    services.correct_punch(
        long_day.id, kind="retime", punch_id=end, at=at("02 19:00"), reason="A mistake"
    )

    answer = office.post(page, data={"minutes": "", "answer": "", "seen": "120"})

    assert 'name="seen" type="hidden" value="120"' in opened
    assert (answer.status_code, "3:00 by now, not 2:00" in answer.text) == (422, True)
