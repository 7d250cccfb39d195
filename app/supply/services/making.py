"""A plan is asked for, and made by a job: read, reckoned level by level, written at once."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, select

from app.catalog.models import Product
from app.core.actors import current_actor_id
from app.core.days import today
from app.core.db import db, end_transaction, in_transaction, transaction
from app.core.errors import Invalid
from app.core.jobs import report_progress
from app.core.settings import setting
from app.planning.models import LONGEST_HORIZON, Cycle
from app.supply import queries
from app.supply.errors import CircularComponents, NoForecast
from app.supply.models import SupplyPlan, SupplyRow, SupplySuggestion
from app.supply.queries import inputs
from app.supply.reckoning.explosion import Circular, explode
from app.supply.reckoning.horizon import Horizon
from app.supply.services.reading import Inputs, read_inputs
from app.supply.services.writing import PlanWriter

KEPT = 12  # plans
STEP = 1_000  # products between two words about progress


def create_plan(job: Any, *, cycle_id: int | None = None, months: int = 12) -> SupplyPlan:
    """Ask for a plan, which `job` then makes; without a cycle the latest counts.

    Raises:
        Invalid: There is no such cycle that was opened, or so many months are not planned.
        NoForecast: No cycle was opened at all.
    """
    if not 1 <= months <= LONGEST_HORIZON:
        raise Invalid("months", f"From 1 to {LONGEST_HORIZON} months.")
    with transaction() as session:
        plan = SupplyPlan(
            cycle_id=_cycle(cycle_id).id,
            first_on=today(),
            months=months,
            netting="all" if setting("supply_is_pooled") else "customer",
            actor_id=current_actor_id(),
        )
        session.add(plan)
        session.flush()
        plan.job_id = job.enqueue(plan_id=plan.id).id
        old = select(queries.old_plans(kept=KEPT).subquery().c.id)
        session.execute(delete(SupplyPlan).where(SupplyPlan.id.in_(old)))
    return plan


def _cycle(cycle_id: int | None) -> Cycle:
    opened = queries.usual_cycle()
    if cycle_id is not None:
        opened = opened.where(Cycle.id == cycle_id)
    found = db.session.scalars(opened.limit(1)).first()
    if found is None and cycle_id is not None:
        raise Invalid("cycle_id", "There is no such cycle, or it was not opened yet.")
    if found is None:
        raise NoForecast("No cycle was opened yet: there is no forecast to plan by.")
    return found


def make_plan(plan_id: int) -> dict[str, Any]:
    """Make a plan that was asked for; gives how many products it has and what it suggests.

    One that is made already, or that somebody has taken away, stays as it is.

    Raises:
        CircularComponents: Products are made of each other.
    """
    session = db.session()
    plan = session.scalars(queries.plan(plan_id)).one_or_none()
    if plan is None or plan.is_made:
        return {"products": 0, "suggestions": 0}
    horizon = Horizon(plan.first_on, plan.months)
    found = read_inputs(session, plan, horizon)
    if not in_transaction():  # reckoning takes a while: nothing is to be kept open meanwhile
        end_transaction()
    writer = PlanWriter(plan, found, horizon)
    _reckon(found, horizon, writer)
    _write(plan_id, found, writer)
    return {"products": writer.products, "suggestions": writer.suggestions}


def _reckon(found: Inputs, horizon: Horizon, writer: PlanWriter) -> None:
    months, total = int(setting("supply_excess_months")), len(found.supplies.items)
    report_progress(0, total)
    try:
        for product_id, made in explode(found.supplies, horizon, months_of_excess=months):
            writer.add(product_id, made)
            if writer.products % STEP == 0:
                report_progress(writer.products, total)
    except Circular as error:
        skus = dict(
            db.session.execute(
                select(Product.id, Product.sku).where(Product.id.in_(error.circle))
            ).all()
        )
        names = " of ".join(skus[number] for number in error.circle)
        raise CircularComponents(f"These are made of each other: {names}.") from None


def _write(plan_id: int, found: Inputs, writer: PlanWriter) -> None:
    with transaction() as session:
        for kind in (SupplyRow, SupplySuggestion):
            session.execute(delete(kind).where(kind.plan_id == plan_id))
        writer.write(session)
        plan = session.get_one(SupplyPlan, plan_id)
        in_plan = select(SupplyRow.product_id).where(SupplyRow.plan_id == plan_id)
        plan.products, plan.suggestions = writer.products, writer.suggestions
        plan.left_out = session.scalar(inputs.stocked_without_plan(in_plan)) or 0
        plan.blanks, plan.uncovered = found.blanks, [*found.uncovered]
        plan.made_at = datetime.now(UTC)
