"""Selects over employees, their contracts and the rules of counting."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Select,
    SQLColumnExpression,
    Text,
    case,
    func,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.orm import joinedload, selectinload

from app.attendance.models import Contract, Employee, RuleSet
from app.core.words import beginning, has_words, matching, values_in_use

EMPLOYEE_SORTS: Mapping[str, SQLColumnExpression[Any]] = {
    "number": func.normal_code(Employee.number),
    "name": Employee.name_key,
    "department": Employee.department,
    "hire_date": Employee.hire_date,
    "updated_at": Employee.updated_at,
}
RULE_SORTS: Mapping[str, SQLColumnExpression[Any]] = {"name": func.lower(RuleSet.name)}


def employees(
    *,
    search: str = "",
    department: str = "",
    is_employed: bool | None = None,
    today: date | None = None,
    updated_since: datetime | None = None,
) -> Select[Employee]:
    """Employees that a search and the filters given let through.

    `is_employed` asks who is on `today`; whoever is still to come is.
    """
    filters = {"department": department}
    found = select(Employee).where(*matching(Employee, filters, updated_since=updated_since))
    if is_employed is not None:
        is_there = or_(Employee.leave_date.is_(None), Employee.leave_date >= today)
        found = found.where(is_there if is_employed else ~is_there)
    return found.where(has_words(Employee.search, search)) if search.strip() else found


def employee(employee_id: int) -> Select[Employee]:
    """One employee."""
    return select(Employee).where(Employee.id == employee_id)


def employee_page(employee_id: int) -> Select[Employee]:
    """One employee with all that the page names."""
    return employee(employee_id).options(
        joinedload(Employee.user), selectinload(Employee.contracts)
    )


def employee_of_user(user_id: int) -> Select[Employee]:
    """The employee that a user is."""
    return select(Employee).where(Employee.user_id == user_id)


def other_employee_with_number(number: str, *, employee_id: int | None) -> Select[Employee]:
    """Another employee with this number, however it is written."""
    is_same = func.normal_code(Employee.number) == func.normal_code(number)
    return select(Employee).where(is_same, Employee.id.is_distinct_from(employee_id))


def employees_with_numbers(numbers: Collection[str]) -> Any:
    """Employees with some numbers, each beside the number as it was asked for."""
    asked = func.unnest(array(numbers, type_=Text())).table_valued("number").render_derived()
    is_same = func.normal_code(Employee.number) == func.normal_code(asked.c.number)
    return select(asked.c.number, Employee).join(Employee, is_same)


def employees_called(text: str) -> Select[Employee]:
    """Employees with this number, or with just this name; two are enough to be in doubt."""
    is_number = func.normal_code(Employee.number) == func.normal_code(text)
    same = or_(is_number, func.lower(Employee.name) == text.lower())
    return select(Employee).where(same).order_by(is_number.desc(), Employee.id)


def employees_offered(term: str, *, limit: int) -> Select[Employee]:
    """Employees to choose from for what was typed, those whose number it begins first."""
    found = employees(search=term)
    is_number = func.normal_code(Employee.number).like(func.normal_code(beginning(term)))
    return found.order_by(case((is_number, 0), else_=1), Employee.name_key).limit(limit)


def names_of(employee_ids: Iterable[int]) -> Select[int, str]:
    """The names of some employees."""
    return select(Employee.id, Employee.name).where(Employee.id.in_([*employee_ids]))


def departments_in_use() -> Select[str]:
    """The departments that employees are in, in order."""
    return values_in_use(Employee.department)


def contracts(employee_id: int) -> Select[Contract]:
    """The contracts of an employee, the newest first."""
    return (
        select(Contract)
        .where(Contract.employee_id == employee_id)
        .order_by(Contract.valid_from.desc())
    )


def contract(employee_id: int, contract_id: int) -> Select[Contract]:
    """One contract of an employee."""
    return select(Contract).where(
        Contract.employee_id == employee_id, Contract.id == contract_id
    )


def rule_sets() -> Select[RuleSet]:
    """All sets of rules, by name."""
    return select(RuleSet).order_by(func.lower(RuleSet.name))


def rule_set(rule_set_id: int) -> Select[RuleSet]:
    """One set of rules."""
    return select(RuleSet).where(RuleSet.id == rule_set_id)
