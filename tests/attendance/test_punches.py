"""Punches arrive once; what follows from them is made anew wherever it changes."""

import random
from collections import Counter
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.attendance import services
from app.attendance.models import (
    Capture,
    Credential,
    Device,
    DeviceState,
    Employee,
    Punch,
    PunchConflict,
    PunchVerdict,
    Reader,
    WorkSession,
)
from app.attendance.reckoning.clock import DeviceNow
from app.attendance.services import Heartbeat
from app.core.alerts.models import Alert
from app.core.db import db, transaction
from app.core.errors import Invalid
from tests.attendance.conftest import (
    CARD,
    at,
    bearer,
    beat,
    down,
    outcomes,
    punched,
    sent,
    shift,
    soon,
    spans,
    take,
)
from tests.attendance.factories import EmployeeFactory

OTHER = "0001234567"
Called = tuple[Any, dict[str, str]]


def rebuilt(session: Session) -> services.Changes:
    with transaction():
        return services.rebuild(session)


def test_a_day_is_a_session(device: Device, ada: Employee, session: Session) -> None:
    assert punched(device, "02 08:00", "02 17:00") == ["accepted", "accepted"]

    assert spans(session, ada) == [("02 08:00", "02 17:00")]
    assert session.scalars(select(WorkSession.seconds)).one() == 9 * 3600


def test_the_same_log_fetched_twice_counts_once(
    device: Device, ada: Employee, session: Session
) -> None:
    log = [sent("02 08:00"), sent("02 17:00")]
    take(device, *log)

    assert take(device, *log) == ["duplicate", "duplicate"]
    assert session.scalar(select(func.count(Punch.id))) == 2
    assert spans(session, ada) == [("02 08:00", "02 17:00")]


def test_a_number_with_other_content_is_an_alarm_and_both_are_kept(
    device: Device, ada: Employee, session: Session
) -> None:
    first = sent("02 08:00")
    take(device, first)

    again = take(device, first._replace(at=at("02 09:00")), first)

    assert again == ["conflict", "duplicate"]
    assert session.scalars(select(PunchConflict.device_time)).one() == at("02 09:00")
    assert session.scalars(select(Alert.kind)).all() == ["attendance.conflict"]
    assert spans(session, ada) == [("02 08:00", None)]


def test_a_number_twice_in_one_batch_is_an_alarm_too(device: Device, ada: Employee) -> None:
    first = sent("02 08:00")

    assert take(device, first, first, first._replace(at=at("02 10:00"))) == [
        *("accepted", "duplicate", "conflict"),
    ]


def test_another_boot_counts_from_one_again(
    device: Device, ada: Employee, session: Session
) -> None:
    take(device, sent("02 08:00", device_seq=1), sent("02 17:00", device_seq=1, boot_id="c"))

    assert spans(session, ada) == [("02 08:00", "02 17:00")]


def test_punches_that_come_late_find_their_place(
    device: Device, ada: Employee, session: Session
) -> None:
    punched(device, "02 08:00", "03 08:00", "04 08:00", "04 17:00")

    punched(device, "02 17:00", "03 17:00")

    days = [(f"{day} 08:00", f"{day} 17:00") for day in ("02", "03", "04")]
    assert spans(session, ada) == days
    assert rebuilt(session) == services.Changes()


def test_batches_in_any_order_and_twice_come_to_the_same(
    device: Device, ada: Employee, session: Session
) -> None:
    """After an outage several spools empty themselves, and answers are lost."""
    clocks = ("08:00", "12:00", "12:30", "17:00")
    log = [sent(f"{day:02} {clock}") for day in range(2, 10) for clock in clocks]
    pieces = [log[first : first + 5] for first in range(0, len(log), 5)] * 2
    random.Random(7).shuffle(pieces)

    came = Counter(outcome for piece in pieces for outcome in take(device, *piece))

    assert came == {"accepted": len(log), "duplicate": len(log)}
    assert spans(session, ada) == [
        (f"{day:02} {begin}", f"{day:02} {end}")
        for day in range(2, 10)
        for begin, end in (clocks[:2], clocks[2:])
    ]
    assert rebuilt(session) == services.Changes()


