"""Employees and their contracts for programs."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import marshmallow as ma
from flask import url_for
from flask_smorest.fields import Upload

from app.attendance import queries, services
from app.attendance.api.schemas import KeptSchema
from app.attendance.models import Contract, Employee
from app.attendance.permissions import RATES
from app.attendance.rules import parse_region, parse_zone
from app.core.api import Blueprint, PageQuery, Sort, asked_version, page_of, page_schema
from app.core.checks import needed
from app.core.codes import parse_code
from app.core.countries import parse_country
from app.core.currencies import parse_currency
from app.core.db import db
from app.core.idempotency import idempotent
from app.core.permissions import may_see, requires
from app.core.pictures import LARGEST_UPLOAD
from app.core.quantities import LARGEST_QUANTITY, MONEY_DECIMALS, QUANTITY_DECIMALS, plain
from app.core.schemas import Text, for_changes, for_new, versioned
from app.core.texts import parse_line
from app.core.web import one_or_404

bp = Blueprint(
    "enrollment_api", __name__, url_prefix="/api/v1/enrollment", description="Enrollment"
)

HOURS_A_WEEK = 168


class PhotoSchema(ma.Schema):
    """A photo."""

    photo = Upload(required=True, metadata={"description": "PNG, JPEG or WebP; 10 MB at most"})


class Hours(ma.fields.Decimal):
    """Hours as a decimal string."""

    def __init__(self, *, most: int, **kwargs: Any) -> None:
        super().__init__(as_string=True, validate=self._check, **kwargs)
        self.most = most

    def _serialize(self, value: Decimal | None, *_rest: Any, **_more: Any) -> str | None:
        return None if value is None else plain(value)

    def _check(self, number: Decimal) -> None:
        if not 0 <= number <= self.most:
            raise ma.ValidationError(f"From 0 to {self.most}.")
        if number != round(number, QUANTITY_DECIMALS):
            raise ma.ValidationError(f"At most {QUANTITY_DECIMALS} decimals.")


class Rate(ma.fields.Decimal):
    """What an hour is paid: null for whoever may not see it, and then not to be changed."""

    def __init__(self, **kwargs: Any) -> None:
        told = {"description": f"Null without the permission {RATES}; sent back, it stays"}
        super().__init__(
            as_string=True, allow_none=True, validate=self._check, metadata=told, **kwargs
        )

    def _check(self, number: Decimal) -> None:
        if not 0 <= number < LARGEST_QUANTITY or number != round(number, MONEY_DECIMALS):
            raise ma.ValidationError(f"Zero or more, with at most {MONEY_DECIMALS} decimals.")

    def _serialize(self, value: Decimal | None, *_rest: Any, **_more: Any) -> str | None:
        return None if value is None or not may_see(RATES) else plain(value)

    def deserialize(self, value: Any, *rest: Any, **more: Any) -> Any:
        """Read what is sent; whoever may not see rates can only send the null they got."""
        if may_see(RATES) or value is ma.missing:
            return super().deserialize(value, *rest, **more)
        if value is not None:
            raise ma.ValidationError("You are not allowed to see or set rates.")
        return ma.missing


class EmployeeSchema(ma.Schema):
    """Somebody whose time is kept; `leave_date` is the last day."""

    id = ma.fields.Int(dump_only=True)
    number = Text(needed(parse_code), required=True)
    name = Text(needed(parse_line), required=True)
    user_id = ma.fields.Int(strict=True, allow_none=True)
    department = Text(parse_line)
    cost_centre = Text(parse_line)
    time_zone = Text(parse_zone, metadata={"description": "Such as Europe/Berlin"})
    country = Text(parse_country, metadata={"description": "ISO 3166-1: two letters"})
    region = Text(parse_region, metadata={"description": "Of ISO 3166-2 the second part: BY"})
    hire_date = ma.fields.Date(required=True)
    leave_date = ma.fields.Date(allow_none=True)
    photo_url = ma.fields.Function(
        lambda one: f"/files/{one.photo_id}" if one.photo_id else None,
        dump_only=True,
        metadata={"type": ["string", "null"]},
    )
    version = ma.fields.Int(strict=True, metadata={"description": "The one you have read"})
    created_at = ma.fields.DateTime(dump_only=True)
    updated_at = ma.fields.DateTime(dump_only=True)


class ContractSchema(ma.Schema):
    """What holds for an employee from a day on, until the next contract."""

    id = ma.fields.Int(dump_only=True)
    employee_id = ma.fields.Int(dump_only=True)
    valid_from = ma.fields.Date(required=True)
    weekly_hours = Hours(most=HOURS_A_WEEK, required=True)
    rule_set_id = ma.fields.Int(strict=True, required=True)
    rate = Rate()
    currency = Text(parse_currency, metadata={"description": "ISO 4217: three letters"})
    version = ma.fields.Int(strict=True, metadata={"description": "The one you have read"})
    created_at = ma.fields.DateTime(dump_only=True)
    updated_at = ma.fields.DateTime(dump_only=True)


class ContractsSchema(ma.Schema):
    """The contracts of an employee, the newest first."""

    items = ma.fields.List(ma.fields.Nested(ContractSchema), required=True)


class EmployeeQuery(PageQuery):
    """Filters of the list."""

    sort = Sort(queries.EMPLOYEE_SORTS)
    q = ma.fields.Str(load_default="", metadata={"description": "Words of name or number"})
    department = Text(parse_line, load_default="")
    is_employed = ma.fields.Bool(load_default=None)
    updated_since = ma.fields.AwareDateTime(load_default=None)


@bp.get("/employees")
@requires("employees.view")
@bp.arguments(EmployeeQuery, location="query")
@bp.response(200, page_schema(EmployeeSchema))
def list_employees(query: dict[str, Any]) -> dict[str, Any]:
    """List them; `sort` is one of number, name, department, hire_date and updated_at."""
    paging = {name: query.pop(name) for name in ("page", "per_page", "sort")}
    found = queries.employees(search=query.pop("q"), today=datetime.now(UTC).date(), **query)
    return page_of(found, paging, sorts=queries.EMPLOYEE_SORTS)


@bp.post("/employees")
@requires("employees.edit")
@idempotent
@bp.arguments(for_new(EmployeeSchema))
@bp.response(201, EmployeeSchema)
@bp.alt_response(409, description="The number is taken, or the user")
def create_employee(values: dict[str, Any]) -> tuple[Employee, int, dict[str, str]]:
    """Hire somebody."""
    employee = services.create_employee(**values)
    location = url_for("enrollment_api.get_employee", employee_id=employee.id)
    return employee, 201, {"Location": location, **versioned(employee)}


@bp.get("/employees/<int:employee_id>")
@requires("employees.view")
@bp.response(200, EmployeeSchema)
def get_employee(employee_id: int) -> tuple[Employee, int, dict[str, str]]:
    """Show one. The ETag is the version that a change is based on."""
    employee = one_or_404(queries.employee(employee_id))
    return employee, 200, versioned(employee)


@bp.put("/employees/<int:employee_id>")
@requires("employees.edit")
@idempotent
@bp.arguments(for_changes(EmployeeSchema))
@bp.response(200, EmployeeSchema)
@bp.alt_response(409, description="A stale version, or a number or a user that is taken")
def update_employee(
    changes: dict[str, Any], employee_id: int
) -> tuple[Employee, int, dict[str, str]]:
    """Change one; fields that are not sent stay as they are.

    With `version`, or the version as `If-Match`, only if nobody has changed it since.
    """
    one_or_404(queries.employee(employee_id))
    version = asked_version(changes)
    employee = services.revise_employee(employee_id, version=version, **changes)
    return employee, 200, versioned(employee)


@bp.post("/employees/<int:employee_id>/photo")
@requires("employees.edit")
@idempotent
@bp.arguments(PhotoSchema, location="files")
@bp.response(200, EmployeeSchema)
def set_photo(files: dict[str, Any], employee_id: int) -> Employee:
    """Give an employee a photo, in place of the one they had. It is written anew, as JPEG."""
    one_or_404(queries.employee(employee_id))
    services.set_photo(employee_id, photo=files["photo"].read(LARGEST_UPLOAD + 1))
    return one_or_404(queries.employee(employee_id))


@bp.delete("/employees/<int:employee_id>/photo")
@requires("employees.edit")
@idempotent
@bp.response(204)
def remove_photo(employee_id: int) -> None:
    """Take the photo away from an employee."""
    one_or_404(queries.employee(employee_id))
    services.remove_photo(employee_id)


@bp.get("/employees/<int:employee_id>/kept")
@requires("employees.edit")
@bp.response(200, KeptSchema)
def get_kept(employee_id: int) -> dict[str, Any]:
    """Give all that is kept of an employee; rates only to who may see them."""
    return services.everything_kept(one_or_404(queries.employee(employee_id)))


@bp.get("/employees/<int:employee_id>/contracts")
@requires("employees.view")
@bp.response(200, ContractsSchema)
def list_contracts(employee_id: int) -> dict[str, Any]:
    """List the contracts of an employee, the newest first."""
    one_or_404(queries.employee(employee_id))
    return {"items": db.session.scalars(queries.contracts(employee_id)).all()}


@bp.post("/employees/<int:employee_id>/contracts")
@requires("employees.edit")
@idempotent
@bp.arguments(for_new(ContractSchema))
@bp.response(201, ContractSchema)
@bp.alt_response(409, description="Another contract begins on this day")
def create_contract(values: dict[str, Any], employee_id: int) -> Contract:
    """Let a contract hold from a day on."""
    one_or_404(queries.employee(employee_id))
    return services.create_contract(employee_id, **values)


@bp.get("/employees/<int:employee_id>/contracts/<int:contract_id>")
@requires("employees.view")
@bp.response(200, ContractSchema)
def get_contract(employee_id: int, contract_id: int) -> Contract:
    """Show one contract."""
    return one_or_404(queries.contract(employee_id, contract_id))


@bp.put("/employees/<int:employee_id>/contracts/<int:contract_id>")
@requires("employees.edit")
@idempotent
@bp.arguments(for_changes(ContractSchema))
@bp.response(200, ContractSchema)
@bp.alt_response(409, description="A stale version, or another contract begins on this day")
def update_contract(changes: dict[str, Any], employee_id: int, contract_id: int) -> Contract:
    """Put a contract right. A change of terms is a new contract."""
    one_or_404(queries.contract(employee_id, contract_id))
    version = asked_version(changes)
    return services.revise_contract(employee_id, contract_id, version=version, **changes)
