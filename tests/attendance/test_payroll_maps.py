"""Columns for payroll that somebody writes down: what they make, and what is refused."""

from datetime import date
from urllib.parse import quote

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.attendance import services
from app.attendance.models import Device, Employee, PayrollMap
from app.attendance.reckoning.columns import (
    BEGINNINGS,
    parse_codes,
    parse_columns,
    parse_file_name,
    write_mapped,
)
from app.attendance.reckoning.payroll import PRESETS, Batch, PayLine
from app.attendance.services.payroll import write_batch
from app.attendance.views.payroll import read_settings
from app.core.errors import AlreadyExists, Invalid
from tests.attendance.conftest import bearer, punched
from tests.attendance.factories import ContractFactory, PayrollMapFactory
from tests.conftest import SignIn

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)
LINES = [
    PayLine("7", "Ada Lovelace", "K1", {"regular": 480, "overtime": 90, "double": 30}),
    PayLine("8", "Grace", "", {"absence": 240}),
]


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("gusto", {}),
        ("adp", {"company_code": "ABC", "hours_3_code": "OT2"}),
        (
            "lodas",
            {
                "consultant": "1234567",
                "client": "12345",
                "wage_regular": "1000",
                "wage_overtime": "1010",
            },
        ),
    ],
)
def test_a_beginning_makes_what_the_preset_of_its_program_makes(
    name: str, settings: dict[str, str]
) -> None:
    batch = Batch(3, FIRST, LAST, LINES[:1], settings)

    mine, theirs = write_mapped(BEGINNINGS[name], batch), PRESETS[name].write(batch)

    assert mine.content.decode(BEGINNINGS[name].encoding) == theirs.content.decode("cp1252")
    assert mine.name == theirs.name
    assert BEGINNINGS[name].adds == PRESETS[name].adds


def test_the_beginning_of_the_desktop_program_is_read_by_it() -> None:
    batch = Batch(3, FIRST, LAST, LINES[:1], {})

    lines = write_mapped(BEGINNINGS["iif"], batch).content.decode().splitlines()

    assert lines[2].startswith("!TIMEACT\tDATE\tJOB\tEMP")
    assert lines[3:] == [
        "TIMEACT\t11/30/2026\t\tAda Lovelace\t\tRegular\t8:00\t\t3\t0",
        "TIMEACT\t11/30/2026\t\tAda Lovelace\t\tOvertime\t1:30\t\t3\t0",
    ]


@pytest.mark.parametrize(
    ("columns", "is_long", "reason"),
    [
        ("", False, "At least one column"),
        ("x = number\n" * 61, False, "At most 60"),
        ("number", False, "no heading = content"),
        ("= number", False, "no heading = content"),
        ("A = colour", False, "a text in quotes, or number"),
        ("A = number regular", False, "a text in quotes, or number"),
        ('A = "unfinished', False, "a text in quotes, or number"),
        ("A = hours", False, "of which kinds"),
        ("A = hours regular + leisure", False, "leisure is none of regular"),
        ("A = hours regular", True, "a kind of its own"),
        ("A = code", False, "has no code"),
    ],
)
def test_columns_that_say_nothing_are_refused_with_their_line(
    columns: str, is_long: bool, reason: str
) -> None:
    with pytest.raises(ValueError, match=reason):
        parse_columns(columns, is_long=is_long)


@pytest.mark.parametrize(
    "codes", ["regular", "regular =", "leisure = 1", "regular=1\nregular=2"]
)
def test_codes_that_say_nothing_are_refused(codes: str) -> None:
    with pytest.raises(ValueError, match="“"):
        parse_codes(codes)


@pytest.mark.parametrize("name", ["", "a/b.csv", "{day}.csv", "{batch", "x" * 81])
def test_a_name_that_no_system_takes_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="Letters"):
        parse_file_name(name)


@pytest.fixture
def worked(device: Device, ada: Employee, session: Session) -> None:
    ContractFactory.create(employee=ada)
    ada.country = ""
    session.commit()
    punched(device, "02 08:00", "02 16:00")