def test_what_stays_as_it_was_keeps_its_id(
    device: Device, ada: Employee, session: Session
) -> None:
    punched(device, "02 08:00", "02 17:00", "03 08:00")
    before = session.scalars(select(WorkSession.id).order_by(WorkSession.begin_at)).all()

    punched(device, "03 17:00")

    after = session.scalars(select(WorkSession.id).order_by(WorkSession.begin_at)).all()
    assert after == before


def test_a_rebuild_makes_again_what_was_thrown_away(
    device: Device, ada: Employee, session: Session
) -> None:
    punched(device, "02 08:00", "02 08:00", "02 17:00", "03 09:00")
    punched(device, "02 10:00", card=OTHER)
    known, ruled = spans(session, ada), outcomes(session)
    session.execute(text("DELETE FROM work_session"))
    session.execute(text("DELETE FROM punch_verdict"))

    changes = rebuilt(session)

    assert (spans(session, ada), outcomes(session)) == (known, ruled)
    assert changes == services.Changes(2, 5)
    assert rebuilt(session) == services.Changes()


def test_the_command_says_that_nothing_has_changed(
    app: Flask, device: Device, ada: Employee
) -> None:
    punched(device, "02 08:00", "02 17:00")

    said = app.test_cli_runner().invoke(args=["attendance", "rebuild"]).output

    assert "nothing has changed" in said


def test_nobody_edits_a_punch(device: Device, ada: Employee, session: Session) -> None:
    punched(device, "02 08:00")

    for statement in ("UPDATE punch SET note = 'x'", "DELETE FROM punch"):
        with pytest.raises(DBAPIError, match="append-only"), session.begin_nested():
            session.execute(text(statement))


def test_an_unknown_card_is_kept_and_counts_from_then_back(
    device: Device, session: Session
) -> None:
    bob = EmployeeFactory.create(time_zone="UTC")
    punched(device, "02 08:00", "02 17:00", card=OTHER)
    assert outcomes(session) == ["unknown", "unknown"]
    punch_id = session.scalars(select(Punch.id).order_by(Punch.at.desc())).first()

    services.assign_unknown(punch_id or 0, employee_id=bob.id)

    assert spans(session, bob) == [("02 08:00", "02 17:00")]


def test_one_card_is_one_person(device: Device, ada: Employee) -> None:
    other = EmployeeFactory.create()

    with pytest.raises(services.CredentialTaken, match="Ada's already"):
        services.assign_card(str(int(CARD) + (7 << 32)), employee_id=other.id)


def test_a_lost_card_counts_until_it_was_lost_and_then_for_its_next_owner(
    device: Device, ada: Employee, session: Session
) -> None:
    punched(device, "02 08:00", "02 17:00", "03 08:00")
    card = session.scalars(select(Credential)).one()

    services.end_credential(card.id, reason="lost", at=at("02 20:00"))
    assert outcomes(session) == ["accepted", "accepted", "revoked"]
    assert spans(session, ada) == [("02 08:00", "02 17:00")]

    bob = EmployeeFactory.create(time_zone="UTC")
    services.assign_card(CARD, employee_id=bob.id)
    assert spans(session, bob) == [("03 08:00", None)]
    assert spans(session, ada) == [("02 08:00", "02 17:00")]
    assert rebuilt(session) == services.Changes()


def test_no_number_of_a_card_is_kept_anywhere(
    device: Device, ada: Employee, session: Session
) -> None:
    punched(device, "02 08:00")
    punched(device, "02 09:00", card=OTHER)

    for table in ("punch", "credential", "punch_verdict", "audit_entry", "punch_conflict"):
        rows = session.execute(text(f"SELECT * FROM {table}")).all()  # noqa: S608
        assert not [row for row in rows if "6299884" in str(row) or "1234567" in str(row)]


def test_before_the_first_and_after_the_last_day_nothing_counts(
    device: Device, ada: Employee, session: Session
) -> None:
    services.revise_employee(
        ada.id, version=None, hire_date=at("10 00:00").date(), leave_date=at("12 00:00").date()
    )

    assert punched(device, "09 08:00", "10 08:00", "10 17:00", "13 08:00") == [
        *("inactive", "accepted", "accepted", "inactive"),
    ]
    assert spans(session, ada) == [("10 08:00", "10 17:00")]


