"""Shifts that people give each other, and what is refused with which reason."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.accounts.services import create_token
from app.attendance import jobs, services
from app.attendance.errors import NotAllowed, PeriodLocked
from app.attendance.models import Employee, PeriodLock, RosterEntry, Shift, ShiftSwap
from app.core.alerts import Alert
from app.core.audit import AuditEntry
from app.core.db import db
from app.core.errors import Invalid
from app.core.jobs import JobRun
from app.core.jobs.runner import perform
from tests.attendance.conftest import bearer, shift
from tests.attendance.factories import EmployeeFactory
from tests.conftest import SignIn, client_of
from tests.factories import RoleFactory, UserFactory
from tests.mailbox import Mailbox

TODAY = datetime.now(UTC).date()
DAY = TODAY + timedelta(days=10)
NEXT, LATER = DAY + timedelta(days=1), DAY + timedelta(days=3)


@pytest.fixture
def early(session: Session) -> Shift:
    return shift("F", "06:00", "14:00")


@pytest.fixture
def late(session: Session) -> Shift:
    return shift("S", "14:00", "22:00")


@pytest.fixture
def bob(ada: Employee) -> Employee:
    return EmployeeFactory.create(number="2", name="Bob", time_zone="UTC", country="")


class Crew(NamedTuple):
    """Two who want to swap, and what they are down for."""

    ada: Employee
    bob: Employee
    early: Shift
    late: Shift


@pytest.fixture
def crew(ada: Employee, bob: Employee, early: Shift, late: Shift) -> Crew:
    """Ada is early on a day, Bob late some days after, and has early shifts, too."""
    services.set_roster(
        {
            (ada.id, DAY): [early.id],
            (bob.id, LATER): [late.id],
            (bob.id, TODAY + timedelta(days=20)): [early.id],
        }
    )
    return Crew(ada, bob, early, late)


def ask(ada: Employee, early: Shift, **more: Any) -> ShiftSwap:
    return services.request_swap(ada.id, day=DAY, shift_id=early.id, **more)


def roster(session: Session, employee: Employee) -> list[tuple[date, int]]:
    session.expire_all()
    found = select(RosterEntry).where(
        RosterEntry.employee_id == employee.id, RosterEntry.day < TODAY + timedelta(days=20)
    )
    return sorted((one.day, one.shift_id) for one in session.scalars(found))


def test_a_shift_is_asked_for_accepted_approved_and_then_another_ones(
    crew: Crew, session: Session
) -> None:
    ada, bob, early, late = crew
    swap = ask(ada, early, colleague_id=bob.id, reason="Wedding")
    services.accept_swap(swap.id, bob.id, return_day=LATER, return_shift_id=late.id)
    before = roster(session, ada), roster(session, bob)
    told = session.scalars(select(Alert.title).where(Alert.closed_at.is_(None))).all()

    services.approve_swap(swap.id)

    assert before == ([(DAY, early.id)], [(LATER, late.id)])
    assert (roster(session, ada), roster(session, bob)) == (
        [(LATER, late.id)],
        [(DAY, early.id)],
    )
    assert told == ["Ada and Bob want to swap shifts"]
    open_alerts = select(Alert).where(Alert.closed_at.is_(None))
    assert session.scalars(open_alerts).all() == []
    changes = session.scalars(
        select(AuditEntry.changes)
        .where(AuditEntry.record_type == "employee", AuditEntry.record_id == ada.id)
        .order_by(AuditEntry.id.desc())
        .limit(1)
    ).one()
    assert changes[f"roster {DAY}"] == ["F", ""]


def test_what_is_open_is_for_those_who_work_such_shifts(crew: Crew, session: Session) -> None:
    ada, bob, early, _late = crew
    eve = EmployeeFactory.create(name="Eve", time_zone="UTC")
    swap = ask(ada, early)

    assert [one.id for one in services.swaps_offered_to(bob.id)] == [swap.id]
    assert services.swaps_offered_to(eve.id) == []
    assert services.swaps_offered_to(ada.id) == []
    with pytest.raises(NotAllowed, match="such shifts"):
        services.accept_swap(swap.id, eve.id)
    services.accept_swap(swap.id, bob.id)
    with pytest.raises(NotAllowed):
        services.accept_swap(swap.id, bob.id)


def queued(session: Session) -> list[int]:
    """The mails about swaps that wait to be written."""
    ours = select(JobRun.id).where(JobRun.job == jobs.mail_swap.path, JobRun.state == "queued")
    return [*session.scalars(ours)]


def test_a_colleague_who_is_asked_hears_by_mail(
    crew: Crew, app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, bob, early, _late = crew
    bob.user = UserFactory.create(email="bob@example.com")
    swap = ask(ada, early, colleague_id=bob.id, reason="Wedding")
    (run,) = queued(session)

    with Mailbox() as mailbox:
        monkeypatch.setitem(app.config, "SMTP_URL", mailbox.url)
        monkeypatch.setitem(app.config, "PUBLIC_URL", "https://ops.example.com")
        perform(run)
        services.withdraw_swap(swap.id, ada.id)
        assert services.mail_swap(swap.id) == 0

    ((to, mail),) = mailbox.mails
    assert to == ["bob@example.com"]
    assert "Ada asks about a shift" in mail["Subject"]
    said = mail.get_content()
    assert f"their shift F on {DAY:%A}, {DAY}, from 06:00" in said
    assert "“Wedding”" in said
    assert "https://ops.example.com/my-time" in said


def test_whoever_cannot_answer_is_not_written_to(crew: Crew, session: Session) -> None:
    ada, bob, early, late = crew
    ask(ada, early)  # everybody who works such shifts: it stands on their own page
    assert queued(session) == []
    swap = services.request_swap(bob.id, day=LATER, shift_id=late.id, colleague_id=ada.id)
    assert services.mail_swap(swap.id) == 0

    ada.user = UserFactory.create(is_active=False)
    session.commit()

    assert services.mail_swap(swap.id) == 0


def _overlapping(bob: Employee, shifts: list[Shift]) -> None:
    noon = shift("M", "10:00", "18:00")
    services.set_roster({(bob.id, DAY): [noon.id]})


def _tired(bob: Employee, shifts: list[Shift]) -> None:
    services.set_roster({(bob.id, DAY - timedelta(days=1)): [shifts[1].id]})


def _away(bob: Employee, shifts: list[Shift]) -> None:
    leave = services.absence_types_offered()[0]
    services.enter_absence(bob.id, type_id=leave.id, first_day=DAY, last_day=DAY)


def _left(bob: Employee, shifts: list[Shift]) -> None:
    services.revise_employee(bob.id, version=None, leave_date=TODAY)


REFUSED = pytest.mark.parametrize(
    ("prepare", "reason"),
    [
        (_overlapping, "has M on .*: the two overlap"),
        (_tired, "only 8 hours"),
        (_away, "is away"),
        (_left, "is not employed"),
    ],
)


@REFUSED
def test_a_colleague_who_cannot_is_refused_with_the_reason(
    crew: Crew, prepare: Any, reason: str
) -> None:
    ada, bob, early, late = crew
    prepare(bob, [early, late])

    with pytest.raises(Invalid, match=reason):
        ask(ada, early, colleague_id=bob.id)


@REFUSED
def test_what_has_changed_since_it_was_agreed_is_refused_and_nothing_moves(
    crew: Crew, session: Session, prepare: Any, reason: str
) -> None:
    ada, bob, early, late = crew
    swap = ask(ada, early, colleague_id=bob.id)
    services.accept_swap(swap.id, bob.id)
    prepare(bob, [early, late])

    with pytest.raises(Invalid, match=reason):
        services.approve_swap(swap.id)

    assert roster(session, ada) == [(DAY, early.id)]
    session.refresh(swap)
    assert swap.state == "requested"


def test_locked_days_and_shifts_of_others_are_refused(crew: Crew, session: Session) -> None:
    ada, bob, early, late = crew
    with pytest.raises(Invalid, match="not down for this shift"):
        services.request_swap(ada.id, day=DAY, shift_id=late.id)
    swap = ask(ada, early, colleague_id=bob.id)
    with pytest.raises(NotAllowed, match="already"):
        ask(ada, early)
    with pytest.raises(Invalid, match="not down for this shift"):
        services.accept_swap(swap.id, bob.id, return_day=NEXT, return_shift_id=late.id)
    session.add(PeriodLock(last_day=DAY))
    session.commit()

    with pytest.raises(PeriodLocked):
        services.accept_swap(swap.id, bob.id)


def test_a_shift_that_has_begun_is_given_to_nobody(
    ada: Employee, early: Shift, session: Session
) -> None:
    yesterday = TODAY - timedelta(days=1)
    services.set_roster({(ada.id, yesterday): [early.id]})

    with pytest.raises(Invalid, match="has begun"):
        services.request_swap(ada.id, day=yesterday, shift_id=early.id)


def test_only_whom_it_concerns_answers_or_withdraws(crew: Crew) -> None:
    ada, bob, early, _late = crew
    eve = EmployeeFactory.create(name="Eve", time_zone="UTC")
    swap = ask(ada, early, colleague_id=bob.id)

    for act in (
        lambda: services.accept_swap(swap.id, eve.id),
        lambda: services.decline_swap(swap.id, eve.id),
        lambda: services.withdraw_swap(swap.id, bob.id),
        lambda: services.approve_swap(swap.id),
    ):
        with pytest.raises(NotAllowed):
            act()

    assert services.decline_swap(swap.id, bob.id).state == "declined"


def browser_of(app: Flask, employee: Employee, session: Session) -> Any:
    user = UserFactory.create(role=RoleFactory.create(permissions=["attendance.own"]))
    employee.user_id = user.id
    session.commit()
    return client_of(app, user)


def test_two_people_swap_on_my_time_and_the_office_approves(
    crew: Crew, app: Flask, sign_in: SignIn, session: Session
) -> None:
    ada, bob, early, late = crew
    as_ada, as_bob = (browser_of(app, one, session) for one in (ada, bob))
    office = sign_in("attendance.view", "attendance.approve")
    duty = f"{DAY}/{early.id}"

    wrong = as_ada.post("/my-time/swaps", data={"duty": "x", "colleague_id": "0"})
    asked = as_ada.post(
        "/my-time/swaps",
        data={"duty": duty, "colleague_id": str(bob.id), "reason": "Wedding"},
    )
    swap = session.scalars(select(ShiftSwap)).one()
    offered = as_bob.get("/my-time").text
    taken = as_bob.post(
        f"/my-time/swaps/{swap.id}/acceptance", data={"duty": f"{LATER}/{late.id}"}
    )
    listed = office.get("/attendance/requests").text
    shown = office.get(f"/attendance/swaps/{swap.id}").text
    approved = office.post(f"/attendance/swaps/{swap.id}/approval", data={"answer": "Enjoy"})

    assert (wrong.status_code, asked.status_code, taken.status_code) == (422, 303, 303)
    assert "Wedding" in offered
    assert "F to Bob, for S on" in listed
    assert "Waits for approval" in shown
    assert approved.status_code == 303
    assert "Enjoy" in as_ada.get("/my-time").text
    assert roster(session, bob) == [(DAY, early.id)]
    assert "Approved" in office.get("/attendance/swaps").text
    assert as_bob.get(f"/attendance/swaps/{swap.id}").status_code == 403


def test_nobody_takes_part_in_a_swap_of_others(
    crew: Crew, app: Flask, session: Session
) -> None:
    ada, bob, early, _late = crew
    eve = EmployeeFactory.create(name="Eve", time_zone="UTC")
    client = browser_of(app, eve, session)
    swap = ask(ada, early, colleague_id=bob.id)

    assert client.get(f"/my-time/swaps/{swap.id}/acceptance/new").status_code == 404
    assert client.post(f"/my-time/swaps/{swap.id}/removal").status_code == 404


def test_a_program_swaps_too(crew: Crew, app: Flask, session: Session) -> None:
    ada, bob, early, _late = crew
    as_ada, as_bob = (browser_of(app, one, session) for one in (ada, bob))
    head = bearer("attendance.view", "attendance.approve")
    mine, all_of_them = "/api/v1/my-time/swaps", "/api/v1/attendance/swaps"
    tokens = {one.name: bearer_of(one) for one in (ada, bob)}
    client: Any = app.test_client()
    body = {"day": str(DAY), "shift_id": early.id}

    refused = client.post(mine, json=body | {"shift_id": 0}, headers=tokens["Ada"])
    made = client.post(mine, json=body, headers=tokens["Ada"])
    path = f"{mine}/{made.json['id']}"
    half = client.post(f"{path}/accept", json={"return_day": str(DAY)}, headers=tokens["Bob"])
    offered = as_bob.get(mine).json["offered"]
    accepted = client.post(f"{path}/accept", json={}, headers=tokens["Bob"])
    withdrawn = client.delete(path, headers=tokens["Bob"])
    approved = client.post(
        f"{all_of_them}/{made.json['id']}/approve", json={"answer": "Yes"}, headers=head
    )
    listed = client.get(f"{all_of_them}?state=approved", headers=head).json["items"]

    assert (refused.status_code, list(refused.json["fields"])) == (422, ["shift_id"])
    assert (made.status_code, half.status_code, withdrawn.status_code) == (201, 422, 409)
    assert [one["id"] for one in offered] == [made.json["id"]]
    assert accepted.json["state"] == "requested"
    assert approved.json["state"] == "approved"
    assert [one["answer"] for one in listed] == ["Yes"]
    assert as_ada.get(mine).json["items"][0]["state"] == "approved"


def bearer_of(employee: Employee) -> dict[str, str]:
    user = db.session.scalars(select(User).where(User.id == employee.user_id)).one()
    return {"Authorization": f"Bearer {create_token(user, name='test')}"}
