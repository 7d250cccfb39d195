"""A device, cards and people, and how they punch."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.accounts.services import create_token
from app.attendance import services
from app.attendance.models import (
    Device,
    Employee,
    Punch,
    PunchVerdict,
    RosterEntry,
    Shift,
    WorkSession,
)
from app.attendance.reckoning.clock import DeviceNow
from app.attendance.services import Heartbeat, SentPunch
from tests.attendance.factories import EmployeeFactory
from tests.factories import RoleFactory, UserFactory

CARD = "0006299884"
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
NOBODYS = QUICK.hash("nobody's")
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
NUMBERS = count(1)


def at(text: str) -> datetime:
    """A moment in UTC: "02 08:00" is of November 2026."""
    day, clock = text.split()
    return datetime.fromisoformat(f"2026-11-{day}T{clock}+00:00")


@pytest.fixture(autouse=True)
def quick_pins(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash PINs by the same function at less cost: many are guessed."""
    for module in ("services", "models"):
        monkeypatch.setattr(f"app.attendance.{module}.pins.hasher", QUICK)
    monkeypatch.setattr("app.attendance.services.pins.nobodys_hash", lambda: NOBODYS)


@pytest.fixture
def owner(session: Session) -> User:
    """Whoever sets up devices."""
    everything = [
        "attendance.enrol",
        "attendance.punch",
        "attendance.view",
        "attendance.approve",
    ]
    return UserFactory.create(role=RoleFactory.create(permissions=everything))


@pytest.fixture
def made(owner: User, session: Session) -> services.NewDevice:
    """A bridge at the door, in use since long ago, with its token."""
    made = services.create_device(by=owner, name="Door", kind="bridge")
    session.execute(update(Device).values(created_at=LONG_AGO))
    session.commit()
    session.refresh(made.device)
    return made


@pytest.fixture
def device(made: services.NewDevice) -> Device:
    return made.device


@pytest.fixture
def ada(session: Session) -> Employee:
    """Somebody in UTC, with a card since ever."""
    ada = EmployeeFactory.create(number="1", name="Ada", time_zone="UTC")
    services.assign_card(CARD, employee_id=ada.id)
    session.execute(update(services_credential()).values(valid_from=LONG_AGO))
    session.commit()
    return ada


def services_credential() -> Any:
    from app.attendance.models import Credential  # noqa: PLC0415

    return Credential


def sent(text: str, card: str = CARD, **more: Any) -> SentPunch:
    """A punch of a card: "02 08:00", each with the next number."""
    named: dict[str, Any] = {"device_seq": next(NUMBERS), "boot_id": "b", "reader": "door"}
    return SentPunch(credential=card, at=at(text), **named | more)


def beat(received_at: datetime | None = None, **more: Any) -> Heartbeat:
    """What stands around a batch of a good clock, received long after."""
    received_at = received_at or at("30 12:00")
    return Heartbeat(DeviceNow(received_at, "b", received_at), **more)


def take(device: Device, *punches: SentPunch, around: Heartbeat | None = None) -> list[str]:
    """Send punches, and give what became of each."""
    answers = services.take_punches(device, punches, around or beat())
    return [answer.outcome for answer in answers]


def punched(device: Device, *texts: str, card: str = CARD) -> list[str]:
    return take(device, *(sent(text, card) for text in texts))


def spans(session: Session, employee: Employee) -> list[tuple[str, str | None]]:
    """Somebody's sessions: begin and end in UTC."""
    session.expire_all()
    found = session.scalars(
        select(WorkSession)
        .where(WorkSession.employee_id == employee.id)
        .order_by(WorkSession.begin_at)
    )
    return [
        (f"{one.begin_at:%d %H:%M}", f"{one.end_at:%d %H:%M}" if one.end_at else None)
        for one in found
    ]


def outcomes(session: Session) -> list[str]:
    """What became of all punches, in their order."""
    session.expire_all()
    found = select(PunchVerdict.outcome).join(Punch).order_by(Punch.at, Punch.id)
    return list(session.scalars(found))


def shift(code: str, begins: str, ends: str, **more: Any) -> Shift:
    from datetime import time  # noqa: PLC0415

    hours = {"begins": time.fromisoformat(begins), "ends": time.fromisoformat(ends)}
    return services.create_shift(code=code, name=code, **hours, **more)


def down(employee: Employee, day: int, shift: Shift) -> None:
    """Put somebody down for a shift in November 2026."""
    services.set_roster({(employee.id, datetime(2026, 11, day).date()): [shift.id]})  # noqa: DTZ001


Api = Callable[..., Any]


@pytest.fixture
def device_client(app: Flask, made: services.NewDevice) -> tuple[FlaskClient, dict[str, str]]:
    return app.test_client(), {"Authorization": f"Bearer {made.secret}"}


def bearer(*permissions: str) -> dict[str, str]:
    user = UserFactory.create(role=RoleFactory.create(permissions=list(permissions)))
    return {"Authorization": f"Bearer {create_token(user, name='test')}"}


def soon(**delta: float) -> datetime:
    return datetime.now(UTC) + timedelta(**delta)


def abroad(employee: Employee) -> date:
    """Let somebody work where it is another day than in UTC, for that day alone; give it."""
    is_ahead = datetime.now(UTC).hour >= 10
    zone = "Pacific/Kiritimati" if is_ahead else "Pacific/Pago_Pago"
    today = datetime.now(ZoneInfo(zone)).date()
    services.revise_employee(
        employee.id, version=None, time_zone=zone, hire_date=today, leave_date=today
    )
    return today


def roster_of(session: Session, employee: Employee) -> list[tuple[int, int]]:
    found = session.scalars(select(RosterEntry).where(RosterEntry.employee_id == employee.id))
    return sorted((one.day.day, one.shift_id) for one in found)
