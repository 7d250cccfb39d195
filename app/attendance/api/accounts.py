"""Time accounts and overtime that is to be approved, for programs."""

from datetime import date
from typing import Any

import marshmallow as ma

from app.attendance import queries, services
from app.attendance.models import ENTRIES, OVERTIME_STATES, AccountEntry, Overtime
from app.core.api import Blueprint, PageQuery, Sort, page_of, page_schema
from app.core.checks import needed
from app.core.idempotency import idempotent
from app.core.permissions import requires
from app.core.schemas import Text
from app.core.texts import parse_line
from app.core.web import one_or_404

bp = Blueprint(
    "accounts_api",
    __name__,
    url_prefix="/api/v1/attendance",
    description="Attendance",
)
MOST_MINUTES = 1_000_000
LOCKED = "Its day is locked (period_locked), or it is not allowed in this state (not_allowed)"


class AccountMonthSchema(ma.Schema):
    """A month of an account, in minutes; `cut` is what was above a limit when it ended."""

    month = ma.fields.Date(metadata={"description": "Its first day"})
    opening = ma.fields.Int()
    credited = ma.fields.Int()
    expected = ma.fields.Int()
    entered = ma.fields.Int()
    cut = ma.fields.Int()
    closing = ma.fields.Int()


class AccountSchema(ma.Schema):
    """Somebody's time account; `balance` is in minutes, up to the last day that is over."""

    employee_id = ma.fields.Int(attribute="employee.id")
    employee_number = ma.fields.Str(attribute="employee.number")
    employee = ma.fields.Str(attribute="employee.name")
    department = ma.fields.Str(attribute="employee.department")
    known_until = ma.fields.Date(allow_none=True)
    balance = ma.fields.Int()


class AccountMonthsSchema(AccountSchema):
    """Somebody's time account, month by month, the oldest first."""

    months = ma.fields.List(ma.fields.Nested(AccountMonthSchema))


class AccountsSchema(ma.Schema):
    """Time accounts."""

    items = ma.fields.List(ma.fields.Nested(AccountSchema), required=True)


class AccountsQuery(ma.Schema):
    """Whose accounts."""

    department = ma.fields.Str(load_default="", validate=ma.validate.Length(max=300))


class AccountEntrySchema(ma.Schema):
    """Minutes that were put into an account; what was taken out is negative."""

    id = ma.fields.Int()
    employee_id = ma.fields.Int()
    kind = ma.fields.Str(validate=ma.validate.OneOf([*ENTRIES]))
    day = ma.fields.Date()
    minutes = ma.fields.Int()
    reason = ma.fields.Str()
    reverses_id = ma.fields.Int(allow_none=True)
    created_by_id = ma.fields.Int(allow_none=True)
    created_at = ma.fields.AwareDateTime()


class NewAccountEntrySchema(ma.Schema):
    """Minutes to put into an account. Of a payout they are what is taken out, as positive."""

    kind = ma.fields.Str(required=True, validate=ma.validate.OneOf([*ENTRIES]))
    day = ma.fields.Date(required=True)
    minutes = ma.fields.Int(
        required=True, strict=True, validate=ma.validate.Range(-MOST_MINUTES, MOST_MINUTES)
    )
    reason = Text(needed(parse_line), required=True)


class AccountEntryQuery(PageQuery):
    """Filters of the list."""

    sort = Sort(queries.ENTRY_SORTS)
    employee_id = ma.fields.Int(load_default=None)
    kind = ma.fields.Str(load_default="", validate=ma.validate.OneOf(["", *ENTRIES]))
    from_ = ma.fields.Date(data_key="from", load_default=None)
    to = ma.fields.Date(load_default=None)


class ReversalSchema(ma.Schema):
    """Why it is taken back."""

    reason = Text(needed(parse_line), required=True)


class OvertimeSchema(ma.Schema):
    """A day with overtime, in minutes; what is not approved is neither paid nor kept."""

    id = ma.fields.Int()
    employee_id = ma.fields.Int()
    day = ma.fields.Date()
    overtime = ma.fields.Int()
    double = ma.fields.Int()
    rest_day = ma.fields.Int()
    holiday = ma.fields.Int()
    minutes = ma.fields.Int(metadata={"description": "All of it"})
    approved = ma.fields.Int()
    state = ma.fields.Str(validate=ma.validate.OneOf([*OVERTIME_STATES]))
    decided_by_id = ma.fields.Int(allow_none=True)
    decided_at = ma.fields.AwareDateTime(allow_none=True)
    answer = ma.fields.Str()


class OvertimePageSchema(page_schema(OvertimeSchema)):  # type: ignore[misc]
    """A page of the list, and of how many people it is not up to date yet."""

    behind = ma.fields.Int(
        required=True,
        metadata={"description": "People whose days are still being counted; else 0"},
    )


class OvertimeQuery(PageQuery):
    """Filters of the list."""

    sort = Sort(queries.OVERTIME_SORTS)
    state = ma.fields.Str(load_default="", validate=ma.validate.OneOf(["", *OVERTIME_STATES]))
    employee_id = ma.fields.Int(load_default=None)
    from_ = ma.fields.Date(data_key="from", load_default=None)
    to = ma.fields.Date(load_default=None)


