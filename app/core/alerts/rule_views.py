"""The page of rules: who hears of which alerts, and how."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, abort, url_for

from app.core.alerts.rule_forms import AlertRuleForm
from app.core.alerts.rules import Rule, revise_rule, rules
from app.core.pages import Action, Asked, Column, ListPage, Nothing, Resource

PERMISSION = "settings.edit"

bp = Blueprint("alert_rules", __name__, url_prefix="/alert-rules")


def _rules(_asked: Asked) -> Sequence[Any]:
    return [*rules().values()]


def _one(alert_kind: str) -> Rule:
    return rules().get(alert_kind) or abort(404)


def _yes(name: str) -> Any:
    return lambda rule: "Yes" if getattr(rule, name) else "No"


RULES = ListPage(
    name="alert_rules",
    title="Alert rules",
    subtitle="Who hears of what has to be put right, and how. Each is told once, until it is.",
    permission=PERMISSION,
    query=_rules,
    columns=(
        Column(name="label", title="Alert", place="name wrap", is_link=True, is_required=True),
        Column(
            name="severity",
            title="Severity",
            kind="cell",
            cell="alerts/_cells.html:severity",
            place="status",
        ),
        Column(name="name", title="Name for programs", kind="code", is_shown=False),
        Column(name="hears", title="Who hears", place="wrap"),
        Column(
            name="is_shown",
            title="On pages",
            value=_yes("is_shown"),
            place="meta",
            label="On pages",
        ),
        Column(name="is_mailed", title="By e-mail", value=_yes("is_mailed")),
        Column(name="is_sent", title="By webhook", value=_yes("is_sent")),
        Column(
            name="actions",
            title="Actions",
            kind="cell",
            cell="alerts/_cells.html:edit_rule",
            place="action",
            is_unseen=True,
            is_exported=False,
        ),
    ),
    events=("alert-rules:changed",),
    nothing=Nothing(title="Nothing is told.", advice="", icon="alert"),
)

RULE = Resource(
    name="rule",
    area="alert_rules",
    query=_one,
    rule="/<alert_kind>",
    keys={"alert_kind": "name"},
    event="alert-rules:changed",
)
update = Action(
    resource=RULE,
    name="update",
    title="Edit",
    heading="{0.label}",
    page_title="{0.label} · Alert rules",
    permission=PERMISSION,
    form=AlertRuleForm,
    act=revise_rule,
    done="The rule is saved.",
    to=lambda _rule: url_for("alert_rules.index"),
    kind="quiet",
)

RULES.add_to(bp)
update.add_to(bp)
