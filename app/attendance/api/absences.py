"""Absences, their types and allowances, for programs."""

from typing import Any

import marshmallow as ma

from app.attendance import queries, services
from app.attendance.models import REQUEST_STATES, Absence, AbsenceType, Allowance
from app.core.api import (
    Blueprint,
    PageQuery,
    Sort,
    asked_version,
    page_of,
    page_schema,
    sorted_query,
)
from app.core.checks import needed
from app.core.db import db
from app.core.idempotency import idempotent
from app.core.permissions import requires
from app.core.schemas import Text, for_changes, for_new
from app.core.texts import parse_line
from app.core.web import one_or_404

bp = Blueprint(
    "absences_api",
    __name__,
    url_prefix="/api/v1/attendance",
    description="Attendance",
)
DECIDED = "It waits for approval no more (not_allowed), or its days are locked (period_locked)"


class AbsenceTypeSchema(ma.Schema):
    """A reason to be away."""

    id = ma.fields.Int(dump_only=True)
    name = Text(needed(parse_line), required=True)
    is_paid = ma.fields.Bool()
    has_allowance = ma.fields.Bool()
    is_active = ma.fields.Bool()
    version = ma.fields.Int(strict=True, metadata={"description": "The one you have read"})
    created_at = ma.fields.DateTime(dump_only=True)
    updated_at = ma.fields.DateTime(dump_only=True)


class AbsenceSchema(ma.Schema):
    """Somebody is away."""

    id = ma.fields.Int()
    employee_id = ma.fields.Int()
    type_id = ma.fields.Int()
    type = ma.fields.Str(attribute="type.name")
    first_day = ma.fields.Date()
    last_day = ma.fields.Date()
    is_first_half = ma.fields.Bool()
    is_last_half = ma.fields.Bool()
    reason = ma.fields.Str()
    state = ma.fields.Str(validate=ma.validate.OneOf([*REQUEST_STATES]))
    requested_by_id = ma.fields.Int(allow_none=True)
    decided_by_id = ma.fields.Int(allow_none=True)
    decided_at = ma.fields.AwareDateTime(allow_none=True)
    answer = ma.fields.Str()


class NewAbsenceSchema(ma.Schema):
    """Days to be away; `is_approved` counts at once."""

    employee_id = ma.fields.Int(required=True, strict=True)
    type_id = ma.fields.Int(required=True, strict=True)
    first_day = ma.fields.Date(required=True)
    last_day = ma.fields.Date(required=True)
    is_first_half = ma.fields.Bool(load_default=False)
    is_last_half = ma.fields.Bool(load_default=False)
    reason = Text(parse_line, load_default="")
    is_approved = ma.fields.Bool(load_default=True)


class AbsenceDecisionSchema(ma.Schema):
    """What is answered to whoever has asked."""

    answer = Text(parse_line, load_default="")


class AbsenceQuery(PageQuery):
    """Filters of the list: absences that touch the days."""

    sort = Sort(queries.ABSENCE_SORTS)
    state = ma.fields.Str(load_default="", validate=ma.validate.OneOf(["", *REQUEST_STATES]))
    employee_id = ma.fields.Int(load_default=None)
    from_ = ma.fields.Date(data_key="from", load_default=None)
    to = ma.fields.Date(load_default=None)


class AllowanceSchema(ma.Schema):
    """How many days of a type somebody has in a year."""

    type_id = ma.fields.Int(required=True, strict=True)
    year = ma.fields.Int(required=True, strict=True, validate=ma.validate.Range(1970, 9998))
    days = ma.fields.Decimal(
        required=True, as_string=True, places=1, validate=ma.validate.Range(0, 400)
    )
    carried = ma.fields.Decimal(
        load_default=0, as_string=True, places=1, validate=ma.validate.Range(0, 400)
    )


class AllowancesSchema(ma.Schema):
    """What an employee has of absences."""

    items = ma.fields.List(ma.fields.Nested(AllowanceSchema), required=True)


@bp.get("/absence-types")
@requires("attendance.view")
@bp.arguments(sorted_query(queries.TYPE_SORTS), location="query")
@bp.response(200, page_schema(AbsenceTypeSchema))
def list_absence_types(query: dict[str, Any]) -> dict[str, Any]:
    """List types of absences."""
    return page_of(queries.absence_types(), query, sorts=queries.TYPE_SORTS)


