"""What is kept of somebody: a page to read, and a file to take along."""

from datetime import UTC, datetime
from typing import Any

import msgspec
from flask import abort, url_for
from flask_login import current_user
from werkzeug import Response

from app.attendance import queries, services
from app.attendance.models import Employee
from app.attendance.permissions import OWN
from app.attendance.views.employees import bp as employees
from app.attendance.views.mine import bp as my_time
from app.core.permissions import requires
from app.core.web import one_or_404, render

SHOWN = 20  # rows of each kind; the file has all of them
FILE = "what-is-kept.json"


@my_time.get("/kept")
@requires(OWN)
def show_kept() -> Response:
    """Show what is kept of oneself."""
    crumbs = [("My time", url_for("my_time.show"))]
    return _page(_myself(), url_for("my_time.export_kept"), crumbs, is_own=True)


@my_time.get(f"/{FILE}")
@requires(OWN)
def export_kept() -> Response:
    """Give all of it as a file."""
    return _file(_myself(), is_own=True)


@employees.get("/<int:employee_id>/kept")
@requires("employees.edit")
def show_kept_of(employee_id: int) -> Response:
    """Show what is kept of an employee: not all of them are users."""
    employee = one_or_404(queries.employee(employee_id))
    address = url_for("employees.export_kept_of", employee_id=employee_id)
    page = url_for("employees.show", employee_id=employee_id)
    return _page(
        employee, address, [("Employees", url_for("employees.index")), (employee.name, page)]
    )


@employees.get(f"/<int:employee_id>/{FILE}")
@requires("employees.edit")
def export_kept_of(employee_id: int) -> Response:
    """Give all that is kept of an employee as a file."""
    return _file(one_or_404(queries.employee(employee_id)))


def _myself() -> Employee:
    return services.my_employee(current_user.id) or abort(404)


def _page(
    employee: Employee, address: str, crumbs: list[tuple[str, str]], *, is_own: bool = False
) -> Response:
    return render(
        "attendance/kept/show.html",
        fragment="record",
        employee=employee,
        parts=services.what_is_kept(employee, is_own=is_own, most=SHOWN),
        since=services.kept_since(employee, datetime.now(UTC).date()),
        address=address,
        crumbs=crumbs,
        text=_text,
        is_moment=lambda value: isinstance(value, datetime),
    )


def _text(value: Any) -> str:
    """Write a value of any table for people."""
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_text(part)}" for name, part in value.items() if part)
    if isinstance(value, list):
        return " → ".join(_text(one) or "—" for one in value)
    return "" if value is None else str(value)


def _file(employee: Employee, *, is_own: bool = False) -> Response:
    content = msgspec.json.encode(services.everything_kept(employee, is_own=is_own))
    answer = Response(msgspec.json.format(content, indent=2), mimetype="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="{FILE}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