def _seen() -> ma.fields.Int:
    what = "The `minutes` that were decided on: refused (409) if they are others by now"
    return ma.fields.Int(
        load_default=None, allow_none=True, strict=True, metadata={"description": what}
    )


class OvertimeApprovalSchema(ma.Schema):
    """How many minutes count, all of them if none are named, and what is answered."""

    minutes = ma.fields.Int(
        load_default=None, allow_none=True, strict=True, validate=ma.validate.Range(1)
    )
    answer = Text(parse_line, load_default="")
    seen = _seen()


class OvertimeRejectionSchema(ma.Schema):
    """What is answered."""

    answer = Text(parse_line, load_default="")
    seen = _seen()


@bp.get("/accounts")
@requires("attendance.view")
@bp.arguments(AccountsQuery, location="query")
@bp.response(200, AccountsSchema)
def list_accounts(query: dict[str, Any]) -> dict[str, Any]:
    """List the time accounts of all who are employed."""
    return {"items": services.accounts(**query)}


@bp.get("/accounts/<int:employee_id>")
@requires("attendance.view")
@bp.response(200, AccountMonthsSchema)
def get_account(employee_id: int) -> services.Account:
    """Show somebody's time account."""
    one_or_404(queries.employee(employee_id))
    return services.account_of(employee_id)


@bp.get("/account-entries")
@requires("attendance.view")
@bp.arguments(AccountEntryQuery, location="query")
@bp.response(200, page_schema(AccountEntrySchema))
def list_account_entries(query: dict[str, Any]) -> dict[str, Any]:
    """List what was entered into time accounts, by `id` or `day`."""
    paging = {name: query.pop(name) for name in ("page", "per_page", "sort")}
    first, last = _days(query)
    employee_id = query.pop("employee_id")
    ids = None if employee_id is None else [employee_id]
    found = queries.account_entries(employee_ids=ids, first=first, last=last, **query)
    return page_of(found, paging, sorts=queries.ENTRY_SORTS)


def _days(query: dict[str, Any]) -> tuple[date | None, date | None]:
    return query.pop("from_"), query.pop("to")


@bp.post("/accounts/<int:employee_id>/entries")
@requires("attendance.payroll")
@idempotent
@bp.arguments(NewAccountEntrySchema)
@bp.response(201, AccountEntrySchema)
@bp.alt_response(409, description=LOCKED)
def create_account_entry(body: dict[str, Any], employee_id: int) -> AccountEntry:
    """Put minutes into somebody's account, or take them out; an entry is never changed."""
    one_or_404(queries.employee(employee_id))
    return services.enter_minutes(employee_id, **body)


@bp.post("/account-entries/<int:entry_id>/reverse")
@requires("attendance.payroll")
@idempotent
@bp.arguments(ReversalSchema)
@bp.response(201, AccountEntrySchema)
@bp.alt_response(409, description=LOCKED)
def reverse_account_entry(body: dict[str, Any], entry_id: int) -> AccountEntry:
    """Take an entry back, by another one of the same day."""
    one_or_404(queries.account_entry(entry_id))
    return services.reverse_entry(entry_id, **body)


@bp.get("/overtime")
@requires("attendance.view")
@bp.arguments(OvertimeQuery, location="query")
@bp.response(200, OvertimePageSchema)
def list_overtime(query: dict[str, Any]) -> dict[str, Any]:
    """List days with overtime, by `id` or `day`.

    None are there where none wants approval. They are found anew before they are listed; where
    the days of many people have changed at once, `behind` says of how many people they are not
    yet: theirs follow within five minutes.
    """
    behind = services.look_at_overtime()
    paging = {name: query.pop(name) for name in ("page", "per_page", "sort")}
    first, last = _days(query)
    found = queries.overtimes(first=first, last=last, **query)
    return {**page_of(found, paging, sorts=queries.OVERTIME_SORTS), "behind": behind}


@bp.get("/overtime/<int:overtime_id>")
@requires("attendance.view")
@bp.response(200, OvertimeSchema)
def get_overtime(overtime_id: int) -> Overtime:
    """Show a day with overtime, as it is by now."""
    services.look_at_overtime_of(overtime_id)
    return one_or_404(queries.overtime(overtime_id))


@bp.post("/overtime/<int:overtime_id>/approve")
@requires("attendance.approve")
@idempotent
@bp.arguments(OvertimeApprovalSchema)
@bp.response(200, OvertimeSchema)
@bp.alt_response(409, description=LOCKED)
def approve_overtime(body: dict[str, Any], overtime_id: int) -> Overtime:
    """Let overtime count: all of it, or so many minutes."""
    one_or_404(queries.overtime(overtime_id))
    return services.approve_overtime(overtime_id, **body)


@bp.post("/overtime/<int:overtime_id>/reject")
@requires("attendance.approve")
@idempotent
@bp.arguments(OvertimeRejectionSchema)
@bp.response(200, OvertimeSchema)
@bp.alt_response(409, description=LOCKED)
def reject_overtime(body: dict[str, Any], overtime_id: int) -> Overtime:
    """Let overtime not count."""
    one_or_404(queries.overtime(overtime_id))
    return services.reject_overtime(overtime_id, **body)
