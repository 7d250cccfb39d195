"""What need not be kept is forgotten, what must be is not, and everybody can see what is."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.attendance import jobs, services
from app.attendance.models import (
    Absence,
    Correction,
    Credential,
    Device,
    Employee,
    EmployeePin,
    Punch,
    WorkSession,
)
from app.attendance.queries.kept import KEPT
from app.attendance.queries.retention import without_what_is_theirs
from app.attendance.reckoning.retention import months_before, months_kept
from app.attendance.services.kept import TITLES
from app.core.audit import AuditEntry
from app.core.db import Model
from app.core.settings import set_settings
from tests.attendance.conftest import CARD, bearer, down, punched, sent, shift, take
from tests.attendance.factories import ContractFactory
from tests.conftest import SignIn

LATER = date(2028, 11, 21)  # two years and some days after what is punched here


@pytest.fixture
def two_years(session: Session) -> None:
    set_settings(attendance_keep_months=24)


@pytest.fixture
def week(device: Device, ada: Employee, session: Session) -> None:
    """Ada works in DE; a night of the 18th is the last before the day that is kept first."""
    ada.country = "DE"
    session.commit()
    down(ada, 18, shift("N", "22:00", "06:00"))
    down(ada, 2, shift("F", "08:00", "16:00"))
    punched(device, "02 08:00", "02 16:00", "19 00:30", "19 06:00", "25 08:00", "25 16:00")
    take(device, sent("03 12:00", card="77"))


def kept(session: Session, table: Any) -> int:
    session.expire_all()
    return session.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.usefixtures("two_years", "week")
def test_old_time_is_forgotten_from_the_begin_of_a_session_and_nothing_else_changes(
    ada: Employee, session: Session
) -> None:
    kind = next(one for one in services.absence_types_offered() if not one.has_allowance)
    services.enter_absence(
        ada.id,
        type_id=kind.id,
        first_day=date(2026, 11, 4),
        last_day=date(2026, 11, 4),
        reason="A broken leg",
    )

    counts = services.forget_old_time(LATER)

    # 77 is nobody's, so nobody knows which law holds for it.
    assert counts == {"punches": 2, "sessions": 1, "absences": 1, "roster": 1}
    begins = session.scalars(select(WorkSession.begin_at).order_by(WorkSession.begin_at))
    assert [f"{one:%d %H}" for one in begins] == ["19 00", "25 08"]
    assert kept(session, Absence) == 0
    entries = session.scalars(select(AuditEntry.changes)).all()
    assert "A broken leg" not in str(entries)
    told = session.scalars(
        select(AuditEntry.changes).where(AuditEntry.record_type == services.RETENTION)
    ).one()
    assert told == {name: [str(number), ""] for name, number in counts.items()}
    assert services.rebuild(session) == services.Changes()
    assert services.forget_old_time(LATER) == {}


@pytest.mark.usefixtures("two_years", "week")
@pytest.mark.parametrize(("country", "left"), [("DE", 5), ("US", 7), ("ES", 7), ("FR", 7)])
def test_nothing_is_forgotten_that_the_law_of_the_workplace_wants(
    ada: Employee, session: Session, country: str, left: int
) -> None:
    ada.country = country
    session.commit()

    services.forget_old_time(LATER)

    assert kept(session, Punch) == left


@pytest.mark.usefixtures("week")
def test_by_default_nothing_is_ever_forgotten(session: Session) -> None:
    assert jobs.forget_time() == {}
    assert kept(session, Punch) == 7


@pytest.mark.usefixtures("two_years", "week")
def test_of_somebody_who_left_long_ago_only_a_nameless_row_stays(
    ada: Employee, session: Session
) -> None:
    services.set_pin(ada.id, pin="4937")
    services.revise_employee(ada.id, version=None, leave_date=date(2026, 11, 30))
    services.correct_punch(
        ada.id,
        kind="add",
        at=datetime(2026, 11, 26, 8, tzinfo=UTC),
        direction="in",
        reason="Forgotten",
    )

    counts = services.forget_old_time(date(2031, 1, 1))

    assert counts == {
        "punches": 7,
        "sessions": 4,
        "corrections": 1,
        "roster": 2,
        "credentials": 1,
        "pins": 1,
        "accounts": 1,
        "account_days": 3,
        "people": 1,
    }
    for table in (Punch, WorkSession, Correction, Credential, EmployeePin):
        assert kept(session, table) == 0
    session.refresh(ada)
    assert (ada.name, ada.user_id) == ("Somebody who left", None)
    told = session.scalars(select(AuditEntry).where(AuditEntry.label == "Ada")).all()
    assert told == []
    assert services.forget_old_time(date(2031, 1, 1)) == {}


@pytest.mark.usefixtures("two_years")
def test_whoever_has_a_finger_in_a_sensor_is_forgotten_once_it_says_that_it_is(
    device: Device, ada: Employee, session: Session
) -> None:
    readers = [services.ReaderState("finger", "r30x")]
    now = datetime(2026, 11, 1, tzinfo=UTC)
    beat = services.Heartbeat(_now(now), readers=readers)
    services.note_heartbeat(device, beat)
    finger = Credential(
        employee_id=ada.id,
        kind="finger",
        credential_hash="f",
        reader_id=services.readers_in_use()[0].id,
        slot=3,
        valid_from=now,
    )
    session.add(finger)
    services.revise_employee(ada.id, version=None, leave_date=date(2026, 11, 30))

    assert services.forget_old_time(date(2031, 1, 1)) == {"waiting": 1}
    assert services.forget_old_time(date(2031, 1, 1)) == {"waiting": 1}
    [command] = services.note_heartbeat(device, beat)
    assert (command.command, command.slot) == ("delete_finger", 3)
    session.refresh(ada)
    assert ada.name == "Ada"

    services.end_command(device, command.id, is_done=True, finish=services.finish_command)
    assert services.forget_old_time(date(2031, 1, 1))["people"] == 1


def _now(moment: datetime) -> Any:
    from app.attendance.reckoning.clock import DeviceNow  # noqa: PLC0415

    return DeviceNow(moment, "b", moment)


def test_the_history_forgets_nothing_but_by_retention(ada: Employee, session: Session) -> None:
    from sqlalchemy import delete  # noqa: PLC0415
    from sqlalchemy.exc import DBAPIError  # noqa: PLC0415

    with pytest.raises(DBAPIError, match="append-only"), session.begin_nested():
        session.execute(delete(AuditEntry))


def test_months_are_counted_back_to_days_that_there_are() -> None:
    assert months_before(date(2028, 3, 31), 25) == date(2026, 2, 28)
    assert months_before(date(2028, 2, 29), 24) == date(2026, 2, 28)
    assert months_before(date(2028, 1, 15), 1) == date(2027, 12, 15)
    assert months_kept(36, "DE") == 36
    assert months_kept(24, "") == 48


@pytest.mark.usefixtures("week")
def test_everybody_reads_and_exports_what_is_kept_of_them(
    ada: Employee, session: Session, sign_in: SignIn
) -> None:
    client = sign_in("attendance.own")
    assert client.get("/my-time/kept").status_code == 404
    from app.accounts.models import User  # noqa: PLC0415

    user = session.scalars(select(User).order_by(User.id.desc())).first()
    assert user is not None
    services.revise_employee(ada.id, version=None, user_id=user.id)
    ContractFactory.create(employee=ada, rate=Decimal("21.50"))

    page = client.get("/my-time/kept")
    file = client.get("/my-time/what-is-kept.json")

    assert "Punches (6)" in page.text
    assert "attachment" in file.headers["Content-Disposition"]
    parts = file.get_json()["parts"]
    assert parts.keys() == KEPT.keys() == TITLES.keys()
    assert [one["number"] for one in parts["person"]] == ["1"]
    assert parts["punches"][0]["at"] == "2026-11-25T16:00:00Z"
    assert parts["contracts"][0]["rate"].startswith("21.5")
    assert CARD not in file.text


@pytest.mark.usefixtures("week")
def test_the_office_gives_what_is_kept_to_those_who_are_no_users_and_programs_too(
    ada: Employee, sign_in: SignIn, app: Flask
) -> None:
    ContractFactory.create(employee=ada, rate=Decimal("21.50"))
    office = sign_in("employees.edit", "employees.view")
    assert "What is kept" in office.get(f"/employees/{ada.id}/kept").text
    parts = office.get(f"/employees/{ada.id}/what-is-kept.json").get_json()["parts"]
    assert [one.keys() for one in parts["contracts"]] == [
        {"valid_from", "weekly_hours", "rules"}
    ]
    assert sign_in("employees.view").get(f"/employees/{ada.id}/kept").status_code == 403

    address = f"/api/v1/enrollment/employees/{ada.id}/kept"
    told = app.test_client().get(address, headers=bearer("employees.edit")).get_json()
    assert told["kept_since"] is None
    assert len(told["parts"]["sessions"]) == 3


# Of a person, and on neither side for a reason.
UNKEPT = {
    "punch": "by its verdict",
    "punch_verdict": "shown with its punch",
    "work_session": "forgotten with its punches",
    "attendance_capture": "a wait of a minute; the name is taken out of it",
}


def test_every_table_of_a_person_is_shown_to_them_and_forgotten_with_them() -> None:
    tables = {
        str(mapper.local_table)
        for mapper in Model.registry.mappers
        if any(
            key.column.table.name == "employee"
            for column in mapper.local_table.columns
            for key in column.foreign_keys
        )
    }
    shown = {name for name in tables if any(name in str(asked(0)) for asked in KEPT.values())}
    deleted = {str(one.table) for one in without_what_is_theirs([0]).values()}

    assert tables - shown <= {"attendance_capture"}
    assert tables - deleted == UNKEPT.keys()
