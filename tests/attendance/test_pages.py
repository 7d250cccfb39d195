"""The pages of attendance: browser, htmx, invalid, forbidden."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.attendance import services
from app.attendance.models import (
    Absence,
    AbsenceType,
    Correction,
    Credential,
    Device,
    Employee,
    Punch,
)
from app.core.settings import set_settings
from tests.attendance.conftest import (
    at,
    bearer,
    beat,
    outcomes,
    punched,
    roster_of,
    shift,
    soon,
    spans,
)
from tests.attendance.factories import ContractFactory, EmployeeFactory
from tests.conftest import SignIn, client_of
from tests.factories import RoleFactory, UserFactory

HTMX = {"HX-Request": "true"}
OFFICE = [
    *("attendance.view", "attendance.approve", "attendance.roster", "attendance.enrol"),
    *("attendance.payroll", "attendance.punch", "employees.view"),
]
MONDAY = date(2026, 11, 2)


@pytest.fixture
def office(sign_in: SignIn) -> Any:
    return sign_in(*OFFICE)


@pytest.fixture
def me(app: Flask, ada: Employee, session: Session) -> Any:
    """Ada herself, in her browser."""
    user = UserFactory.create(role=RoleFactory.create(permissions=["attendance.own"]))
    ada.user_id = user.id
    session.commit()
    return client_of(app, user)


def test_a_figure_leads_to_the_punches_behind_it(
    office: Any, device: Device, ada: Employee
) -> None:
    ContractFactory.create(employee=ada)
    punched(device, "02 08:00", "02 08:00", "02 17:30")

    listed = office.get("/attendance/timesheets?from=2026-11-02&to=2026-11-08").text
    sheet = office.get(f"/attendance/timesheets/{ada.id}?from=2026-11-02&to=2026-11-08").text
    day = office.get(f"/attendance/timesheets/{ada.id}/2026-11-02").text

    assert "9:30" in listed
    assert f"/attendance/timesheets/{ada.id}/2026-11-02" in sheet
    assert "08:00:00" in day
    assert "Twice within a minute" in day


def test_a_timesheet_is_a_file_too(office: Any, device: Device, ada: Employee) -> None:
    punched(device, "02 08:00", "02 16:15")
    address = "/attendance/timesheets?from=2026-11-02&to=2026-11-08&file=csv"

    assert "8.25" in office.get(address).text


def test_a_timesheet_is_printed_and_drawn(office: Any, device: Device, ada: Employee) -> None:
    punched(device, "02 08:00", "02 12:00", "02 12:30", "02 16:15")
    days = "from=2026-11-02&to=2026-11-08"

    paper = office.get(f"/attendance/timesheets/{ada.id}.pdf?{days}")
    charts = office.get(f"/attendance/timesheets/charts?{days}").text

    assert paper.data.startswith(b"%PDF")
    assert "Hours per week" in charts
    assert "Arrivals: lowest 1, highest 1" in charts
    assert "Heat map: How many are at work. Monday: lowest 0.0, highest 1.0" in charts


def test_whoever_may_not_see_attendance_sees_none_of_it(sign_in: SignIn) -> None:
    client = sign_in("stock.view")
    pages = ("timesheets", "punches", "roster", "requests", "absences", "payroll", "devices")

    assert {client.get(f"/attendance/{page}").status_code for page in pages} == {403}


def test_the_roster_is_filled_and_a_code_that_is_none_is_said(
    office: Any, ada: Employee, session: Session
) -> None:
    early = shift("F", "06:00", "14:00")
    late = shift("S", "14:00", "22:00")
    name = f"{ada.id}-2026-11-02"
    address = "/attendance/roster?week=2026-11-02"

    wrong = office.post(address, data={name: "F X"})
    right = office.post(address, data={name: "f, S"})

    assert (wrong.status_code, right.status_code) == (422, 303)
    assert "there is no shift X" in wrong.text
    assert 'value="F X"' in wrong.text
    assert roster_of(session, ada) == [(2, early.id), (2, late.id)]
    assert 'value="F S"' in office.get(address).text


def test_the_week_before_is_copied(office: Any, ada: Employee, session: Session) -> None:
    early = shift("F", "06:00", "14:00")
    services.set_roster({(ada.id, MONDAY): [early.id]})

    office.post("/attendance/roster/copies?week=2026-11-09")

    assert roster_of(session, ada) == [(2, early.id), (9, early.id)]


def test_a_forgotten_end_is_put_right_on_its_page(
    office: Any, device: Device, ada: Employee, session: Session
) -> None:
    punched(device, "02 08:00")
    fields = {"at": "2026-11-02T17:00", "direction": "out", "reason": "Forgotten"}

    answer = office.post(f"/attendance/timesheets/{ada.id}/additions", data=fields)
    refused = office.post(
        f"/attendance/timesheets/{ada.id}/additions", data=fields | {"reason": ""}
    )

    assert (answer.status_code, refused.status_code) == (303, 422)
    assert spans(session, ada) == [("02 08:00", "02 17:00")]


def test_a_punch_gets_another_time_or_is_taken_out(
    office: Any, device: Device, ada: Employee, session: Session
) -> None:
    punched(device, "02 08:00", "02 12:00", "02 17:00")
    ids = session.scalars(select(Punch.id).order_by(Punch.at)).all()

    office.post(f"/attendance/punches/{ids[1]}/voids", data={"reason": "Not me"})
    office.post(
        f"/attendance/punches/{ids[2]}/retimes",
        data={"at": "2026-11-02T16:00", "reason": "The clock"},
    )

    assert spans(session, ada) == [("02 08:00", "02 16:00")]
    assert "Taken out" in office.get(f"/attendance/punches/{ids[1]}").text


def test_an_unknown_card_is_given_to_somebody_on_its_page(
    office: Any, device: Device, session: Session
) -> None:
    bob = EmployeeFactory.create(number="7", name="Bob", time_zone="UTC")
    punched(device, "02 08:00", card="4711")
    punch_id = session.scalars(select(Punch.id)).one()

    answer = office.post(
        f"/attendance/punches/{punch_id}/assignments", data={"employee_id": "7", "name": ""}
    )

    assert answer.status_code == 303
    assert spans(session, bob) == [("02 08:00", None)]
    assert "Nobody known" not in office.get("/attendance/punches").text


def test_a_card_is_presented_at_a_reader_and_ended(
    office: Any, device: Device, ada: Employee, session: Session
) -> None:
    services.note_heartbeat(device, beat(soon(), readers=[services.ReaderState("door")]))
    reader = services.readers_in_use()[0]

    waiting = office.post(
        f"/attendance/enrolment/{ada.id}/captures",
        data={"reader_id": str(reader.id), "name": "Blue"},
    )
    page = office.get(waiting.location).text
    card = session.scalars(select(Credential)).one()
    ended = office.post(
        f"/attendance/enrolment/credentials/{card.id}/end", data={"reason": "lost", "at": ""}
    )

    assert "Hold the card to the reader now" in page
    assert ended.status_code == 303
    assert "Lost" in office.get(f"/attendance/enrolment/{ada.id}").text


def test_a_pin_and_a_consent_are_kept_on_the_page_of_cards(
    office: Any, device: Device, ada: Employee
) -> None:
    page = f"/attendance/enrolment/{ada.id}"
    written = {"basis": "file 17", "alternative": "A card"}

    easy = office.post(f"{page}/pins", data={"pin": "1111"})
    office.post(f"{page}/pins", data={"pin": "7391"})
    off = office.get(page).text
    set_settings(attendance_fingerprints=True)
    office.post(f"{page}/consents", data=written)
    on = office.get(page).text
    office.post(f"{page}/pin-removal")
    office.post(f"{page}/consent-withdrawal")

    assert easy.status_code == 422
    assert "Take the PIN away" in off
    assert "consent" not in off
    assert "Learn a finger" in on
    assert "Take the PIN away" not in office.get(page).text
    assert "Learn a finger" not in office.get(page).text


def test_the_token_of_a_device_is_shown_once(office: Any, session: Session) -> None:
    made = office.post(
        "/attendance/devices",
        data={"name": "Gate", "kind": "kiosk", "place": "", "time_zone": ""},
    )
    device = session.scalars(select(Device)).one()
    page = office.get(f"/attendance/devices/{device.id}").text

    assert "The token is made" in made.text
    assert "The token is made" not in page
    assert device.token_id is not None


def test_the_manager_has_one_list_to_approve(
    office: Any, ada: Employee, session: Session
) -> None:
    services.revise_employee(ada.id, version=None, time_zone="Europe/Berlin")
    kind = session.scalars(select(AbsenceType).limit(1)).one()
    asked = services.request_correction(
        ada.id, kind="add", at=at("02 17:00"), direction="out", reason="Was in a hurry"
    )
    away = services.request_absence(
        ada.id, type_id=kind.id, first_day=MONDAY, last_day=MONDAY, reason="A wedding"
    )

    listed = office.get("/attendance/requests").text
    shown = office.get(f"/attendance/corrections/{asked.id}").text
    office.post(f"/attendance/corrections/{asked.id}/approval", data={"answer": ""})
    office.post(f"/attendance/absences/{away.id}/rejection", data={"answer": "Too many"})

    session.expire_all()
    assert "Was in a hurry" in listed
    assert "-02 18:00" in listed  # by her clock
    assert "-02 18:00" in shown
    assert "A wedding" in listed
    assert session.get_one(Correction, asked.id).state == "approved"
    assert session.get_one(Absence, away.id).state == "rejected"
    assert "Nothing waits for approval" in office.get("/attendance/requests").text


def test_who_is_away_stands_in_the_calendar(
    office: Any, ada: Employee, session: Session
) -> None:
    kind = session.scalars(select(AbsenceType).where(AbsenceType.name == "Leave")).one()
    fields = {
        "employee_id": ada.number,
        "type_id": str(kind.id),
        "first_day": "2026-11-02",
        "last_day": "2026-11-04",
        "is_last_half": "y",
        "reason": "",
    }

    entered = office.post("/attendance/absences", data=fields)
    page = office.get("/attendance/absences/calendar?month=2026-11-01").text

    assert entered.status_code == 303
    assert page.count(">L</a>") == 2
    assert "L½" in page


def test_own_holidays_types_and_days_are_kept_on_pages(
    sign_in: SignIn, ada: Employee, session: Session
) -> None:
    office: Any = sign_in(*OFFICE, "employees.edit")
    holiday = {"day": "2026-11-05", "name": "Party", "country": "", "region": ""}

    made = office.post("/attendance/holidays", data=holiday)
    again = office.post("/attendance/holidays", data=holiday)
    listed = office.get("/attendance/holidays").text
    kind = office.post(
        "/attendance/absence-types",
        data={"name": "Course", "has_allowance": "y", "is_active": "y"},
    )
    course = session.scalars(select(AbsenceType).where(AbsenceType.name == "Course")).one()
    office.post(
        f"/employees/{ada.id}/allowances",
        data={"type_id": str(course.id), "year": "2026", "days": "5.5", "carried": ""},
    )

    assert (made.status_code, again.status_code, kind.status_code) == (303, 422, 303)
    assert "Party" in listed
    assert "5.5 of 5.5 days left" in office.get(f"/employees/{ada.id}").text


def test_hours_are_given_to_payroll_and_days_locked(
    office: Any, device: Device, ada: Employee
) -> None:
    punched(device, "02 08:00", "02 16:00")
    fields = {"preset": "adp", "first_day": "2026-11-01", "last_day": "2026-11-30"}

    made = office.post("/attendance/payroll", data=fields | {"settings": "company_code=XYZ"})
    wrong = office.post("/attendance/payroll", data=fields | {"settings": "nonsense"})
    listed = office.get("/attendance/payroll").text
    office.post("/attendance/payroll/locks", data={"last_day": "2026-11-02"})

    assert (made.status_code, wrong.status_code) == (303, 422)
    assert "PRXYZEPI.csv" in listed
    assert services.locked_days() == MONDAY


@pytest.mark.parametrize(
    ("preset", "content_type"),
    [
        ("long", "text/csv; charset=utf-8"),
        ("adp", "text/csv; charset=utf-8"),
        ("lodas", "text/plain; charset=windows-1252"),
        ("iif", "text/plain; charset=windows-1252"),
    ],
)
def test_a_file_for_payroll_says_in_which_letters_it_is(
    office: Any, app: Flask, device: Device, ada: Employee, preset: str, content_type: str
) -> None:
    services.revise_employee(ada.id, version=None, name="Ada Müller")
    punched(device, "02 08:00", "02 16:00")
    days = {"first_day": MONDAY, "last_day": MONDAY}
    settings = {
        "adp": {"company_code": "ABC"},
        "lodas": {"consultant": "7", "client": "12", "wage_regular": "1000"},
    }
    made = services.export_hours(preset, settings=settings.get(preset), **days).export

    page = office.get(f"/attendance/payroll/{made.id}")
    client: Any = app.test_client()
    program = client.get(
        f"/api/v1/attendance/payroll/{made.id}/file", headers=bearer("attendance.payroll")
    )

    assert page.content_type == content_type
    assert program.mimetype_params == page.mimetype_params
    assert page.data == program.data
    has_names = preset in {"long", "iif"}
    assert ("Müller" in page.data.decode(page.mimetype_params["charset"])) == has_names


def test_without_being_an_employee_my_time_says_what_to_do(sign_in: SignIn) -> None:
    assert "You are not an employee here" in sign_in("attendance.own").get("/my-time").text


def test_punching_from_the_web_is_off_until_the_company_lets_people(
    me: Any, ada: Employee, session: Session
) -> None:
    refused = me.post("/my-time/punches", data={"intent": "in"})
    set_settings(attendance_web_punches=True)
    for intent in ("in", "in", "break", "resume"):
        me.post("/my-time/punches", data={"intent": intent})

    assert refused.status_code == 409
    assert outcomes(session) == ["accepted", "duplicate", "accepted", "accepted"]
    page = me.get("/my-time").text
    assert "Clock out" in page
    assert "Begin a break" in page


def test_whoever_forgot_is_asked_when_it_was(
    me: Any, device: Device, ada: Employee, session: Session
) -> None:
    begun = soon(days=-2).replace(microsecond=0)
    from tests.attendance.conftest import sent, take  # noqa: PLC0415

    take(device, sent("02 08:00")._replace(at=begun), around=beat(soon()))

    page = me.get("/my-time").text
    asked = me.get("/my-time/corrections/new").text
    fields = {
        "at": (begun + timedelta(hours=8)).strftime("%Y-%m-%dT%H:%M"),
        "direction": "out",
        "reason": "Forgot it",
    }
    sent_ = me.post("/my-time/corrections", data=fields)
    again = me.get("/my-time").text

    session.expire_all()
    assert "You forgot to clock out" not in again  # it is said, and waits
    assert "You forgot to clock out" in page
    assert begun.strftime("%Y-%m-%d") in asked
    assert sent_.status_code == 303
    assert session.scalars(select(Correction.state)).one() == "requested"


def test_nobody_sees_or_withdraws_what_another_asked_for(
    me: Any, ada: Employee, session: Session
) -> None:
    kind = session.scalars(select(AbsenceType).limit(1)).one()
    theirs = services.request_absence(
        EmployeeFactory.create().id, type_id=kind.id, first_day=MONDAY, last_day=MONDAY
    )
    mine = services.request_absence(ada.id, type_id=kind.id, first_day=MONDAY, last_day=MONDAY)

    refused = me.post(f"/my-time/absences/{theirs.id}/withdrawal")
    done = me.post(f"/my-time/absences/{mine.id}/withdrawal")

    assert (refused.status_code, done.status_code) == (404, 303)
    assert me.get(f"/attendance/timesheets/{ada.id}").status_code == 403


def test_a_program_does_what_pages_do(
    app: Flask, ada: Employee, owner: User, session: Session
) -> None:
    client: Any = app.test_client()
    rights = bearer(*OFFICE)
    api = "/api/v1/attendance"

    def post(path: str, body: dict[str, Any]) -> Any:
        return client.post(f"{api}/{path}", json=body, headers=rights)

    made = post("shifts", {"code": "F", "name": "Early", "begins": "06:00", "ends": "14:00"})
    cell = {"employee_id": ada.id, "day": "2026-11-02", "shift_ids": [made.json["id"]]}
    put = post("roster", {"items": [cell]})
    copied = post("roster/copies", {"monday": "2026-11-09", "employee_ids": [ada.id]})
    read = client.get(f"{api}/roster?from=2026-11-01&to=2026-11-30", headers=rights)
    kind = client.get(f"{api}/absence-types", headers=rights).json["items"][0]
    days = {"first_day": "2026-11-03", "last_day": "2026-11-03"}
    away = post("absences", {"employee_id": ada.id, "type_id": kind["id"], **days})
    back = client.delete(f"{api}/absences/{away.json['id']}", headers=rights)
    holiday = post("holidays", {"day": "2026-11-04", "name": "Fair"})
    gone = client.delete(f"{api}/holidays/{holiday.json['id']}", headers=rights)
    allowed = post(f"allowances/{ada.id}", {"type_id": kind["id"], "year": 2026, "days": "30"})
    batch = post("payroll", {"preset": "long", **days})
    file = client.get(f"{api}/payroll/{batch.json['id']}/file", headers=rights)
    report = client.get(
        f"{api}/reports/timesheet?from=2026-11-02&to=2026-11-02", headers=rights
    )
    locked = post("locks", {"last_day": "2026-11-02"})
    opened = client.delete(f"{api}/locks?reason=mistake", headers=rights)

    assert [one.json["changed"] for one in (put, copied)] == [1, 1]
    assert len(read.json["items"]) == 2
    assert back.json["state"] == "withdrawn"
    assert (gone.status_code, allowed.json["days"]) == (204, "30.0")
    assert file.text.startswith("\ufeffemployee_no")
    assert report.json["items"][0]["days"][0]["expected"] == 480
    assert (locked.status_code, opened.status_code) == (201, 200)


def test_one_sees_ones_own_time_by_program(
    app: Flask, me: Any, ada: Employee, session: Session
) -> None:
    from app.accounts.services import create_token  # noqa: PLC0415

    set_settings(attendance_web_punches=True)
    user = session.get_one(User, ada.user_id)
    token = {"Authorization": f"Bearer {create_token(user, name='phone')}"}
    client: Any = app.test_client()
    kind = session.scalars(select(AbsenceType).limit(1)).one()
    days = {"first_day": "2026-11-03", "last_day": "2026-11-03"}

    made = client.post("/api/v1/my-time/punches", json={"intent": "in"}, headers=token)
    asked = client.post(
        "/api/v1/my-time/absences", json={"type_id": kind.id, **days}, headers=token
    )
    back = client.delete(f"/api/v1/my-time/absences/{asked.json['id']}", headers=token)
    corrected = client.post(
        "/api/v1/my-time/corrections",
        json={"at": at("02 08:00").isoformat(), "direction": "in", "reason": "Forgot"},
        headers=token,
    )
    mine = client.get("/api/v1/my-time?from=2026-11-01&to=2026-11-30", headers=token)

    assert (made.status_code, made.json["outcome"]) == (201, "accepted")
    assert back.json["state"] == "withdrawn"
    assert corrected.json["state"] == "requested"
    assert mine.json["employee"] == "Ada"