def exported(one: PayrollMap) -> services.Exported:
    return services.export_hours(one.preset, first_day=FIRST, last_day=LAST)


@pytest.mark.usefixtures("worked")
def test_a_batch_keeps_the_map_it_was_written_with(device: Device) -> None:
    one = PayrollMapFactory.create(name="Ours", adds=True)
    made = exported(one)
    punched(device, "03 08:00", "03 10:00")
    services.revise_payroll_map(one.id, version=None, columns="N = name", name="Theirs")

    assert made.file.content.decode().splitlines() == ["File #,Hours", "1,8.00"]
    assert made.file.name == f"{made.export.id}.csv"
    assert exported(one).file.content.decode().splitlines() == ["N", "Ada"]
    services.delete_payroll_map(one.id)
    assert services.written_again(made.export.id).content == made.file.content
    assert services.program_of(made.export) == "Ours"
    with pytest.raises(Invalid, match="or map- and the id"):
        exported(one)


@pytest.mark.usefixtures("worked")
@pytest.mark.parametrize(("adds", "hours"), [(True, "2.00"), (False, "10.00")])
def test_a_map_says_whether_a_second_file_adds_or_replaces(
    device: Device, adds: bool, hours: str
) -> None:
    one = PayrollMapFactory.create(adds=adds)
    exported(one)
    punched(device, "03 08:00", "03 10:00")

    assert exported(one).file.content.decode().splitlines()[1] == f"1,{hours}"


@pytest.mark.usefixtures("worked")
def test_a_letter_that_an_encoding_lacks_is_said_and_not_dropped(ada: Employee) -> None:
    services.revise_employee(ada.id, version=None, name="Łukasz")
    one = PayrollMapFactory.create(columns="N = name", encoding="cp1252")

    with pytest.raises(Invalid, match="cannot hold “Ł”"):
        exported(one)


def unfit(preset: str, *lines: PayLine, **settings: str) -> str:
    """Why a batch of some people is not written for a program."""
    batch = Batch(3, FIRST, LAST, lines, settings)
    with pytest.raises(Invalid) as refused:
        write_batch(PRESETS[preset], batch)
    return str(refused.value.fields["preset"][0])


def test_a_preset_says_whose_line_its_encoding_cannot_hold() -> None:
    lines = [PayLine(f"{n}", f"Łukasz {n}", "Kraków Łódź", {"regular": 60}) for n in range(7)]
    lodas = {"wage_regular": "1000"}

    assert unfit("iif", LINES[0], *lines[:1]).startswith(
        "The file cannot hold “Ł”, of Łukasz 0 (0). "
    )
    assert "of Łukasz 0 (0), Łukasz 1 (1), " in unfit("lodas", *lines, **lodas)
    assert "Łukasz 4 (4) and 2 more." in unfit("lodas", *lines, **lodas)
    assert unfit("iif", *LINES, company="Łódź GmbH").startswith(
        "The file cannot hold “Ł”. Columns"
    )


def test_what_a_file_does_not_hold_of_people_stops_nobody() -> None:
    line = PayLine("7", "Łukasz", "K1", {"regular": 60})
    batch = Batch(3, FIRST, LAST, [line], {"wage_regular": "1000"})

    assert b";7;1000;1;1,00;K1\r\n" in write_batch(PRESETS["lodas"], batch).content


def test_lodas_takes_nobody_for_somebody_else() -> None:
    ada, bob, eva = (
        PayLine(number, name, "", {"regular": 60})
        for number, name in (("A-07", "Ada"), ("B7", "Bob"), ("Eva", "Eva"))
    )

    assert unfit("lodas", ada, bob).endswith("are the same, of Ada (A-07), Bob (B7).")
    assert unfit("lodas", ada, eva).endswith("numbers lack, of Eva (Eva).")
    assert unfit("lodas", ada._replace(cost_centre="K;1")).endswith("of Ada (A-07).")


