"""The rules by which lines are returns, services and so on."""

from functools import partial
from typing import Any

from flask import Blueprint, url_for
from sqlalchemy import Select, select

from app.core.pages import Action, Asked, Column, Link, ListPage, Nothing, RecordPage, Resource
from app.sales.forms import ChangedRuleForm, RuleForm
from app.sales.jobs import classify_sales
from app.sales.models import KINDS, SIGNS, SalesRule
from app.sales.services import rules

LATER = "Lines that are there keep their kinds until they are sorted again."

bp = Blueprint("sales_rules", __name__, url_prefix="/sales/rules")

NEW = Link(
    label="New rule",
    endpoint="sales_rules.new",
    permission="sales.manage",
    kind="primary",
    icon="plus",
)


def _rules(_asked: Asked) -> Select[Any]:
    return rules.sales_rules()


RULES = ListPage(
    name="sales_rules",
    title="Kinds of sales",
    subtitle="Which lines are returns, services or bad debts: the first rule that fits counts.",
    permission="sales.view",
    crumbs=lambda _about: [("Sales", url_for("sales.index"))],
    query=_rules,
    key=SalesRule.id,
    sort="position",
    href=lambda rule: url_for("sales_rules.show", rule_id=rule.id),
    columns=(
        Column(
            name="position",
            title="Position",
            kind="number",
            sort=SalesRule.position,
            is_link=True,
            is_required=True,
        ),
        Column(name="kind", title="Kind", value=lambda rule: KINDS[rule.kind], place="name"),
        Column(name="product", title="Product", place="wrap"),
        Column(name="document", title="Document"),
        Column(name="description", title="Description", place="wrap"),
        Column(name="sign", title="Quantity", value=lambda rule: SIGNS[rule.sign]),
    ),
    links=(NEW,),
    nothing=Nothing(
        title="No rules: every line is a sale.",
        advice="Say by which codes or documents returns and services are known.",
        link=NEW,
        icon="settings",
    ),
)
RULES.add_to(bp)

RULE = Resource(
    name="rule",
    area="sales_rules",
    query=lambda rule_id: select(SalesRule).where(SalesRule.id == rule_id),
    rule="/<int:rule_id>",
    keys={"rule_id": "id"},
)
_verb = partial(
    Action,
    resource=RULE,
    permission="sales.manage",
    to=lambda _rule: url_for("sales_rules.index"),
    leaves=True,
)

create = _verb(
    name="create",
    is_new=True,
    title="New rule",
    submit="Add rule",
    form=RuleForm,
    act=rules.add_rule,
    done=f"The rule is added. {LATER}",
)
update = _verb(
    name="update",
    title="Edit",
    heading="Edit rule {0.position}",
    form=ChangedRuleForm,
    act=rules.change_rule,
    done=f"The rule is saved. {LATER}",
    icon="edit",
)
delete = _verb(
    name="delete",
    path="/delete",
    title="Delete",
    question="Delete this rule?",
    act=rules.delete_rule,
    done="The rule is deleted.",
    kind="danger",
    icon="trash",
)
classify = _verb(
    name="create_classification",
    path="/classifications",
    title="Sort all lines again",
    question="Give every line the kind that the rules of today say?",
    act=lambda _rule_id: classify_sales.enqueue(),
    done="The lines are being sorted.",
    icon="refresh",
)
for action in (create, update, delete, classify):
    action.add_to(bp)

rule_page = RecordPage(
    resource=RULE,
    permission="sales.view",
    heading=lambda rule: f"Rule {rule.position}: {KINDS[rule.kind]}",
    crumbs=lambda _rule: [
        ("Sales", url_for("sales.index")),
        ("Kinds of sales", url_for("sales_rules.index")),
    ],
    buttons=(update, classify, delete),
    body="sales/_rule.html",
)
rule_page.add_to(bp)
