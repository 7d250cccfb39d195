"""The rules by which time is counted, for programs."""

from typing import Any

import marshmallow as ma
from flask import url_for

from app.attendance import queries, services
from app.attendance.models import (
    BREAK_RULES,
    OVERTIME_GOES,
    PAIRINGS,
    ROUNDED,
    STEPS,
    WAYS,
    RuleSet,
)
from app.core.api import Blueprint, asked_version, page_of, page_schema, sorted_query
from app.core.checks import needed
from app.core.idempotency import idempotent
from app.core.permissions import requires
from app.core.schemas import Text, for_changes, for_new, versioned
from app.core.texts import parse_line
from app.core.web import one_or_404

bp = Blueprint(
    "attendance_rules_api",
    __name__,
    url_prefix="/api/v1/attendance/rules",
    description="Attendance",
)

MINUTES_A_DAY = 24 * 60
MINUTES_A_WEEK = 7 * MINUTES_A_DAY
MOST_PERCENT = 1000
MOST_KEPT = 1_000_000  # minutes of a time account


def _minutes(most: int, least: int = 0, **more: Any) -> ma.fields.Int:
    return ma.fields.Int(strict=True, validate=ma.validate.Range(least, most), **more)


def _percent(least: int) -> ma.fields.Int:
    return ma.fields.Int(strict=True, validate=ma.validate.Range(least, MOST_PERCENT))


def _word(words: Any) -> ma.fields.Str:
    return ma.fields.Str(validate=ma.validate.OneOf([*words]))


class RuleSetSchema(ma.Schema):
    """How time is counted. Minutes that are null never count as overtime.

    Percentages of 100 and more are what an hour is paid in all; those of night, Sunday and
    holiday bands are paid besides. A time account is cut to its cap at the end of a month, and
    to what is carried over at the end of a year, both in minutes.
    """

    id = ma.fields.Int(dump_only=True)
    name = Text(needed(parse_line), required=True)
    pairing = _word(PAIRINGS)
    rounds = _word(ROUNDED)
    rounding = _word(WAYS)
    rounding_minutes = ma.fields.Int(strict=True, validate=ma.validate.OneOf([*STEPS]))
    break_rule = _word(BREAK_RULES)
    break_after = _minutes(MINUTES_A_DAY)
    break_minutes = _minutes(MINUTES_A_DAY)
    daily_overtime = _minutes(MINUTES_A_DAY, 1, allow_none=True)
    daily_double = _minutes(MINUTES_A_DAY, 1, allow_none=True)
    weekly_overtime = _minutes(MINUTES_A_WEEK, 1, allow_none=True)
    has_seventh_day = ma.fields.Bool()
    week_start = ma.fields.Int(
        strict=True,
        validate=ma.validate.Range(0, 6),
        metadata={"description": "0 is Monday"},
    )
    rest_days = ma.fields.List(
        ma.fields.Int(strict=True, validate=ma.validate.Range(0, 6)),
        validate=ma.validate.Length(max=7),
    )
    overtime_percent = _percent(100)
    double_percent = _percent(100)
    rest_day_percent = _percent(100)
    holiday_percent = _percent(100)
    night_begin = ma.fields.Time()
    night_end = ma.fields.Time()
    night_percent = _percent(0)
    deep_night_percent = _percent(0)
    sunday_percent = _percent(0)
    holiday_band_percent = _percent(0)
    overtime_goes = _word(OVERTIME_GOES)
    account_cap = _minutes(MOST_KEPT, allow_none=True)
    account_carry = _minutes(MOST_KEPT, allow_none=True)
    version = ma.fields.Int(strict=True, metadata={"description": "The one you have read"})
    created_at = ma.fields.DateTime(dump_only=True)
    updated_at = ma.fields.DateTime(dump_only=True)


@bp.get("")
@requires("employees.view")
@bp.arguments(sorted_query(queries.RULE_SORTS), location="query")
@bp.response(200, page_schema(RuleSetSchema))
def list_rules(query: dict[str, Any]) -> dict[str, Any]:
    """List the sets of rules, by name."""
    return page_of(queries.rule_sets(), query, sorts=queries.RULE_SORTS)


@bp.post("")
@requires("employees.edit")
@idempotent
@bp.arguments(for_new(RuleSetSchema))
@bp.response(201, RuleSetSchema)
@bp.alt_response(409, description="The name is taken")
def create_rule(values: dict[str, Any]) -> tuple[RuleSet, int, dict[str, str]]:
    """Add a set of rules."""
    rules = services.create_rule_set(**values)
    location = url_for("attendance_rules_api.get_rule", rule_set_id=rules.id)
    return rules, 201, {"Location": location, **versioned(rules)}


@bp.get("/<int:rule_set_id>")
@requires("employees.view")
@bp.response(200, RuleSetSchema)
def get_rule(rule_set_id: int) -> tuple[RuleSet, int, dict[str, str]]:
    """Show a set of rules."""
    rules = one_or_404(queries.rule_set(rule_set_id))
    return rules, 200, versioned(rules)


@bp.put("/<int:rule_set_id>")
@requires("employees.edit")
@idempotent
@bp.arguments(for_changes(RuleSetSchema))
@bp.response(200, RuleSetSchema)
@bp.alt_response(409, description="A stale version, or a name that is taken")
def update_rule(
    changes: dict[str, Any], rule_set_id: int
) -> tuple[RuleSet, int, dict[str, str]]:
    """Change a set of rules, for all days that are not locked."""
    one_or_404(queries.rule_set(rule_set_id))
    version = asked_version(changes)
    rules = services.revise_rule_set(rule_set_id, version=version, **changes)
    return rules, 200, versioned(rules)