def test_a_change_of_the_first_day_makes_the_days_anew(
    device: Device, ada: Employee, session: Session
) -> None:
    punched(device, "02 08:00", "02 17:00")

    services.revise_employee(ada.id, version=None, hire_date=at("03 00:00").date())

    assert spans(session, ada) == []
    assert rebuilt(session) == services.Changes()


def test_a_roster_that_comes_later_puts_a_night_into_its_day(
    device: Device, ada: Employee, session: Session
) -> None:
    punched(device, "03 00:10", "03 06:00")
    assert session.scalars(select(WorkSession.day)).one().day == 3

    down(ada, 2, shift("N", "22:00", "06:00"))

    session.expire_all()
    one = session.scalars(select(WorkSession)).one()
    assert (one.day.day, one.planned_begin) == (2, at("02 22:00"))


def test_a_clock_behind_by_a_day_is_put_right_and_flagged(
    device: Device, ada: Employee, session: Session
) -> None:
    now = at("03 09:00")
    around = Heartbeat(DeviceNow(now, "b", now - timedelta(days=1), 90_000))

    take(device, sent("02 08:00", uptime=86_400), around=around)

    punch = session.scalars(select(Punch)).one()
    assert (punch.at, punch.device_time) == (at("03 08:00"), at("02 08:00"))
    assert punch.clock_skew == -86_400
    assert session.scalars(select(Alert.kind)).all() == ["attendance.clock"]


@pytest.mark.parametrize(("seconds", "told"), [(119, []), (121, ["ahead"]), (-121, ["behind"])])
def test_a_clock_that_is_off_by_more_than_two_minutes_is_told_until_it_is_right(
    device: Device, session: Session, seconds: int, told: list[str]
) -> None:
    now = at("03 09:00")

    def says(skew: int) -> list[str]:
        there = DeviceNow(now, "b", now + timedelta(seconds=skew))
        services.note_heartbeat(device, Heartbeat(there))
        found = select(Alert.title).where(Alert.closed_at.is_(None))
        return [title.split()[-1] for title in session.scalars(found)]

    assert says(seconds) == told
    assert says(0) == []


def test_a_time_that_cannot_be_waits_for_somebody_to_say_when_it_was(
    device: Device, ada: Employee, owner: Any, session: Session
) -> None:
    epoch = sent("02 08:00", boot_id="old")._replace(at=at("02 08:00").replace(year=1990))
    assert take(device, epoch) == ["unsure_time"]
    punch = session.scalars(select(Punch)).one()

    services.correct_punch(
        ada.id, kind="retime", punch_id=punch.id, at=at("02 08:00"), reason="It was the door"
    )

    assert spans(session, ada) == [("02 08:00", None)]
    assert outcomes(session) == ["accepted"]


def test_a_captured_card_is_enrolled_and_does_not_count(
    device: Device, session: Session
) -> None:
    bob = EmployeeFactory.create(time_zone="UTC", name="Bob")
    services.note_heartbeat(
        device, beat(soon(), readers=[services.ReaderState("door", "rdm6300")])
    )
    reader = session.scalars(select(Reader)).one()
    services.start_capture(reader.id, employee_id=bob.id, name="Blue")
    now = soon(seconds=5)
    old = sent("02 08:00", OTHER)
    new = old._replace(at=soon(seconds=1), device_seq=10**6)

    answers = take(device, old, new, around=beat(now))

    session.expire_all()
    card = session.scalars(select(Credential)).one()
    assert answers == ["accepted", "captured"]  # what came before counts from now back
    assert (card.employee_id, card.name) == (bob.id, "Blue")
    assert session.scalars(select(Capture.state)).one() == "captured"
    assert spans(session, bob) == [("02 08:00", None)]


def test_noise_is_refused_and_not_kept(device: Device, session: Session) -> None:
    assert punched(device, "02 08:00", card="0000000000") == ["rejected"]
    assert punched(device, "02 08:00", card="62E3086CED") == ["rejected"]
    assert session.scalar(select(func.count(Punch.id))) == 0


