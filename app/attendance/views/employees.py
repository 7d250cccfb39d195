"""Employees: the list, the page of one, and their contracts."""

from datetime import datetime
from functools import partial
from typing import Any

from flask import Blueprint, url_for
from sqlalchemy import Select

from app.attendance import queries, services
from app.attendance.forms import AllowanceForm, ContractForm, EmployeeForm
from app.attendance.models import Employee
from app.attendance.views.photos import photo_actions, show_photo
from app.core.countries import countries
from app.core.db import db
from app.core.pages import (
    Action,
    Asked,
    Choice,
    Column,
    Link,
    ListPage,
    Nothing,
    RecordLink,
    RecordPage,
    Resource,
    Search,
    Segments,
)
from app.core.settings import setting
from app.core.web import zone

bp = Blueprint("employees", __name__, url_prefix="/employees")

STATES: dict[str, bool | None] = {"": True, "left": False, "all": None}
NEW = Link(
    label="New employee",
    endpoint="employees.new",
    permission="employees.edit",
    kind="primary",
    icon="plus",
)


def _employees(asked: Asked) -> Select[Any]:
    return queries.employees(
        search=asked["search"],
        department=asked["department"],
        is_employed=STATES[asked["state"]],
        today=datetime.now(zone()).date(),
    )


def _departments() -> list[tuple[str, str]]:
    return [(name, name) for name in db.session.scalars(queries.departments_in_use())]


EMPLOYEES = ListPage(
    name="employees",
    title="Employees",
    permission="employees.view",
    query=_employees,
    key=Employee.id,
    sort="name",
    href=lambda employee: url_for("employees.show", employee_id=employee.id),
    filters=(
        Search(label="Name, number or department"),
        Choice(
            name="department",
            label="Department",
            options=_departments,
            everything="All departments",
        ),
        Segments(
            name="state",
            label="State",
            options={"left": "Left", "all": "All"},
            everything="Employed",
            words={"all": "Employed and left"},
        ),
    ),
    columns=(
        Column(
            name="number", title="Number", kind="code", sort=queries.EMPLOYEE_SORTS["number"]
        ),
        Column(
            name="name",
            title="Name",
            sort=queries.EMPLOYEE_SORTS["name"],
            place="name",
            is_link=True,
            is_required=True,
        ),
        Column(
            name="department",
            title="Department",
            sort=queries.EMPLOYEE_SORTS["department"],
            place="meta",
        ),
        Column(name="cost_centre", title="Cost centre", place="wide desk"),
        Column(name="time_zone", title="Time zone", place="wide desk"),
        Column(
            name="hire_date",
            title="First day",
            kind="day",
            sort=queries.EMPLOYEE_SORTS["hire_date"],
            place="figure",
        ),
        Column(name="leave_date", title="Last day", kind="day", place="wide desk"),
        Column(
            name="updated_at",
            title="Changed",
            kind="moment",
            sort=queries.EMPLOYEE_SORTS["updated_at"],
            place="wide desk",
            is_shown=False,
        ),
    ),
    links=(
        Link(
            label="Rules",
            endpoint="attendance_rules.index",
            permission="employees.view",
            icon="settings",
        ),
        NEW,
    ),
    importer="employees",
    events=("employee:changed",),
    nouns=("employee", "employees"),
    unmatched=Nothing(
        title="Nobody matches.",
        advice="Try fewer letters or another filter.",
        action="Show all employees",
    ),
    nothing=Nothing(
        title="No employees yet.",
        advice="Add the first one, or import a file.",
        link=NEW,
        icon="users",
    ),
)

EMPLOYEE = Resource(
    name="employee",
    area="employees",
    query=queries.employee,
    rule="/<int:employee_id>",
    keys={"employee_id": "id"},
    event="employee:changed",
)
CONTRACT = Resource(
    name="contract",
    area="employees",
    query=queries.contract,
    rule="/<int:employee_id>/contracts/<int:contract_id>",
    keys={"employee_id": "employee_id", "contract_id": "id"},
    event="employee:changed",
)


def _begin(form: EmployeeForm, _employee: None) -> None:
    form.time_zone.data = form.time_zone.data or setting("time_zone")


def _offer_rules(form: ContractForm, _record: Any) -> None:
    found = db.session.scalars(queries.rule_sets())
    form.rule_set_id.choices = [(one.id, one.name) for one in found]


