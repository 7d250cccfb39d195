"""Cards of employees: name and number, as a barcode or a QR code that a kiosk reads."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, func

from app.attendance import queries as attendance
from app.attendance.models import Employee
from app.core.db import db
from app.labels.drawing.contents import LabelContent
from app.labels.subjects.definition import Contents, LabelOptions, Subject


def contents(numbers: Sequence[str], _wanted: LabelOptions) -> Contents:
    """What the cards of the employees with these numbers say, however they are written."""
    if not numbers:
        return {}
    rows = db.session.execute(attendance.employees_with_numbers(numbers))
    return {number: _content(employee) for number, employee in rows}


def _content(employee: Employee) -> LabelContent:
    lines = (employee.department,) if employee.department else ()
    return LabelContent(
        code=employee.number, title=employee.name, lines=lines, picture=employee.photo_id
    )


def search(filters: Mapping[str, str]) -> Select[*tuple[Any, ...]]:
    """Employees as their list filters them."""
    is_employed = {"": True, "left": False}.get(filters.get("state", ""))
    found = attendance.employees(
        search=filters.get("search", ""),
        department=filters.get("department", ""),
        is_employed=is_employed,
        today=datetime.now(UTC).date(),
    )
    return found.with_only_columns(Employee.number, Employee.name).order_by(
        func.normal_code(Employee.number)
    )


EMPLOYEES = Subject(
    field="employee_number",
    label="Cards of employees",
    noun="employee number",
    permission="employees.view",
    contents=contents,
    search=search,
)
