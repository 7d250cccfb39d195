"""The page of limits: up to which amount who approves."""

from typing import Any

from flask import url_for
from sqlalchemy import Select

from app.accounts.models import Role
from app.core.pages import Action, Asked, Column, Link, ListPage, Nothing, Resource
from app.purchasing import queries, services
from app.purchasing.forms import LimitForm
from app.purchasing.models import ApprovalLimit
from app.purchasing.views.blueprint import limits as bp

PERMISSION = "purchase_orders.limit"
NEW = Link(
    label="New limit",
    endpoint="approval_limits.new",
    permission=PERMISSION,
    kind="primary",
    icon="plus",
)


def _limits(_asked: Asked) -> Select[Any]:
    return queries.limits()


LIMITS = ListPage(
    name="approval-limits",
    title="Approval limits",
    subtitle="Up to which amount people of a role approve purchase orders. "
    "A role that is not named here approves whatever it may.",
    permission=PERMISSION,
    query=_limits,
    key=ApprovalLimit.id,
    sort="role",
    columns=(
        Column(
            name="role",
            title="Role",
            value="role.name",
            sort=Role.name,
            place="name",
            is_required=True,
        ),
        Column(
            name="amount",
            title="Up to",
            kind="money",
            unit="currency",
            sort=ApprovalLimit.amount,
            place="figure",
        ),
        Column(
            name="actions",
            title="Actions",
            kind="cell",
            cell="purchasing/_cells.html:limit",
            place="action",
            is_unseen=True,
            is_exported=False,
        ),
    ),
    links=(NEW,),
    events=("approval-limits:changed",),
    nothing=Nothing(
        title="Nobody is limited.",
        advice="Whoever may approve purchase orders approves any amount, until you say less.",
        link=NEW,
        icon="check",
    ),
)
LIMIT = Resource(
    name="limit",
    area="approval_limits",
    query=queries.limit,
    rule="/<int:limit_id>",
    keys={"limit_id": "id"},
    event="approval-limits:changed",
)


def _offer_roles(form: LimitForm, _limit: Any) -> None:
    form.offer_roles()


def _keep_role(form: LimitForm, _limit: Any) -> None:
    """Another role, or another currency, is another limit."""
    del form.role_id
    del form.currency


create = Action(
    resource=LIMIT,
    name="create",
    title="New limit",
    permission=PERMISSION,
    is_new=True,
    form=LimitForm,
    offer=_offer_roles,
    act=services.create_limit,
    done="The limit is saved.",
    to=lambda _limit: url_for("approval_limits.index"),
)
update = Action(
    resource=LIMIT,
    name="update",
    title="Edit",
    heading="{0.role} in {0.currency}",
    permission=PERMISSION,
    form=LimitForm,
    offer=_keep_role,
    act=services.revise_limit,
    done="The limit is saved.",
    to=lambda _limit: url_for("approval_limits.index"),
    kind="quiet",
)
remove = Action(
    resource=LIMIT,
    name="remove",
    path="/removal",
    title="Remove",
    question="Let {0.role} approve without a limit in {0.currency}?",
    confirm="Remove",
    permission=PERMISSION,
    act=services.delete_limit,
    done="The limit is gone.",
    to=lambda _limit: url_for("approval_limits.index"),
    kind="quiet danger",
    icon="trash",
)

LIMITS.add_to(bp)
for action in (create, update, remove):
    action.add_to(bp)
