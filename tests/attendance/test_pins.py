"""PINs at a kiosk, and fingerprints where the company allows them."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.attendance import services
from app.attendance.models import (
    Capture,
    Credential,
    Device,
    DeviceCommand,
    Employee,
    EmployeePin,
)
from app.core.errors import Invalid
from app.core.settings import set_settings
from tests.attendance.conftest import abroad, bearer, beat, outcomes, sent, soon, take
from tests.attendance.factories import EmployeeFactory
from tests.factories import UserFactory

PIN = "7391"


@pytest.fixture
def bob(session: Session) -> Employee:
    bob = EmployeeFactory.create(number="B-7", name="Bob", time_zone="UTC")
    services.set_pin(bob.id, pin=PIN)
    return bob


def test_number_and_pin_make_a_punch(device: Device, bob: Employee, session: Session) -> None:
    services.punch_with_pin(device, number="b-7", pin=PIN)

    assert outcomes(session) == ["accepted"]


def test_a_day_is_the_one_of_where_somebody_works(
    device: Device, bob: Employee, session: Session
) -> None:
    """On their first day, and on their last, though it is another one in UTC."""
    today = abroad(bob)
    bob.user = UserFactory.create()
    session.commit()
    set_settings(attendance_web_punches=True)

    services.punch_with_pin(device, number="b-7", pin=PIN)
    services.punch_from_web(bob.user.id)

    assert outcomes(session) == ["accepted", "duplicate"]
    with pytest.raises(services.NotAllowed, match="wherever people work"):
        services.lock_days(today)


def test_a_wrong_pin_does_not_say_what_is_wrong(device: Device, bob: Employee) -> None:
    said = set()
    for number, pin in [("B-7", "0000"), ("nobody", PIN)]:
        with pytest.raises(services.WrongPin) as refused:
            services.punch_with_pin(device, number=number, pin=pin)
        said.add(str(refused.value))

    assert len(said) == 1


def test_after_five_wrong_ones_the_right_one_waits_too(device: Device, bob: Employee) -> None:
    for _ in range(5):
        with pytest.raises(services.WrongPin):
            services.punch_with_pin(device, number="B-7", pin="0001")

    with pytest.raises(services.TooManyPins) as refused:
        services.punch_with_pin(device, number="b-7", pin=PIN)
    assert 0 < refused.value.retry_after <= 600


def test_at_one_device_nobody_tries_one_pin_with_all_numbers(
    device: Device, bob: Employee
) -> None:
    for number in range(20):
        with pytest.raises(services.WrongPin):
            services.punch_with_pin(device, number=str(number), pin=PIN)

    with pytest.raises(services.TooManyPins):
        services.punch_with_pin(device, number="B-7", pin=PIN)


@pytest.mark.parametrize("pin", ["123", "1234", "0000", "123456789", "12a4"])
def test_a_pin_that_anybody_would_try_is_none(bob: Employee, pin: str) -> None:
    with pytest.raises(Invalid):
        services.set_pin(bob.id, pin=pin)


def test_a_pin_is_kept_as_a_hash_and_taken_away(bob: Employee, session: Session) -> None:
    assert session.scalars(select(EmployeePin.pin_hash)).one().startswith("$argon2id$")

    services.delete_pin(bob.id)

    assert session.scalars(select(EmployeePin)).all() == []


def test_a_kiosk_asks_over_http_and_hears_how_long_to_wait(
    device_client: tuple[Any, dict[str, str]], bob: Employee
) -> None:
    client, token = device_client

    def punch(pin: str) -> Any:
        body = {"number": "B-7", "pin": pin}
        return client.post("/api/v1/attendance/pin-punches", json=body, headers=token)

    made, wrong = punch(PIN), punch("9999")
    for _ in range(4):
        punch("9999")
    waits = punch(PIN)

    assert (made.status_code, made.json["kind"]) == (201, "pin")
    assert (wrong.status_code, wrong.json["code"]) == (422, "wrong_pin")
    assert waits.status_code == 429
    assert int(waits.headers["Retry-After"]) > 0


# Fingerprints


@pytest.fixture
def sensor(device: Device, session: Session) -> int:
    """A fingerprint reader on the device."""
    beat_ = beat(soon(), readers=[services.ReaderState("finger", "r30x")])
    services.note_heartbeat(device, beat_)
    return services.readers_in_use()[0].id


def consented(employee: Employee) -> None:
    services.give_consent(employee.id, basis="Art. 9 (2) b, file 17", alternative="A card")


def test_fingerprints_are_off_until_the_company_says_otherwise(
    bob: Employee, sensor: int
) -> None:
    with pytest.raises(services.NotAllowed, match="switched off"):
        consented(bob)


def test_without_a_consent_no_finger_is_learnt(bob: Employee, sensor: int) -> None:
    set_settings(attendance_fingerprints=True)

    with pytest.raises(services.NotAllowed, match="consent first"):
        services.start_finger(sensor, employee_id=bob.id)


def test_a_finger_is_learnt_counts_and_is_forgotten_when_the_sensor_says_so(
    device: Device, bob: Employee, sensor: int, session: Session
) -> None:
    set_settings(attendance_fingerprints=True)
    consented(bob)
    services.start_finger(sensor, employee_id=bob.id)
    learn = services.note_heartbeat(device, beat(soon()))[0]

    services.end_command(device, learn.id, is_done=True, finish=services.finish_command)
    finger = sent("02 08:00", str(learn.slot), kind="finger", reader="finger")
    answers = take(device, finger._replace(at=soon(seconds=1)), around=beat(soon(seconds=2)))

    session.expire_all()
    assert session.scalars(select(Capture.state)).one() == "captured"
    assert answers == ["accepted"]

    services.withdraw_consent(bob.id)
    forget = services.note_heartbeat(device, beat(soon()))[0]
    kept = session.scalars(select(Credential)).one()
    assert (forget.command, forget.slot, kept.is_template_deleted) == (
        *("delete_finger", learn.slot, False),
    )
    services.end_command(device, forget.id, is_done=True, finish=services.finish_command)
    session.expire_all()
    assert session.scalars(select(Credential.is_template_deleted)).one()


def test_a_finger_that_was_not_learnt_is_nobodys(
    device: Device, bob: Employee, sensor: int, session: Session
) -> None:
    set_settings(attendance_fingerprints=True)
    consented(bob)
    services.start_finger(sensor, employee_id=bob.id)
    command = session.scalars(select(DeviceCommand)).one()

    services.end_command(
        device, command.id, is_done=False, message="No finger", finish=services.finish_command
    )

    assert session.scalars(select(Capture.message)).one() == "No finger"
    assert session.scalars(select(Credential)).all() == []


def test_a_program_sets_pins_and_asks_for_fingers(
    device_client: tuple[Any, dict[str, str]], bob: Employee, sensor: int
) -> None:
    client, token = device_client
    rights = bearer("attendance.enrol")
    set_settings(attendance_fingerprints=True)
    path = f"/api/v1/enrollment/employees/{bob.id}"
    written = {"basis": "file 17", "alternative": "A card"}

    answers = [
        client.post(f"{path}/pin", json={"pin": "8264"}, headers=rights),
        client.delete(f"{path}/pin", headers=rights),
        client.post(f"{path}/consent", json=written, headers=rights),
        client.post(
            "/api/v1/enrollment/fingers",
            json={"reader_id": sensor, "employee_id": bob.id},
            headers=rights,
        ),
    ]
    body = {"boot_id": "b", "now": soon().isoformat()}
    heard = client.post("/api/v1/attendance/heartbeats", json=body, headers=token).json
    command = heard["commands"][0]["id"]
    done = client.post(
        f"/api/v1/attendance/commands/{command}", json={"is_done": True}, headers=token
    )
    gone = client.delete(f"{path}/consent", headers=rights)

    assert [one.status_code for one in answers] == [204, 204, 204, 201]
    assert (heard["poll_seconds"], done.json["state"]) == (2, "done")
    assert gone.status_code == 204
