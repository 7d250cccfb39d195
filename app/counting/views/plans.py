"""Plans of counts: the list, the page of one with its classes, and what is done about it."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import Blueprint, url_for
from sqlalchemy import Select

from app.core.days import today
from app.core.db import db
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
from app.core.settings import setting
from app.counting import queries, services
from app.counting.forms import CountPlanForm
from app.counting.models import CountPlan

bp = Blueprint("count_plans", __name__, url_prefix="/count-plans")

VIEW, MANAGE = "counting.view", "counting.manage"
CHANGED = "count_plans:changed"
NEXT_SHOWN = 50
NEW = Link(
    label="New plan",
    endpoint="count_plans.new",
    permission=MANAGE,
    kind="primary",
    icon="plus",
    is_dialog=True,
)
PLAN = Resource(
    name="plan",
    area="count_plans",
    query=queries.plan,
    rule="/<int:plan_id>",
    keys={"plan_id": "id"},
    event=CHANGED,
)


def _plans(_asked: Asked) -> Select[Any]:
    return queries.plans()


def _times(plan: CountPlan) -> str:
    return f"{plan.times_a}, {plan.times_b}, {plan.times_c}"


LIST = ListPage(
    name="count_plans",
    title="Count plans",
    subtitle="What is worth most is counted most often, a few products every day.",
    permission=VIEW,
    crumbs=lambda _about: [("Counts", url_for("counts.index"))],
    query=_plans,
    key=CountPlan.id,
    sort="-number",
    href=lambda plan: url_for("count_plans.show", plan_id=plan.id),
    columns=(
        Column(
            name="warehouse",
            title="Warehouse",
            value="warehouse.label",
            place="name",
            is_link=True,
            is_required=True,
        ),
        Column(name="number", title="Plan", kind="code", value="id", sort=CountPlan.id),
        Column(name="times", title="Times a year: A, B, C", value=_times, place="meta"),
        Column(name="most_a_day", title="Products a day", kind="number", place="figure"),
        Column(name="classed_on", title="Classes of", kind="day", place="wide desk"),
        Column(
            name="status",
            title="State",
            kind="cell",
            cell="counting/plans/_cells.html:state",
            export=lambda plan: "In use" if plan.is_active else "Ended",
            place="status",
        ),
    ),
    links=(NEW,),
    events=(CHANGED,),
    nothing=Nothing(
        title="There is no plan.",
        advice="With a plan a few products are counted every day, and all of them in a year.",
        link=NEW,
        icon="calendar",
    ),
)


def _context(plan: CountPlan) -> Mapping[str, Any]:
    upcoming = queries.next_of(plan.id).limit(NEXT_SHOWN)
    return {
        "currency": str(setting("currency")),
        "grades": db.session.execute(queries.grades_of(plan.id, today())).all(),
        "upcoming": db.session.scalars(upcoming).all(),
    }


_verb = partial(Action, resource=PLAN, permission=MANAGE)
create = _verb(
    name="create",
    title="New plan",
    heading="Plan the counts of a warehouse",
    is_new=True,
    form=CountPlanForm,
    act=services.create_plan,
    done="The plan is made.",
    advice="By the value that left the warehouse in the last twelve months.",
    leaves=True,
)
run = _verb(
    name="run",
    path="/runs",
    title="Count what is due",
    act=services.run_plan,
    done=lambda _plan, made: f"{made:,} counts made." if made != 1 else "1 count made.",
    icon="clipboard",
    kind="primary",
    when=lambda plan: plan.is_active,
)
classify = _verb(
    name="classify",
    path="/classification",
    title="Classify again",
    question="Put all products into classes anew? When each is counted is spread anew, too.",
    confirm="Classify again",
    act=services.classify_again,
    done="The classes are found anew.",
    icon="refresh",
    when=lambda plan: plan.is_active,
)
end = _verb(
    name="end",
    path="/end",
    title="End plan",
    question="End this plan? It makes no more counts; those that it made stay.",
    confirm="End plan",
    act=services.end_plan,
    done="The plan has ended.",
    icon="x",
    kind="quiet danger",
    when=lambda plan: plan.is_active,
)
plan_page = RecordPage(
    resource=PLAN,
    permission=VIEW,
    heading="Counts of {0.warehouse.code}",
    subtitle="{0.warehouse.name}",
    crumbs=lambda _plan: [
        ("Counts", url_for("counts.index")),
        ("Count plans", url_for("count_plans.index")),
    ],
    buttons=(run, classify, end),
    has_row=True,
    body="counting/plans/_plan.html",
    context=_context,
    labels={"classed_on": "Classes of", "is_active": "In use"},
)

LIST.add_to(bp)
plan_page.add_to(bp)
for action in (create, run, classify, end):
    action.add_to(bp)
