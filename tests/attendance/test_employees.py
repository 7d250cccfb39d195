"""Employees and their contracts: pages, calls, files."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.services import create_token
from app.attendance import services
from app.attendance.models import Contract, Employee
from app.core.audit import AuditEntry
from app.core.errors import AlreadyExists, Invalid
from tests.attendance.factories import ContractFactory, EmployeeFactory, standard_rules
from tests.conftest import SignIn
from tests.factories import RoleFactory, UserFactory
from tests.imports.samples import counts, errors, imported

HTMX = {"HX-Request": "true"}
ADA = {
    "name": "Ada Lovelace",
    "number": "A-1",
    "time_zone": "Europe/London",
    "hire_date": "2026-11-02",
    "country": "GB",
    "region": "SCT",
}


def bearer(*permissions: str) -> dict[str, str]:
    user = UserFactory.create(role=RoleFactory.create(permissions=list(permissions)))
    return {"Authorization": f"Bearer {create_token(user, name='test')}"}


def test_somebody_is_hired_on_a_page_and_found_by_part_of_the_name(sign_in: SignIn) -> None:
    client = sign_in("employees.view", "employees.edit")

    made = client.post("/employees", data=ADA)
    shown = client.get("/employees", query_string={"search": "lovel"}, headers=HTMX).text

    assert made.status_code == 303
    assert "Ada Lovelace" in client.get(made.location).text
    assert "<html" not in shown
    assert "Ada Lovelace" in shown


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("time_zone", "Mars/Olympus", "not a time zone"),
        ("region", "BY", "no region of GB"),
        ("leave_date", "2026-11-01", "not before the first"),
        ("number", "", "This is needed."),
        ("user_id", "nobody", "No user has this"),
    ],
)
def test_what_does_not_fit_is_said_beside_its_field(
    sign_in: SignIn, field: str, value: str, says: str
) -> None:
    answer = sign_in("employees.view", "employees.edit").post(
        "/employees", data=ADA | {field: value}
    )

    assert answer.status_code == 422
    assert says in answer.text


def test_without_the_permission_nobody_is_seen_or_hired(sign_in: SignIn) -> None:
    client = sign_in("employees.view")

    assert sign_in("stock.view").get("/employees").status_code == 403
    assert client.post("/employees", data=ADA).status_code == 403
    assert "New employee" not in client.get("/employees").text


def test_a_number_is_one_however_it_is_written(session: Session) -> None:
    EmployeeFactory.create(number="a-7", name="Grace")

    with pytest.raises(AlreadyExists, match="a-7 is Grace already"):
        services.create_employee(number=" A-7 ", name="Ann", hire_date=date(2026, 1, 1))


def test_one_user_is_one_employee(session: Session) -> None:
    user = UserFactory.create()
    EmployeeFactory.create(name="Grace", user=user)

    with pytest.raises(AlreadyExists, match="Grace"):
        services.create_employee(
            number="9", name="Ann", hire_date=date(2026, 1, 1), user_id=user.id
        )


def test_who_has_left_is_found_only_when_asked_for(sign_in: SignIn) -> None:
    EmployeeFactory.create(name="Gone Long", leave_date=date(2021, 1, 1))
    EmployeeFactory.create(name="Here Still")

    client = sign_in("employees.view")

    assert "Gone Long" not in client.get("/employees").text
    assert "Gone Long" in client.get("/employees?state=left").text
    assert "Here Still" not in client.get("/employees?state=left").text


def test_a_new_contract_leaves_the_one_before_as_it_was(
    sign_in: SignIn, session: Session
) -> None:
    old = ContractFactory.create(weekly_hours=Decimal(40))
    client = sign_in("employees.view", "employees.edit", "employees.rates")
    fields = {
        "valid_from": "2026-07-01",
        "weekly_hours": "32.5",
        "rule_set_id": str(old.rule_set_id),
        "rate": "21.50",
        "currency": "EUR",
    }

    answer = client.post(f"/employees/{old.employee_id}/contracts", data=fields)

    session.expire_all()
    kept = session.scalars(select(Contract).order_by(Contract.valid_from)).all()
    assert answer.status_code == 303
    assert [(c.weekly_hours, c.rate) for c in kept] == [(40, None), (Decimal("32.5"), 21.5)]


def test_two_contracts_never_begin_on_one_day(session: Session) -> None:
    old = ContractFactory.create()

    with pytest.raises(AlreadyExists):
        services.create_contract(
            old.employee_id,
            valid_from=old.valid_from,
            weekly_hours=Decimal(20),
            rule_set_id=old.rule_set_id,
        )


def test_rules_refuse_double_time_before_overtime(session: Session) -> None:
    with pytest.raises(Invalid, match="Later than"):
        services.create_rule_set(name="California", daily_overtime=480, daily_double=480)


def test_a_program_hires_changes_and_reads_with_the_version(
    sign_in: SignIn, session: Session
) -> None:
    client: Any = sign_in()
    token = bearer("employees.view", "employees.edit")

    made = client.post("/api/v1/enrollment/employees", json=ADA, headers=token)
    address = made.headers["Location"]
    one = {"department": "Mill", "version": 1}
    changed = client.put(address, json=one, headers=token)
    stale = client.put(address, json={"department": "Yard", "version": 1}, headers=token)

    assert made.status_code == 201
    assert changed.json["version"] == 2
    assert stale.status_code == 409
    assert client.get(address, headers=token).json["department"] == "Mill"


def test_a_rate_is_told_only_to_who_may_see_it(sign_in: SignIn, session: Session) -> None:
    contract = ContractFactory.create(rate=Decimal(30))
    address = f"/api/v1/enrollment/employees/{contract.employee_id}/contracts"
    client: Any = sign_in()
    blind = bearer("employees.view", "employees.edit")

    seen = client.get(address, headers=bearer("employees.view", "employees.rates"))
    hidden = client.get(address, headers=blind)
    one = f"{address}/{contract.id}"
    kept = client.put(one, json=client.get(one, headers=blind).json, headers=blind)
    refused = client.put(one, json={"rate": "1"}, headers=blind)

    session.expire_all()
    assert seen.json["items"][0]["rate"] == "30"
    assert hidden.json["items"][0]["rate"] is None
    assert (kept.status_code, refused.status_code) == (200, 422)
    assert session.get_one(Contract, contract.id).rate == 30


def test_a_page_shows_rates_only_to_who_may_see_them(sign_in: SignIn) -> None:
    contract = ContractFactory.create(rate=Decimal("31.99"))
    address = f"/employees/{contract.employee_id}"

    assert "31.99" not in sign_in("employees.view").get(address).text
    assert "31.99" in sign_in("employees.view", "employees.rates").get(address).text


def test_employees_come_from_a_file_and_are_matched_by_number(session: Session) -> None:
    robin = UserFactory.create(username="robin")
    EmployeeFactory.create(number="e-1", name="Old", department="Mill")
    header = "Personalnummer", "Name", "Hire date", "Kostenstelle", "Login", "Country", "Region"

    result = imported(
        "employees",
        header,
        ("E-1", "New", "", "K7", "", "", ""),
        ("E-2", "Robin", "2026-03-01", "", "ROBIN", "DE", "by"),
        ("E-3", "Nobody", "2026-03-01", "", "who", "", ""),
        ("E-4", "Strange", "2026-03-01", "", "", "DE", "XX"),
        ("E-5", "Dateless", "", "", "", "", ""),
    )

    session.expire_all()
    known = {one.number: one for one in session.scalars(select(Employee))}
    assert counts(result) == (1, 1, 0, 3)
    assert [field for _row, field, _why in errors(result)] == [
        "username",
        "region",
        "hire_date",
    ]
    assert (known["e-1"].name, known["e-1"].department) == ("New", "Mill")
    assert (known["E-2"].user_id, known["E-2"].region) == (robin.id, "BY")
    assert known["E-2"].time_zone == "UTC"


def test_the_same_employees_twice_change_nothing(session: Session) -> None:
    rows = ("Number", "Name", "Hire date"), ("1", "Ada", "2026-01-02")
    imported("employees", *rows)

    assert counts(imported("employees", *rows)) == (0, 0, 1, 0)


def test_what_is_exported_is_what_is_imported(sign_in: SignIn) -> None:
    EmployeeFactory.create(number="77", name="Grace", department="Yard")
    EmployeeFactory.create(number="78", name="Ada", department="Mill")

    client = sign_in("employees.view", "employees.import")
    file = client.get("/exports/employees.csv?department=Yard").text

    assert "77" in file
    assert "Ada" not in file


def test_changes_are_told_in_the_history(client_office: Any, session: Session) -> None:
    employee = EmployeeFactory.create(department="Mill")

    services.revise_employee(employee.id, version=1, department="Yard")

    entry = session.scalars(
        select(AuditEntry).where(
            AuditEntry.record_type == "employee", AuditEntry.action == "changed"
        )
    ).one()
    assert entry.changes["department"] == ["Mill", "Yard"]
    assert "Mill" in client_office.get(f"/employees/{employee.id}").text


def test_rules_are_made_on_a_page_and_by_a_program(
    client_office: Any, session: Session
) -> None:
    token = bearer("employees.view", "employees.edit")
    fields = {
        "name": "Yard",
        "rounds": "punches",
        "rounding": "down",
        "rounding_minutes": "15",
        "break_rule": "german",
        "break_after": "360",
        "break_minutes": "30",
        "week_start": "0",
        "overtime_percent": "125",
        "double_percent": "200",
        "rest_day_percent": "150",
        "holiday_percent": "200",
        "night_begin": "22:00",
        "night_end": "06:00",
        **dict.fromkeys(("night_percent", "deep_night_percent"), "25"),
        **dict.fromkeys(("sunday_percent", "holiday_band_percent"), "50"),
        "rest_days": ["5", "6"],
        "pairing": "pairs",
        "overtime_goes": "paid",
    }

    made = client_office.post("/attendance/rules", data=fields)
    again = client_office.post("/attendance/rules", data=fields | {"name": "YARD"})
    page = client_office.get(made.location).text
    listed = client_office.get("/api/v1/attendance/rules", headers=token).json["items"]

    assert made.status_code == 303
    assert again.status_code == 422
    assert "Saturday, Sunday" in page
    yard = next(one for one in listed if one["name"] == "Yard")
    assert (yard["rounding_minutes"], yard["night_begin"]) == (15, "22:00:00")
    address = f"/api/v1/attendance/rules/{yard['id']}"
    both = {"daily_overtime": 480, "weekly_overtime": 2400}
    assert client_office.put(address, json=both, headers=token).json["daily_overtime"] == 480


@pytest.fixture
def client_office(sign_in: SignIn) -> FlaskClient:
    return sign_in("employees.view", "employees.edit")


def test_an_installation_begins_with_rules(session: Session) -> None:
    assert standard_rules().name == services.STANDARD