def test_corrections_count_once_they_are_approved(
    device: Device, ada: Employee, session: Session
) -> None:
    punched(device, "02 08:00", "03 08:00", "03 17:00")
    asked = services.request_correction(
        ada.id, kind="add", at=at("02 17:00"), direction="out", reason="Forgotten"
    )
    assert spans(session, ada)[0] == ("02 08:00", None)

    services.approve_correction(asked.id)

    assert spans(session, ada) == [("02 08:00", "02 17:00"), ("03 08:00", "03 17:00")]
    assert rebuilt(session) == services.Changes()
    with pytest.raises(services.NotAllowed):
        services.approve_correction(asked.id)


def test_a_punch_that_is_taken_out_joins_what_it_has_parted(
    device: Device, ada: Employee, session: Session
) -> None:
    punched(device, "02 08:00", "02 12:00", "02 17:00")
    wrong = session.scalars(select(Punch.id).where(Punch.at == at("02 12:00"))).one()

    services.correct_punch(ada.id, kind="void", punch_id=wrong, reason="The child played")

    assert spans(session, ada) == [("02 08:00", "02 17:00")]
    assert outcomes(session) == ["accepted", "void", "accepted"]
    assert rebuilt(session) == services.Changes()


def test_nobody_corrects_the_punch_of_another(device: Device, ada: Employee) -> None:
    punched(device, "02 08:00")
    other = EmployeeFactory.create()
    punch_id = db.session.scalars(select(Punch.id)).one()

    with pytest.raises(Invalid, match="no punch of"):
        services.request_correction(other.id, kind="void", punch_id=punch_id, reason="x")


def test_a_device_sends_over_http_and_hears_who_it_was(
    device_client: Called, ada: Employee
) -> None:
    client, token = device_client
    now = soon()
    body = {
        "boot_id": "b",
        "now": now.isoformat(),
        "uptime": 100.5,
        "watermark": now.isoformat(),
        "punches": [
            {"device_seq": 1, "credential": CARD, "at": now.isoformat(), "uptime": 100.1},
            {"device_seq": 2, "credential": "noise", "at": now.isoformat()},
        ],
    }

    answer = client.post("/api/v1/attendance/punches", json=body, headers=token)

    first, second = answer.json["items"]
    assert answer.status_code == 200
    assert (first["outcome"], first["direction"], first["employee"]) == (
        *("accepted", "in", "Ada"),
    )
    assert (second["outcome"], second["punch_id"]) == ("rejected", None)
    assert db.session.scalars(select(DeviceState.watermark)).one() == now


def test_a_single_punch_needs_no_batch(device_client: Called, ada: Employee) -> None:
    client, token = device_client
    one = {"boot_id": "b", "device_seq": 1, "credential": CARD, "at": soon().isoformat()}

    answer = client.post("/api/v1/attendance/punches", json=one, headers=token)

    assert answer.json["items"][0]["outcome"] == "accepted"


@pytest.mark.parametrize(
    ("change", "field"),
    [({"at": "2026-11-02T08:00:00"}, "at"), ({"device_seq": 0}, "device_seq"), ({"x": 1}, "x")],
)
def test_a_body_of_another_shape_is_named(
    device_client: Called, change: dict[str, Any], field: str
) -> None:
    client, token = device_client
    one = {"boot_id": "b", "device_seq": 1, "credential": CARD, "at": soon().isoformat()}

    answer = client.post("/api/v1/attendance/punches", json=one | change, headers=token)

    assert (answer.status_code, field in answer.json["fields"]) == (422, True)


def test_only_the_token_of_a_device_that_is_on_may_punch(
    device_client: Called, device: Device, session: Session
) -> None:
    client, token = device_client
    beat_ = {"boot_id": "b", "now": soon().isoformat()}

    def asked(headers: dict[str, str]) -> int:
        return client.post(
            "/api/v1/attendance/heartbeats", json=beat_, headers=headers
        ).status_code

    assert asked(token) == 200
    assert asked(bearer("attendance.punch")) == 403
    assert client.get("/api/v1/attendance/present", headers=token).status_code == 403
    services.revise_device(device.id, version=None, is_active=False)
    assert asked(token) == 403