def _begin_contract(form: ContractForm, employee: Employee) -> None:
    """Begin with what holds now, which mostly changes in one point."""
    last = db.session.scalars(queries.contracts(employee.id).limit(1)).one_or_none()
    form.currency.data = last.currency if last else setting("currency")
    if last is None:
        form.valid_from.data = employee.hire_date
        return
    form.weekly_hours.data, form.rule_set_id.data = last.weekly_hours, last.rule_set_id
    if "rate" in form:
        form.rate.data = last.rate


def _offer_types(form: AllowanceForm, _employee: Employee) -> None:
    form.type_id.choices = [
        (one.id, one.name) for one in services.absence_types_offered() if one.has_allowance
    ]


def _begin_allowance(form: AllowanceForm, _employee: Employee) -> None:
    form.year.data = datetime.now(zone()).year


_written = partial(
    Action,
    resource=EMPLOYEE,
    permission="employees.edit",
    form=EmployeeForm,
    fields="attendance/employees/_fields.html",
    is_wide=True,
    is_page=True,
    leaves=True,
)
create = _written(
    name="create",
    is_new=True,
    title="New employee",
    fill=_begin,
    act=services.create_employee,
    done="{0.name} added.",
    choice=lambda employee: (employee.number, employee.name),
)
update = _written(
    name="update",
    title="Edit",
    heading="Edit employee",
    subtitle="{0.number} {0.name}",
    page_title="Edit {0.name}",
    act=services.revise_employee,
    done="{0.name} saved.",
    kind="primary",
    icon="edit",
)
create_contract = Action(
    resource=EMPLOYEE,
    name="create_contract",
    path="/contracts",
    permission="employees.edit",
    title="New contract",
    subtitle="What holds for {0.name} from a day on. What held before stays as it was.",
    submit="Save",
    form=ContractForm,
    offer=_offer_rules,
    fill=_begin_contract,
    act=services.create_contract,
    done="The contract from {1.valid_from} is kept.",
    icon="plus",
)
update_contract = Action(
    resource=CONTRACT,
    name="update_contract",
    permission="employees.edit",
    title="Edit",
    heading="Edit contract",
    subtitle="Put it right. Where terms change, make a new one.",
    page_title="Edit the contract from {0.valid_from}",
    form=ContractForm,
    offer=_offer_rules,
    act=services.revise_contract,
    done="The contract from {0.valid_from} is saved.",
    to=lambda contract: url_for("employees.show", employee_id=contract.employee_id),
)

create_allowance = Action(
    resource=EMPLOYEE,
    name="create_allowance",
    path="/allowances",
    permission="attendance.approve",
    title="Set days to be away",
    subtitle="How many days of a type {0.name} has in a year.",
    submit="Set",
    form=AllowanceForm,
    offer=_offer_types,
    fill=_begin_allowance,
    act=services.set_allowance,
    done="The days are set.",
    icon="calendar",
)

photo = photo_actions(EMPLOYEE)

employee_page = RecordPage(
    resource=EMPLOYEE,
    query=queries.employee_page,
    permission="employees.view",
    heading="{0.name}",
    subtitle="{0.number}",
    crumbs=lambda _employee: [("Employees", url_for("employees.index"))],
    buttons=(
        update,
        RecordLink(
            label="Timesheet",
            href=lambda employee: url_for("timesheets.show", employee_id=employee.id),
            permission="attendance.view",
            icon="clock",
        ),
        RecordLink(
            label="Cards",
            href=lambda employee: url_for("enrolment.show", employee_id=employee.id),
            permission="attendance.enrol",
            icon="key",
        ),
        RecordLink(
            label="What is kept",
            href=lambda employee: url_for("employees.show_kept_of", employee_id=employee.id),
            permission="employees.edit",
            icon="list",
        ),
    ),
    body="attendance/employees/_employee.html",
    context=lambda employee: {
        "countries": countries(),
        "photo": photo,
        "create_contract": create_contract,
        "create_allowance": create_allowance,
        "allowances": services.allowances_of(employee.id),
        "update_contract": update_contract,
    },
    labels={"user_id": "User", "cost_centre": "Cost centre", "photo_id": "Photo"},
)

bp.get("/<int:employee_id>/photo")(show_photo)
EMPLOYEES.add_to(bp)
employee_page.add_to(bp)
for action in (create, update, *photo, create_contract, update_contract, create_allowance):
    action.add_to(bp)
