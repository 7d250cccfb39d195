"""The live board: nobody is called absent by the clock alone."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.attendance import services
from app.attendance.models import Absence, AbsenceType, Device, Employee
from tests.attendance.conftest import abroad, at, bearer, beat, down, punched, shift
from tests.conftest import SignIn


def names(people: object) -> list[str]:
    return [one.employee.name for one in people]  # type: ignore[attr-defined]


@pytest.fixture
def early(ada: Employee) -> Employee:
    """Ada, down for 8 to 16 o'clock on the second; its window ends at 20."""
    down(ada, 2, shift("E", "08:00", "16:00"))
    return ada


def test_whoever_is_in_is_in_and_whoever_is_late_is_late(
    device: Device, early: Employee
) -> None:
    punched(device, "02 08:20")

    board = services.look_at_board(at("02 09:00"))

    assert [one.late for one in board.present] == [timedelta(minutes=20)]
    assert board.missing == []


def test_within_the_grace_nobody_is_late_or_missing(device: Device, early: Employee) -> None:
    before = services.look_at_board(at("02 08:04"))
    punched(device, "02 08:05")
    after = services.look_at_board(at("02 08:30"))

    assert (names(before.missing), names(before.expected)) == ([], ["Ada"])
    assert [one.late for one in after.present] == [None]


def test_absent_is_said_when_the_window_is_over_and_all_devices_have_told(
    device: Device, early: Employee
) -> None:
    def looks(moment: str) -> tuple[list[str], list[str]]:
        board = services.look_at_board(at(moment))
        return names(board.missing), names(board.absent)

    services.note_heartbeat(device, beat(at("02 19:00"), watermark=at("02 19:00")))
    assert looks("02 09:00") == (["Ada"], [])
    assert looks("02 19:59") == (["Ada"], [])
    assert looks("02 21:00") == (["Ada"], [])  # the device may still have the punch
    services.note_heartbeat(device, beat(at("02 21:00"), watermark=at("02 20:30")))
    assert looks("02 21:00") == ([], ["Ada"])


def test_on_a_holiday_nobody_is_missing_though_a_roster_was_copied_over_it(
    device: Device, early: Employee
) -> None:
    services.note_heartbeat(device, beat(at("03 08:00"), watermark=at("03 08:00")))
    services.create_own_holiday(day=date(2026, 11, 2), name="Party")

    for moment in ("02 07:00", "02 09:00", "02 21:00"):
        board = services.look_at_board(at(moment))
        assert (board.expected, board.missing, board.absent) == ([], [], [])


def test_a_shift_that_begins_soon_is_expected(device: Device, early: Employee) -> None:
    assert names(services.look_at_board(at("02 07:00")).expected) == ["Ada"]
    assert names(services.look_at_board(at("02 05:00")).expected) == []


def test_a_night_shift_is_of_the_day_it_began(device: Device, ada: Employee) -> None:
    down(ada, 2, shift("N", "23:00", "07:00"))
    punched(device, "02 22:55")

    board = services.look_at_board(at("03 03:00"))

    assert names(board.present) == ["Ada"]
    assert (board.missing, board.expected, board.absent) == ([], [], [])


def test_a_forgotten_clock_out_is_no_presence(device: Device, early: Employee) -> None:
    punched(device, "02 08:00")

    board = services.look_at_board(at("03 10:00"))

    assert board.present == []
    assert names(board.forgotten) == ["Ada"]


def test_whoever_is_on_leave_is_not_missing_and_nobody_says_why(
    sign_in: SignIn, early: Employee, session: Session
) -> None:
    kind = session.scalars(select(AbsenceType)).first()
    assert kind is not None
    days = {"first_day": date(2026, 11, 1), "last_day": date(2026, 11, 2)}
    away = Absence(employee_id=early.id, type_id=kind.id, **days)
    away.state, away.decided_at = "approved", at("01 08:00")
    session.add(away)
    session.commit()

    on, after = (services.look_at_board(at(moment)) for moment in ("02 09:00", "03 09:00"))
    assert (names(on.on_leave), names(on.missing)) == (["Ada"], [])
    assert names(after.on_leave) == []
    away.is_last_half = True
    session.commit()
    half = services.look_at_board(at("02 09:00"))
    assert ([one.is_half for one in half.on_leave], names(half.missing)) == ([True], ["Ada"])
    assert kind.name not in sign_in("attendance.view").get("/attendance/board").text


def test_a_shift_stands_there_by_the_clock_of_whoever_it_is_about(
    sign_in: SignIn, ada: Employee
) -> None:
    today = abroad(ada)
    services.set_roster({(ada.id, today): [shift("X", "00:00", "23:59").id]})

    page = sign_in("attendance.view").get("/attendance/board").text

    assert f"{today:%a %d %b} 00:00" in page


def test_the_board_is_a_page_and_a_call(
    app: Flask, sign_in: SignIn, device: Device, ada: Employee, session: Session
) -> None:
    page = sign_in("attendance.view").get("/attendance/board")
    part = sign_in("attendance.view").get("/attendance/board", headers={"HX-Request": "true"})
    told = app.test_client().get("/api/v1/attendance/board", headers=bearer("attendance.view"))

    assert "Nobody is in." in page.text
    assert "<html" not in part.text
    assert told.get_json()["present"] == []
    assert sign_in().get("/attendance/board").status_code == 403