def test_another_token_ends_the_one_before(
    device_client: Called, device: Device, owner: Any
) -> None:
    client, token = device_client
    new = services.renew_token(device.id, by=owner).secret
    body = {"boot_id": "b", "now": soon().isoformat(), "readers": [{"name": "door"}]}

    old = client.post("/api/v1/attendance/heartbeats", json=body, headers=token)
    renewed = client.post(
        "/api/v1/attendance/heartbeats",
        json=body,
        headers={"Authorization": f"Bearer {new}"},
    )

    assert (old.status_code, renewed.status_code) == (401, 200)
    assert renewed.json["poll_seconds"] == 30


def test_who_is_at_work_is_told_and_whoever_forgot_to_leave_is_not(
    device_client: Called, device: Device, ada: Employee
) -> None:
    client, _token = device_client
    bob = EmployeeFactory.create(name="Bob")
    services.assign_card(OTHER, employee_id=bob.id)
    now = soon()
    forgotten = sent("02 08:00")
    here = sent("02 08:00", OTHER)._replace(at=now)
    take(device, forgotten, here, around=beat(now))

    headers = bearer("attendance.view")
    found = client.get("/api/v1/attendance/present", headers=headers).json["items"]
    listed = client.get("/api/v1/attendance/sessions?is_open=true", headers=headers).json

    assert [one["employee"] for one in found] == ["Bob"]
    assert listed["total"] == 2


def test_a_program_enrols_corrects_and_reads(
    device_client: Called, device: Device, ada: Employee, session: Session
) -> None:
    client, _token = device_client
    rights = bearer("attendance.enrol", "attendance.view", "attendance.approve")
    services.note_heartbeat(device, beat(soon(), readers=[services.ReaderState("door")]))
    reader = client.get("/api/v1/attendance/devices/readers", headers=rights).json["items"][0]
    punched(device, "02 08:00")

    wait = client.post(
        "/api/v1/enrollment/capture", json={"reader_id": reader["id"]}, headers=rights
    )
    state = client.get(f"/api/v1/enrollment/captures/{wait.json['id']}", headers=rights)
    cancelled = client.delete(f"/api/v1/enrollment/captures/{wait.json['id']}", headers=rights)
    body = {"employee_id": ada.id, "card": OTHER, "name": "Spare"}
    card = client.post("/api/v1/enrollment/credentials", json=body, headers=rights)
    taken = client.post("/api/v1/enrollment/credentials", json=body, headers=rights)
    ended = client.delete(
        f"/api/v1/enrollment/credentials/{card.json['id']}?reason=lost", headers=rights
    )
    added = {
        "employee_id": ada.id,
        "kind": "add",
        "at": at("02 16:00").isoformat(),
        "direction": "out",
        "reason": "Forgotten",
    }
    corrected = client.post("/api/v1/attendance/corrections", json=added, headers=rights)
    listed = client.get("/api/v1/attendance/punches", headers=rights).json["items"]

    assert (wait.status_code, state.json["state"]) == (201, "waiting")
    assert cancelled.json["state"] == "cancelled"
    assert (card.status_code, taken.status_code) == (201, 409)
    assert ended.json["end_reason"] == "lost"
    assert corrected.json["state"] == "approved"
    assert listed[0]["outcome"] == "accepted"
    assert spans(session, ada) == [("02 08:00", "02 16:00")]


@pytest.mark.committed
def test_two_copies_of_a_batch_at_once_are_kept_once(
    app: Flask, device: Device, ada: Employee, session: Session
) -> None:
    log = [sent(f"02 {hour:02}:00") for hour in range(8, 18)]
    barrier, answers = Barrier(2), list[list[str]]()

    def send() -> None:
        with app.app_context():
            mine = db.session.get(Device, device.id)
            barrier.wait()
            assert mine is not None
            answers.append(take(mine, *log))

    threads = [Thread(target=send) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert sorted(answers) == [["accepted"] * 10, ["duplicate"] * 10]
    session.expire_all()
    assert session.scalar(select(func.count(PunchVerdict.id))) == 10
    assert len(spans(session, ada)) == 5


def test_a_locked_day_takes_no_correction(
    device: Device, ada: Employee, session: Session
) -> None:
    punched(device, "02 08:00")
    services.lock_days(at("03 00:00").date())

    with pytest.raises(services.PeriodLocked):
        services.correct_punch(
            ada.id, kind="add", at=at("02 17:00"), direction="out", reason="Late"
        )
    session.execute(update(Employee).values(name="x"))
