"""Employees are hired and changed; nobody is deleted."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.attendance import queries
from app.attendance.models import Employee
from app.attendance.reckoning.holidays import UnknownPlace, check_place
from app.attendance.rules import parse_region, parse_zone
from app.attendance.services.deriving import BEGINNING, rederive
from app.attendance.services.staleness import BEGIN_OF_TIME, mark_stale
from app.core.checks import Rule, checked, named_when_taken, needed
from app.core.codes import parse_code
from app.core.countries import parse_country
from app.core.db import locked, transaction
from app.core.errors import AlreadyExists, Invalid
from app.core.settings import setting
from app.core.texts import parse_line

RULES: dict[str, Rule] = {
    "number": needed(parse_code),
    "name": needed(parse_line),
    "department": parse_line,
    "cost_centre": parse_line,
    "time_zone": needed(parse_zone),
    "country": parse_country,
    "region": parse_region,
}

# What sessions follow from.
COUNTED = {"time_zone", "hire_date", "leave_date"}
EXPECTED = {*COUNTED, "country", "region"}  # and what timesheets follow from


@named_when_taken
def create_employee(*, number: str, name: str, **values: Any) -> Employee:
    """Hire somebody; without a time zone theirs is the company's.

    Raises:
        AlreadyExists: Another employee has the number, or is the user.
        Invalid: A value does not fit.
    """
    values["time_zone"] = values.get("time_zone") or setting("time_zone")
    with transaction() as session:
        kept = checked({"number": number, "name": name, **values}, RULES)
        employee = Employee(**kept)
        _refuse_strange(session, employee, kept)
        session.add(employee)
        session.flush()
    return employee


@named_when_taken
def revise_employee(employee_id: int, *, version: int | None, **changes: Any) -> Employee:
    """Change an employee as they were in `version`; what is not given stays.

    Raises:
        StaleVersion: Somebody else was faster.
        AlreadyExists: Another employee has the number, or is the user.
        Invalid: A value does not fit.
    """
    kept = checked(changes, RULES)
    with transaction() as session:
        employee = session.scalars(locked(queries.employee(employee_id), Employee)).one()
        with session.no_autoflush:
            new = employee.revise(version=version, **kept)
            _refuse_strange(session, employee, new)
        session.flush()
        if COUNTED & new.keys():
            rederive(session, {employee.id: BEGINNING})
        if EXPECTED & new.keys():
            mark_stale(session, {employee.id: BEGIN_OF_TIME})
    return employee


def find_employee(text: str) -> Employee:
    """Give the employee with this number, or the only one so named.

    Raises:
        Invalid: There is none, or more than one.
    """
    with transaction() as session:
        found = session.scalars(queries.employees_called(text).limit(2)).all()
        if not found:
            raise Invalid("employee", "No employee has this number or this name.")
        exact = session.scalar(select(func.normal_code(text)))
        is_number = session.scalar(select(func.normal_code(found[0].number))) == exact
        if len(found) > 1 and not is_number:
            raise Invalid("employee", f"Several people are called {text}: give a number.")
    return found[0]


def _refuse_strange(session: Session, employee: Employee, new: dict[str, Any]) -> None:
    """Refuse what is taken, what is out of order, and places nobody knows."""
    if "number" in new:
        same = queries.other_employee_with_number(new["number"], employee_id=employee.id)
        if other := session.scalars(same).one_or_none():
            raise AlreadyExists("number", f"{other.number} is {other.name} already.")
    if new.get("user_id") is not None:
        _refuse_user(session, employee, new["user_id"])
    if employee.leave_date is not None and employee.leave_date < employee.hire_date:
        raise Invalid("leave_date", "The last day is not before the first.")
    if {"country", "region"} & new.keys():
        try:
            check_place(employee.country or "", employee.region or "")
        except UnknownPlace as error:
            raise Invalid("region", str(error)) from error


def _refuse_user(session: Session, employee: Employee, user_id: int) -> None:
    if session.scalar(select(User.id).where(User.id == user_id)) is None:
        raise Invalid("user_id", "There is no such user.")
    taken = select(Employee).where(
        Employee.user_id == user_id, Employee.id.is_distinct_from(employee.id)
    )
    if other := session.scalars(taken).one_or_none():
        raise AlreadyExists("user_id", f"This user is {other.name} ({other.number}) already.")
