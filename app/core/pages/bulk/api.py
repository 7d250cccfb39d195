"""What is done to many rows of a list, for programs: one call for all lists."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from flask import abort
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from app.core.api import Blueprint
from app.core.errors import DomainError
from app.core.forms import Form
from app.core.idempotency import idempotent
from app.core.jobs import JobRun
from app.core.jobs.api import JobSchema
from app.core.pages.bulk.actions import BulkAction
from app.core.pages.bulk.selections import Selection
from app.core.pages.bulk.services import begin_action
from app.core.pages.lists import ListPage, lists
from app.core.pages.places import list_named
from app.core.permissions import SIGNED_IN, ensure, may, requires

MOST_IDS = 10_000

bp = Blueprint(
    "lists_api",
    __name__,
    url_prefix="/api/v1/lists",
    description="What can be done to many rows of a list at once; each is a job with a report",
)


class ListActionSchema(ma.Schema):
    """A verb for many rows."""

    name = ma.fields.Str()
    label = ma.fields.Str()
    values = ma.fields.List(ma.fields.Str(), metadata={"description": "What it needs to know"})


class ListSchema(ma.Schema):
    """A list, what it can be filtered by, and what can be done to its rows."""

    name = ma.fields.Str()
    title = ma.fields.Str()
    filters = ma.fields.List(ma.fields.Str())
    actions = ma.fields.List(ma.fields.Nested(ListActionSchema))


class BulkActionSchema(ma.Schema):
    """Which rows: those of `ids`, or all that `filters` let through ({} means every row)."""

    ids = ma.fields.List(
        ma.fields.Int(validate=ma.validate.Range(1, 2**63 - 1)),
        validate=ma.validate.Length(1, MOST_IDS),
    )
    filters = ma.fields.Dict(
        keys=ma.fields.Str(),
        values=ma.fields.Str(),
        metadata={"description": "As the address of the list says them"},
    )
    values = ma.fields.Dict(
        keys=ma.fields.Str(),
        load_default=dict,
        metadata={"description": "What the action needs to know, by name"},
    )

    @ma.validates_schema
    def validate_rows(self, body: Mapping[str, Any], **_more: Any) -> None:
        """Refuse a call that does not say which rows, or says it twice."""
        if ("ids" in body) == ("filters" in body):
            raise ma.ValidationError("Give either ids or filters.", "ids")


class WrongValues(DomainError):
    """What the action needs to know does not fit."""

    status = 422

    def __init__(self, errors: Mapping[str, Any]) -> None:
        super().__init__("Some values do not fit.")
        self._errors = {
            f"values.{name}": [*map(str, reasons)] for name, reasons in errors.items()
        }

    @property
    def fields(self) -> dict[str, list[str]]:
        """What is wrong with which value."""
        return self._errors


@bp.get("")
@requires(SIGNED_IN)
@bp.response(200, ListSchema(many=True))
def index() -> list[dict[str, Any]]:
    """Say which lists there are, and what the caller may do to many of their rows."""
    pages = [known.page for _name, known in sorted(lists().items())]
    return [_told(p) for p in pages if p.permission == SIGNED_IN or may(p.permission)]


@bp.post("/<name>/actions/<action>")
@requires(SIGNED_IN)
@idempotent
@bp.arguments(BulkActionSchema)
@bp.response(202, JobSchema)
@bp.alt_response(422, description="A filter or a value that does not fit, or no row is meant")
def create_action(body: dict[str, Any], name: str, action: str) -> JobRun:
    """Do something to many rows: a job does it, row after row.

    Its result says how many were done and how many refused, with the reasons. It takes the
    permission of the list and that of the action.
    """
    page = list_named(name).page
    verb = next((one for one in page.actions if one.name == action and _is_job(one)), None)
    if verb is None:
        abort(404, f"The list {name} has no such action for programs.")
    ensure(verb.permission)
    filters = body.get("filters", {})
    if strange := filters.keys() - {one.name for one in page.filters}:
        abort(422, f"The list {name} has no filter {', '.join(sorted(strange))}.")
    selection = Selection(body.get("ids"), filters, current_user.time_zone or "UTC")
    return begin_action(page, verb, selection, _values(verb, body["values"]))


def _told(page: ListPage) -> dict[str, Any]:
    return {
        "name": page.name,
        "title": page.title,
        "filters": [one.name for one in page.filters],
        "actions": [
            {"name": one.name, "label": one.label, "values": _names(one)}
            for one in page.actions
            if _is_job(one) and one.is_open
        ],
    }


def _is_job(action: BulkAction) -> bool:
    """Tell whether a job does it; what leads to a page has calls of its own."""
    return bool(action.act or action.act_on_all)


def _names(action: BulkAction) -> list[str]:
    return [field.name for field in _form(action, {}) or ()]


def _form(action: BulkAction, values: Mapping[str, Any]) -> Form | None:
    """Make its form of plain values: programs have a token, and no page to be tricked from."""
    if not action.form:
        return None
    told = {name: "" if value is None else str(value) for name, value in values.items()}
    form = action.form(MultiDict(told), meta={"csrf": False})
    if action.offer:
        action.offer(form)
    return form


def _values(action: BulkAction, values: Mapping[str, Any]) -> dict[str, Any]:
    """Read what it needs to know with its own form.

    Raises:
        WrongValues: Something is not asked for, or does not fit.
    """
    form = _form(action, values)
    strange = values.keys() - {field.name for field in form or ()}
    if strange:
        raise WrongValues({name: ["This is not asked for."] for name in strange})
    if form is None:
        return {}
    if not form.validate():
        raise WrongValues(form.errors)
    return form.values