def test_what_a_program_asks_for_may_hold_blanks() -> None:
    typed = " company=My company, Inc. item_regular=Hourly wage  client="

    assert read_settings(typed) == {
        "company": "My company, Inc.",
        "item_regular": "Hourly wage",
        "client": "",
    }
    assert read_settings("") == {}
    with pytest.raises(Invalid, match="My is no name=value"):
        read_settings("My company=x")


@pytest.mark.usefixtures("worked")
def test_a_file_is_given_under_any_name_it_may_have(sign_in: SignIn) -> None:
    made = exported(PayrollMapFactory.create(file_name="Löhne Łódź {batch}.csv"))

    file = sign_in("attendance.payroll").get(f"/attendance/payroll/{made.export.id}")

    assert file.status_code == 200
    name = quote(made.file.name)
    assert f"filename*=UTF-8''{name}" in file.headers["Content-Disposition"]
    assert file.headers["Content-Disposition"].isascii()


def test_a_name_is_taken_once_and_long_lines_want_codes(session: Session) -> None:
    PayrollMapFactory.create(name="Ours")
    with pytest.raises(Invalid, match="what are they called"):
        services.create_payroll_map(
            name="Long", columns="H = hours", file_name="a.csv", is_long=True
        )
    with pytest.raises(AlreadyExists, match="already"):
        services.create_payroll_map(name="ours", columns="N = name", file_name="a.csv")


@pytest.mark.usefixtures("worked")
def test_columns_are_begun_tried_changed_and_deleted_on_pages(sign_in: SignIn) -> None:
    office = sign_in("attendance.payroll")
    begun = office.get("/attendance/payroll/columns/new?begin=adp").text
    assert "Hours 3 Amount = hours double" in begun
    wrong = {"name": "A", "columns": "A = colour", "file_name": "{batch}.csv"}
    words = {
        "separator": "comma",
        "decimal_mark": "point",
        "day_format": "iso",
        "encoding": "utf-8",
    }
    refused = office.post("/attendance/payroll/columns", data=wrong | words)
    assert refused.status_code == 422
    assert "a text in quotes" in refused.text

    right = wrong | {"columns": "Who = name\r\nHow long = clock regular", "has_header": "y"}
    page = office.post("/attendance/payroll/columns", data=right | words)
    address = page.location
    shown = office.get(address).text
    assert "Replaces: each file" in shown
    assert "What becomes of real rows" in shown
    assert "A</option>" in office.get("/attendance/payroll/new").text
    assert office.post(f"{address}/removal").status_code == 303
    assert office.get(address).status_code == 404
    assert sign_in("attendance.view").get("/attendance/payroll/columns").status_code == 403


@pytest.mark.usefixtures("worked")
def test_a_program_writes_columns_down_and_gives_hours_by_them(app: Flask) -> None:
    headers = bearer("attendance.payroll")
    client, address = app.test_client(), "/api/v1/attendance/payroll-maps"
    body = {"name": "Ours", "columns": "N = number\nH = hours regular", "file_name": "h.csv"}

    bad = client.post(address, json=body | {"columns": "N = colour"}, headers=headers)
    made = client.post(address, json=body, headers=headers).get_json()
    days = {"from": FIRST.isoformat(), "to": LAST.isoformat()}
    seen = client.get(f"{address}/{made['id']}/preview", query_string=days, headers=headers)
    given = client.post(
        "/api/v1/attendance/payroll",
        json={"preset": made["preset"], "first_day": days["from"], "last_day": days["to"]},
        headers=headers,
    ).get_json()

    assert bad.status_code == 422
    assert "columns" in bad.get_json()["fields"]
    assert seen.get_json() == {"file_name": "h.csv", "text": "N,H\r\n1,8.00\r\n"}
    assert (given["preset"], given["program"]) == (f"map-{made['id']}", "Ours")
    gone = client.delete(f"{address}/{made['id']}", headers=headers)
    assert gone.status_code == 204