@bp.post("/absence-types")
@requires("attendance.approve")
@idempotent
@bp.arguments(for_new(AbsenceTypeSchema))
@bp.response(201, AbsenceTypeSchema)
@bp.alt_response(409, description="The name is taken")
def create_absence_type(values: dict[str, Any]) -> AbsenceType:
    """Add a type of absences."""
    return services.create_absence_type(**values)


@bp.get("/absence-types/<int:type_id>")
@requires("attendance.view")
@bp.response(200, AbsenceTypeSchema)
def get_absence_type(type_id: int) -> AbsenceType:
    """Show a type of absences."""
    return one_or_404(queries.absence_type(type_id))


@bp.put("/absence-types/<int:type_id>")
@requires("attendance.approve")
@idempotent
@bp.arguments(for_changes(AbsenceTypeSchema))
@bp.response(200, AbsenceTypeSchema)
@bp.alt_response(409, description="A stale version, or a name that is taken")
def update_absence_type(changes: dict[str, Any], type_id: int) -> AbsenceType:
    """Change a type of absences."""
    one_or_404(queries.absence_type(type_id))
    version = asked_version(changes)
    return services.revise_absence_type(type_id, version=version, **changes)


@bp.get("/absences")
@requires("attendance.view")
@bp.arguments(AbsenceQuery, location="query")
@bp.response(200, page_schema(AbsenceSchema))
def list_absences(query: dict[str, Any]) -> dict[str, Any]:
    """List absences, by `id` or `first_day`."""
    paging = {name: query.pop(name) for name in ("page", "per_page", "sort")}
    first, last = query.pop("from_"), query.pop("to")
    found = queries.absences(first=first, last=last, **query)
    return page_of(found, paging, sorts=queries.ABSENCE_SORTS)


@bp.post("/absences")
@requires("attendance.approve")
@idempotent
@bp.arguments(NewAbsenceSchema)
@bp.response(201, AbsenceSchema)
@bp.alt_response(404, description="There is no such employee")
@bp.alt_response(409, description=DECIDED)
def create_absence(body: dict[str, Any]) -> Absence:
    """Enter an absence."""
    one_or_404(queries.employee(body["employee_id"]))
    act = services.enter_absence if body.pop("is_approved") else services.request_absence
    return act(body.pop("employee_id"), **body)


@bp.get("/absences/<int:absence_id>")
@requires("attendance.view")
@bp.response(200, AbsenceSchema)
def get_absence(absence_id: int) -> Absence:
    """Show an absence."""
    return one_or_404(queries.absence(absence_id))


@bp.post("/absences/<int:absence_id>/approve")
@requires("attendance.approve")
@idempotent
@bp.arguments(AbsenceDecisionSchema)
@bp.response(200, AbsenceSchema)
@bp.alt_response(409, description=DECIDED)
def approve_absence(body: dict[str, Any], absence_id: int) -> Absence:
    """Let it count."""
    one_or_404(queries.absence(absence_id))
    return services.approve_absence(absence_id, **body)


@bp.post("/absences/<int:absence_id>/reject")
@requires("attendance.approve")
@idempotent
@bp.arguments(AbsenceDecisionSchema)
@bp.response(200, AbsenceSchema)
@bp.alt_response(409, description=DECIDED)
def reject_absence(body: dict[str, Any], absence_id: int) -> Absence:
    """Let it not count."""
    one_or_404(queries.absence(absence_id))
    return services.reject_absence(absence_id, **body)


@bp.delete("/absences/<int:absence_id>")
@requires("attendance.approve")
@bp.response(200, AbsenceSchema)
@bp.alt_response(409, description="It counts no more, or its days are locked")
def delete_absence(absence_id: int) -> Absence:
    """Take an absence back."""
    one_or_404(queries.absence(absence_id))
    return services.withdraw_absence(absence_id)


@bp.get("/allowances/<int:employee_id>")
@requires("attendance.view")
@bp.response(200, AllowancesSchema)
def list_allowances(employee_id: int) -> dict[str, Any]:
    """List what an employee has of absences."""
    one_or_404(queries.employee(employee_id))
    return {"items": db.session.scalars(queries.allowances(employee_id)).all()}


@bp.post("/allowances/<int:employee_id>")
@requires("attendance.approve")
@bp.arguments(AllowanceSchema)
@bp.response(200, AllowanceSchema)
def set_allowance(body: dict[str, Any], employee_id: int) -> Allowance:
    """Say how many days of a type an employee has in a year."""
    one_or_404(queries.employee(employee_id))
    return services.set_allowance(employee_id, **body)
