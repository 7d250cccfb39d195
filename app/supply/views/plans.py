"""Plans: the list, what one found in all, and asking for another."""

from functools import partial
from typing import Any

from flask import Blueprint, url_for
from markupsafe import Markup
from sqlalchemy import Select

from app.core.db import db
from app.core.pages import (
    Action,
    Asked,
    Column,
    Link,
    ListPage,
    Nothing,
    RecordLink,
    RecordPage,
    Resource,
)
from app.supply import queries, services
from app.supply.forms import PlanForm
from app.supply.jobs import make_supply_plan
from app.supply.models import EXCEPTIONS, NETTINGS, SupplyPlan

VIEW, MAKE = "supply.view", "supply.make"

bp = Blueprint("supply_plans", __name__, url_prefix="/supply-plans")

NEW = Link(
    label="New plan",
    endpoint="supply_plans.new",
    permission=MAKE,
    kind="primary",
    icon="plus",
)


def _plans(_asked: Asked) -> Select[Any]:
    return queries.plans()


def state_of(plan: SupplyPlan) -> str:
    """Say how far a plan is."""
    if plan.is_made:
        return "Made"
    return "In the making" if plan.is_working else "Failed"


PLANS = ListPage(
    name="supply_plans",
    title="Supply plan",
    subtitle="Forecasts and orders against stock and what comes: what to buy and build, when.",
    permission=VIEW,
    query=_plans,
    key=SupplyPlan.id,
    sort="-made",
    href=lambda plan: url_for("supply_plans.show", plan_id=plan.id),
    columns=(
        Column(
            name="made",
            title="As of",
            value=str,
            sort=SupplyPlan.id,
            place="name",
            is_link=True,
            is_required=True,
        ),
        Column(name="cycle", title="Forecast", value=lambda plan: str(plan.cycle)),
        Column(name="state", title="State", value=state_of, place="status"),
        Column(name="months", title="Months", kind="number", place="wide desk"),
        Column(name="products", title="Products", kind="number"),
        Column(name="suggestions", title="Suggestions", kind="number", place="figure"),
        Column(
            name="actor",
            title="By",
            value=lambda plan: plan.actor.name if plan.actor else "system",
            place="meta",
        ),
    ),
    links=(NEW,),
    events=("supply-plans:changed",),
    nouns=("plan", "plans"),
    nothing=Nothing(
        title="No supply plans yet.",
        advice="Open a cycle of forecasts, then make the first one.",
        link=NEW,
        icon="truck",
    ),
)
PLANS.add_to(bp)

PLAN = Resource(
    name="plan",
    area="supply_plans",
    query=queries.plan,
    rule="/<int:plan_id>",
    keys={"plan_id": "id"},
    event="supply-plans:changed",
)


def _create(**values: Any) -> SupplyPlan:
    return services.create_plan(make_supply_plan, **values)


def _offer(form: PlanForm, _none: None) -> None:
    form.offer_cycles()


create = Action(
    resource=PLAN,
    name="create",
    is_new=True,
    title="New plan",
    submit="Make the plan",
    permission=MAKE,
    form=PlanForm,
    offer=_offer,
    act=_create,
    done="The plan is being made.",
    leads_on=True,
    leaves=True,
)
create.add_to(bp)


def _context(plan: SupplyPlan) -> dict[str, Any]:
    return {
        "exceptions": _exceptions(plan) if plan.is_made else [],
        "uncovered": [f"{month:%B %Y}" for month in plan.uncovered],
        "netting": NETTINGS[plan.netting],
    }


def _exceptions(plan: SupplyPlan) -> list[tuple[str, Markup]]:
    """Give how many products have each exception, with the way to their list."""
    found = {row[0]: row[1] for row in db.session.execute(queries.exceptions_of(plan.id))}
    at = partial(url_for, "supply_plans.products", plan_id=plan.id)
    link = Markup('<a href="{}">{:,}</a>')
    return [
        (label, link.format(at(exception=name), found.get(name, 0)))
        for name, label in EXCEPTIONS.items()
    ]


def _list_link(label: str, endpoint: str, **more: Any) -> RecordLink:
    return RecordLink(
        label=label,
        href=lambda plan: url_for(endpoint, plan_id=plan.id),
        when=lambda plan: plan.is_made,
        **more,
    )


plan_page = RecordPage(
    resource=PLAN,
    permission=VIEW,
    heading="Supply plan of {0}",
    subtitle="By the forecast of {0.cycle}",
    crumbs=lambda _plan: [("Supply plan", url_for("supply_plans.index"))],
    buttons=(
        _list_link("Suggestions", "supply_plans.suggestions", kind="primary", icon="truck"),
        _list_link("Products", "supply_plans.products", icon="list"),
    ),
    body="supply/plans/_plan.html",
    context=_context,
    has_history=False,
)
plan_page.add_to(bp)
