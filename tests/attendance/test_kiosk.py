"""The screen at the door: whose it is, what it says, and what it lets nobody guess."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.attendance import live, services
from app.attendance.events import AttendanceChanged, PunchesRecorded
from app.attendance.models import Device, DeviceState, Employee, Punch
from app.attendance.screens import ALL, channel_of
from app.attendance.services.punching import GREETED
from tests.attendance.conftest import CARD, take
from tests.conftest import SignIn

PIN = "4937"


@pytest.fixture
def kiosk(app: Flask, owner: User) -> FlaskClient:
    """A browser that hangs at the door."""
    hung = services.hang_up_kiosk(by=owner, name="Gate", place="Hall 1")
    browser = app.test_client()
    browser.set_cookie("kiosk", hung.secret, path="/kiosk")
    return browser


def of(device: Device) -> PunchesRecorded:
    """The event of the last punch."""
    from app.core.db import db  # noqa: PLC0415

    punch_id = db.session.scalars(select(Punch.id).order_by(Punch.id.desc())).first()
    return PunchesRecorded(device_id=device.id, punch_ids=[punch_id or 0])


def just_now(device: Device, card: str = CARD) -> None:
    moment = datetime.now(UTC)
    sent = services.SentPunch(
        device_seq=int(moment.timestamp() * 1e6),
        boot_id="b",
        credential=card,
        at=moment,
        reader="door",
    )
    around = services.Heartbeat(services_now(moment))
    services.take_punches(device, [sent], around)


def services_now(moment: datetime) -> Any:
    from app.attendance.reckoning.clock import DeviceNow  # noqa: PLC0415

    return DeviceNow(moment, "b", moment)


def test_whoever_makes_a_screen_a_kiosk_is_signed_out_there(
    app: Flask, sign_in: SignIn
) -> None:
    browser = sign_in("attendance.enrol", "attendance.punch", "attendance.view")

    asked = browser.get("/attendance/kiosks/new")
    made = browser.post("/attendance/kiosks", data={"name": "Gate", "place": "Hall 1"})

    assert "You are signed out here." in asked.text

    assert made.location == "/kiosk"
    cookie = made.headers["Set-Cookie"]
    assert {"HttpOnly", "Path=/kiosk", "SameSite=Strict"} <= {*cookie.split("; ")}
    assert "Hall 1" in browser.get("/kiosk").text
    assert "/session/new" in browser.get("/attendance/board").location


def test_a_kiosk_shows_nothing_else_and_nobody_elses_browser_is_one(
    kiosk: FlaskClient, sign_in: SignIn, owner: User
) -> None:
    assert kiosk.get("/kiosk").status_code == 200
    token = kiosk.get_cookie("kiosk", path="/kiosk")
    assert token is not None
    kiosk.set_cookie(
        "kiosk", token.value
    )  # sent everywhere, by a browser that was tampered with

    assert "/session/new" in kiosk.get("/attendance/board").location
    assert sign_in("attendance.punch").get("/kiosk").status_code == 404


def test_a_kiosk_that_is_renewed_or_switched_off_shows_nothing_any_more(
    kiosk: FlaskClient, owner: User, session: Session
) -> None:
    device = session.scalars(select(Device).where(Device.name == "Gate")).one()
    services.revise_device(device.id, version=None, is_active=False)
    assert kiosk.get("/kiosk/state").status_code == 403

    services.revise_device(device.id, version=None, is_active=True)
    assert services.hang_up_kiosk(by=owner, name="gate").device.id == device.id
    assert "/session/new" in kiosk.get("/kiosk/state").location


def test_somebody_without_a_card_punches_by_number_and_pin(
    kiosk: FlaskClient, ada: Employee, session: Session
) -> None:
    services.set_pin(ada.id, pin=PIN)

    page = kiosk.post("/kiosk/pins", data={"number": "1", "pin": PIN})

    assert page.status_code == 200
    assert "Welcome, Ada." in page.text
    assert "<html" in page.text
    kept = session.execute(select(Punch.kind, Punch.employee_id, Device.name).join(Device))
    assert kept.one() == ("pin", ada.id, "Gate")


@pytest.mark.parametrize("data", [{"number": "1", "pin": "0001"}, {"number": "7", "pin": PIN}])
def test_a_wrong_pin_and_a_wrong_number_are_told_alike(
    kiosk: FlaskClient, ada: Employee, data: dict[str, str], session: Session
) -> None:
    services.set_pin(ada.id, pin=PIN)

    part = kiosk.post("/kiosk/pins", data=data, headers={"X-Kiosk": "part"})

    assert part.status_code == 422
    assert "do not belong together" in part.text
    assert "<html" not in part.text
    assert session.scalars(select(Punch)).all() == []


def test_guesses_are_slowed_down_for_a_person_and_the_others_go_on(
    kiosk: FlaskClient, ada: Employee, session: Session
) -> None:
    from tests.attendance.factories import EmployeeFactory  # noqa: PLC0415

    eve = EmployeeFactory.create(number="2", name="Eve")
    services.set_pin(ada.id, pin=PIN)
    services.set_pin(eve.id, pin="2581")
    guesses = [
        kiosk.post("/kiosk/pins", data={"number": "1", "pin": f"{guess:04}"}).status_code
        for guess in range(6)
    ]
    assert guesses == [422] * 5 + [429]
    assert kiosk.post("/kiosk/pins", data={"number": "1", "pin": PIN}).status_code == 429
    assert kiosk.post("/kiosk/pins", data={"number": "2", "pin": "2581"}).status_code == 200


def test_cards_that_a_screen_has_kept_arrive_once(
    kiosk: FlaskClient, ada: Employee, session: Session
) -> None:
    moment = datetime.now(UTC).isoformat()
    card = {"boot_id": "b", "device_seq": 1, "credential": CARD, "at": moment, "uptime": 5.5}
    body = {"boot_id": "b", "now": moment, "uptime": 6, "punches": [card]}

    told = [kiosk.post("/kiosk/punches", json=body).get_json()["items"][0] for _ in range(2)]

    assert [one["outcome"] for one in told] == ["accepted", "duplicate"]
    assert len(session.scalars(select(Punch)).all()) == 1


@pytest.mark.parametrize(
    ("changes", "punch"),
    [
        ({"punches": []}, {}),
        ({"punches": "none"}, {}),
        ({"boot_id": ""}, {}),
        ({"now": "noon"}, {}),
        ({"now": "2026-11-30T12:00"}, {}),
        ({"uptime": True}, {}),
        ({}, {"device_seq": "1"}),
        ({}, {"device_seq": 0}),
        ({}, {"credential": 5}),
        ({}, {"at": None}),
        ({}, {"uptime": -1}),
    ],
)
def test_what_a_screen_cannot_have_kept_is_refused(
    kiosk: FlaskClient, changes: dict[str, Any], punch: dict[str, Any]
) -> None:
    moment = datetime.now(UTC).isoformat()
    good = {"boot_id": "b", "device_seq": 1, "credential": CARD, "at": moment, "uptime": 5.5}
    body = {"boot_id": "b", "now": moment, "uptime": 6, "punches": [good | punch]} | changes

    assert kiosk.post("/kiosk/punches", json=body).status_code == 422


def test_a_body_that_is_no_json_is_refused(kiosk: FlaskClient) -> None:
    assert kiosk.post("/kiosk/punches", data="x").status_code == 400


def test_a_screen_says_up_to_when_it_has_sent_all(kiosk: FlaskClient, session: Session) -> None:
    now = datetime.now(UTC)
    said = {"boot_id": "b", "now": now.isoformat(), "uptime": 6, "queued": 2}
    told = said | {"watermark": (now - timedelta(hours=1)).isoformat()}

    assert kiosk.post("/kiosk/heartbeats", json=told).status_code == 204
    assert kiosk.post("/kiosk/heartbeats", json=said).status_code == 422
    assert kiosk.post("/kiosk/heartbeats", json=told | {"queued": "2"}).status_code == 422
    state = session.scalars(select(DeviceState)).one()
    assert (state.queued, state.watermark) == (2, now - timedelta(hours=1))


def test_a_state_has_the_time_who_is_in_and_a_token_for_forms(
    kiosk: FlaskClient, device: Device, ada: Employee
) -> None:
    just_now(device)

    state = kiosk.get("/kiosk/state").get_json()

    assert "Ada" in state["html"]
    assert state["csrf"]
    said = datetime.fromisoformat(state["now"])
    assert abs(said - datetime.now(UTC)) < timedelta(seconds=10)


def test_a_punch_greets_its_person_at_its_place_and_is_news_everywhere(
    device: Device, ada: Employee, session: Session
) -> None:
    device.place = "Hall  1"
    just_now(device)

    fragments = {one.topic: one.html for one in live.show_punches(of(device))}

    assert "Welcome, Ada." in fragments[channel_of("hall 1")]
    assert "Welcome, Ada." in fragments[channel_of("")]
    assert channel_of("Hall 2") not in fragments
    assert "Ada" in fragments[ALL]
    assert 'data-news="#results' in fragments["attendance"]


@pytest.mark.parametrize(
    ("times", "says"),
    [
        (["08:00"], "Welcome, Ada."),
        (["08:00", "16:30"], "Goodbye, Ada."),
        (["08:00", "08:00:30"], "You are noted already, Ada."),
    ],
)
def test_a_greeting_says_what_a_punch_was(
    device: Device, ada: Employee, times: list[str], says: str, session: Session
) -> None:
    from tests.attendance.conftest import sent  # noqa: PLC0415

    take(device, *(sent(f"02 {time}") for time in times))
    last = session.scalars(select(Punch.id).order_by(Punch.at.desc())).first()

    greeting = services.greet(last or 0)

    assert greeting is not None
    assert greeting.words == says
    if len(times) == 2 and times[1] == "16:30":
        assert greeting.seconds == 8.5 * 3600


def test_whoever_has_left_is_told_so_at_the_door_and_is_not_in(
    device: Device, ada: Employee, session: Session
) -> None:
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    services.revise_employee(ada.id, version=None, leave_date=yesterday)

    just_now(device)

    greeting = services.greet(of(device).punch_ids[0])
    assert greeting is not None
    assert (greeting.kind, greeting.seconds) == ("problem", None)
    assert greeting.words == "You are not employed today, Ada. Please ask the office."
    assert services.look_who_is_in().number == 0


def test_a_batch_is_announced_once_and_greets_only_who_came_last(
    device: Device, ada: Employee, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Any] = []
    monkeypatch.setattr("app.attendance.services.punching.publish", told.append)
    now = datetime.now(UTC)
    batch = [
        services.SentPunch(seq, "b", f"{seq:06}", now - timedelta(minutes=10, seconds=-seq))
        for seq in range(1, 9)
    ]

    answers = services.take_punches(device, batch, services.Heartbeat(services_now(now)))

    assert [one.punch_ids for one in told] == [[one.punch_id for one in answers[-GREETED:]]]
    told.clear()
    old = [one._replace(device_seq=99, at=now - timedelta(hours=1)) for one in batch[:1]]
    services.take_punches(device, old, services.Heartbeat(services_now(now)))
    assert told == [AttendanceChanged(employees=1)]


def test_a_card_that_nobody_knows_is_told_by_the_clock_at_the_door(
    device: Device, session: Session
) -> None:
    services.revise_device(device.id, version=None, time_zone="Asia/Kathmandu")
    just_now(device, card="77")

    greeting = services.greet(of(device).punch_ids[0])

    assert greeting is not None
    assert greeting.at is not None
    assert greeting.at.utcoffset() == timedelta(hours=5, minutes=45)


def test_a_card_that_nobody_knows_is_told_to_see_the_office(
    device: Device, session: Session
) -> None:
    just_now(device, card="77")

    greeting = services.greet(session.scalars(select(Punch.id)).one())

    assert greeting is not None
    assert (greeting.kind, greeting.seconds) == ("problem", None)
    assert "not known" in greeting.words


def test_a_punch_that_is_gone_greets_nobody(device: Device) -> None:
    assert services.greet(0) is None
    topics = [one.topic for one in live.show_punches(of(device))]
    assert topics == ["attendance", f"attendance:{device.id}", ALL]
