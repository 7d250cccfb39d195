"""The rules by which time is counted: their list and their form."""

from datetime import time
from functools import partial
from typing import Any

from flask import Blueprint, url_for
from sqlalchemy import Select

from app.attendance import queries, services
from app.attendance.forms import RuleSetForm
from app.attendance.models import (
    BREAK_RULES,
    OVERTIME_GOES,
    PAIRINGS,
    ROUNDED,
    WEEKDAYS,
    RuleSet,
)
from app.core.pages import (
    Action,
    Asked,
    Column,
    Link,
    ListPage,
    Nothing,
    RecordPage,
    Resource,
)

NIGHT = time(20), time(6)

bp = Blueprint("attendance_rules", __name__, url_prefix="/attendance/rules")

NEW = Link(
    label="New rules",
    endpoint="attendance_rules.new",
    permission="employees.edit",
    kind="primary",
    icon="plus",
)


def _rule_sets(_asked: Asked) -> Select[Any]:
    return queries.rule_sets()


def _rounding(rules: RuleSet) -> str:
    if rules.rounds == "nothing":
        return "Off"
    what = ROUNDED[rules.rounds]
    return f"{what}: {rules.rounding}, {rules.rounding_minutes} min"


def _hours(minutes: int | None) -> str:
    return "" if minutes is None else f"{minutes // 60}:{minutes % 60:02} h"


RULES = ListPage(
    name="attendance_rules",
    title="Rules of counting",
    subtitle="A contract says which of them hold for somebody, and from when.",
    permission="employees.view",
    query=_rule_sets,
    key=RuleSet.id,
    sort="name",
    href=lambda rules: url_for("attendance_rules.show", rule_set_id=rules.id),
    columns=(
        Column(
            name="name",
            title="Name",
            sort=queries.RULE_SORTS["name"],
            place="name",
            is_link=True,
            is_required=True,
        ),
        Column(name="rounding", title="Rounding", value=_rounding, place="meta"),
        Column(
            name="daily",
            title="Overtime of a day after",
            value=lambda rules: _hours(rules.daily_overtime),
        ),
        Column(
            name="weekly",
            title="Overtime of a week after",
            value=lambda rules: _hours(rules.weekly_overtime),
        ),
    ),
    links=(NEW,),
    events=("rules:changed",),
    nouns=("set of rules", "sets of rules"),
    crumbs=lambda _about: [("Employees", url_for("employees.index"))],
    nothing=Nothing(
        title="No rules yet.", advice="Add the first ones.", link=NEW, icon="settings"
    ),
)
RULE_SET = Resource(
    name="rules",
    area="attendance_rules",
    query=queries.rule_set,
    rule="/<int:rule_set_id>",
    keys={"rule_set_id": "id"},
    event="rules:changed",
)
_written = partial(
    Action,
    resource=RULE_SET,
    permission="employees.edit",
    form=RuleSetForm,
    fields="attendance/rules/_fields.html",
    is_wide=True,
    is_page=True,
    leaves=True,
)


def _begin(form: RuleSetForm, _rules: None) -> None:
    """Begin with the night from 20 to 6 o'clock."""
    form.night_begin.data, form.night_end.data = NIGHT


create = _written(
    name="create",
    is_new=True,
    title="New rules",
    fill=_begin,
    act=services.create_rule_set,
    done="{0.name} added.",
)
update = _written(
    name="update",
    title="Edit",
    heading="Edit rules",
    subtitle="{0.name}: for all days that are not locked.",
    page_title="Edit {0.name}",
    act=services.revise_rule_set,
    done="{0.name} saved.",
    kind="primary",
    icon="edit",
)
rules_page = RecordPage(
    resource=RULE_SET,
    permission="employees.view",
    heading="{0.name}",
    subtitle="Rules of counting",
    crumbs=lambda _rules: [
        ("Employees", url_for("employees.index")),
        ("Rules", url_for("attendance_rules.index")),
    ],
    buttons=(update,),
    body="attendance/rules/_rules.html",
    context=lambda rules: {
        "rounding": _rounding(rules),
        "hours": _hours,
        "pairing": PAIRINGS[rules.pairing],
        "overtime_goes": OVERTIME_GOES[rules.overtime_goes],
        "breaks": BREAK_RULES[rules.break_rule],
        "weekdays": WEEKDAYS,
        "rest_days": ", ".join(WEEKDAYS[day] for day in rules.rest_days),
    },
)

RULES.add_to(bp)
rules_page.add_to(bp)
create.add_to(bp)
update.add_to(bp)
