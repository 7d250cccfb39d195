"""Plans of counts for programs."""

from datetime import date
from typing import Any

import marshmallow as ma

from app.catalog.api.fields import Cost
from app.core.api import Blueprint, PageQuery, Sort, page_of, page_schema
from app.core.days import today
from app.core.db import db, retried
from app.core.idempotency import idempotent
from app.core.permissions import requires
from app.core.web import one_or_404
from app.counting import queries, services
from app.counting.models import CountPlan
from app.counting.models.plans import DAYS, GRADES

bp = Blueprint(
    "count_plans_api",
    __name__,
    url_prefix="/api/v1/count-plans",
    description="By which classes the goods of a warehouse are counted, and how often",
)
VIEW, MANAGE = "counting.view", "counting.manage"
ENDED = "It has ended, or the warehouse has one already (not_allowed)"
PERCENT, TIMES = ma.validate.Range(1, 100), ma.validate.Range(1, DAYS)


class NewCountPlanSchema(ma.Schema):
    """A plan; what is left out is as usual: 80 and 15 percent, 12, 4 and 1 times a year."""

    warehouse_id = ma.fields.Int(strict=True, required=True)
    share_a = ma.fields.Int(strict=True, validate=PERCENT)
    share_b = ma.fields.Int(strict=True, validate=ma.validate.Range(0, 100))
    times_a = ma.fields.Int(strict=True, validate=TIMES)
    times_b = ma.fields.Int(strict=True, validate=TIMES)
    times_c = ma.fields.Int(strict=True, validate=TIMES)
    most_a_day = ma.fields.Int(
        strict=True,
        validate=ma.validate.Range(1, 10_000),
        metadata={"description": "Products for which counts are made on one day"},
    )


class GradeSchema(ma.Schema):
    """A class: its products, the value that moved of them in a year, what is due today."""

    grade = ma.fields.Str(validate=ma.validate.OneOf(GRADES))
    products = ma.fields.Int()
    value = Cost()
    due = ma.fields.Int()
    next_on = ma.fields.Date()


class CountPlanSchema(NewCountPlanSchema):
    """A plan of a warehouse."""

    id = ma.fields.Int()
    warehouse = ma.fields.Str(attribute="warehouse.code")
    is_active = ma.fields.Bool()
    classed_on = ma.fields.Date(allow_none=True)


class CountPlanWithGradesSchema(CountPlanSchema):
    """A plan with its classes."""

    grades = ma.fields.List(ma.fields.Nested(GradeSchema))


class CountPlanQuery(PageQuery):
    """The order of the list."""

    sort = Sort({"id": CountPlan.id})


class CountPlanRunSchema(ma.Schema):
    """How many counts were made."""

    counts = ma.fields.Int()


class ShownPlan:
    """A plan with its classes, as one thing to show."""

    def __init__(self, plan: CountPlan, day: date) -> None:
        self.plan = plan
        self.grades = db.session.execute(queries.grades_of(plan.id, day)).all()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.plan, name)


@bp.get("")
@requires(VIEW)
@bp.arguments(CountPlanQuery, location="query")
@bp.response(200, page_schema(CountPlanSchema))
def list_count_plans(query: dict[str, Any]) -> dict[str, Any]:
    """List the plans of counts."""
    return page_of(queries.plans(), query, sorts={"id": CountPlan.id})


@bp.post("")
@requires(MANAGE)
@retried
@idempotent
@bp.arguments(NewCountPlanSchema)
@bp.response(201, CountPlanWithGradesSchema)
@bp.alt_response(409, description=ENDED)
def create_count_plan(body: dict[str, Any]) -> ShownPlan:
    """Make the plan of a warehouse: its products fall into classes by what moved of them."""
    return _shown(services.create_plan(**body).id)


@bp.get("/<int:plan_id>")
@requires(VIEW)
@bp.response(200, CountPlanWithGradesSchema)
def get_count_plan(plan_id: int) -> ShownPlan:
    """Show a plan with its classes."""
    return _shown(plan_id)


@bp.post("/<int:plan_id>/classify")
@requires(MANAGE)
@retried
@idempotent
@bp.response(200, CountPlanWithGradesSchema)
@bp.alt_response(409, description=ENDED)
def classify_count_plan(plan_id: int) -> ShownPlan:
    """Put the products of a plan into classes anew."""
    one_or_404(queries.plan(plan_id))
    services.classify_again(plan_id)
    return _shown(plan_id)


@bp.post("/<int:plan_id>/run")
@requires(MANAGE)
@retried
@idempotent
@bp.response(200, CountPlanRunSchema)
@bp.alt_response(409, description=ENDED)
def run_count_plan(plan_id: int) -> dict[str, int]:
    """Have counted what is due of a plan, as much as it allows for a day."""
    one_or_404(queries.plan(plan_id))
    return {"counts": services.run_plan(plan_id)}


@bp.post("/<int:plan_id>/end")
@requires(MANAGE)
@retried
@idempotent
@bp.response(200, CountPlanWithGradesSchema)
@bp.alt_response(409, description=ENDED)
def end_count_plan(plan_id: int) -> ShownPlan:
    """End a plan: it makes no more counts."""
    one_or_404(queries.plan(plan_id))
    services.end_plan(plan_id)
    return _shown(plan_id)


def _shown(plan_id: int) -> ShownPlan:
    db.session.flush()
    query = queries.plan(plan_id).execution_options(populate_existing=True)
    return ShownPlan(one_or_404(query), today())
