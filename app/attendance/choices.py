"""What comboboxes offer of attendance."""

from collections.abc import Sequence
from typing import Any

from app.attendance import queries, services
from app.attendance.models import Employee
from app.core.db import db
from app.core.forms import Named, RecordField
from app.core.pages.choices import MOST, Choice


def employee_choices(term: str, _about: int | None = None) -> list[Choice]:
    """Find employees by what was typed."""
    found = db.session.scalars(queries.employees_offered(term, limit=MOST))
    return [Choice(one.number, one.name, one.department) for one in found]


def employee_field(label: str, validators: Sequence[Any] = (), **more: Any) -> RecordField:
    """Make a field for an employee."""

    def find(text: str) -> int:
        return services.find_employee(text).id

    def named(employee_id: int) -> Named | None:
        employee = db.session.get(Employee, employee_id)
        return Named(employee.number, employee.name) if employee else None

    return RecordField(label, validators, find=find, named=named, **more)
