"""Plans: products fall into classes by what moved of them, and are counted in turn."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from app.core.days import today
from app.core.db import db, locked, retried, transaction
from app.core.errors import Invalid
from app.counting import queries
from app.counting.errors import NotAllowed
from app.counting.models import CountPlan, CountPlanItem
from app.counting.models.plans import DAYS
from app.counting.services.creating import MOST_BINS, CountRequest, create_missing
from app.stock.models import Location

LARGEST = 10_000  # products a day
CAUSE = "plan"


@retried
def create_plan(*, warehouse_id: int, **numbers: int) -> CountPlan:
    """Make the plan of a warehouse, and put its products into classes.

    `numbers` are `share_a`, `share_b` in percent, `times_a`, `times_b`, `times_c` a year, and
    `most_a_day`, products; those left out are the usual ones.

    Raises:
        NotAllowed: The warehouse has one already.
        Invalid: It is no warehouse in use, or a number does not fit.
    """
    _refuse_unfit(numbers)
    with transaction() as session:
        place = session.get(Location, warehouse_id)
        if place is None or place.kind != "warehouse" or not place.is_active:
            raise Invalid("warehouse_id", "Choose a warehouse that is in use.")
        if session.scalar(queries.plan_of(warehouse_id)) is not None:
            raise NotAllowed(f"{place.code} has a plan already: end that first.")
        plan = CountPlan(warehouse_id=warehouse_id, **numbers)
        session.add(plan)
        try:
            session.flush()
        except IntegrityError as error:
            raise NotAllowed(f"{place.code} has a plan already: end that first.") from error
        _classify(plan, place)
    return plan


@retried
def classify_again(plan_id: int) -> CountPlan:
    """Put products into classes anew, by what has moved until today.

    Raises:
        NotAllowed: The plan has ended.
    """
    with transaction() as session:
        plan = _open_plan(plan_id)
        _classify(plan, session.get_one(Location, plan.warehouse_id))
    return plan


@retried
def end_plan(plan_id: int) -> CountPlan:
    """End a plan: it makes no more counts. Those that it has made stay.

    Raises:
        NotAllowed: It has ended already.
    """
    with transaction():
        plan = _open_plan(plan_id)
        plan.is_active = False
    return plan


def run_plans() -> dict[str, int]:
    """Have counted what is due of all plans, as much as each allows for a day."""
    ids = db.session.scalars(select(CountPlan.id).where(CountPlan.is_active)).all()
    return {"counts": sum(run_plan(plan_id) for plan_id in ids)}


@retried
def run_plan(plan_id: int) -> int:
    """Have counted what is due of a plan, class A first; gives how many counts were made.

    Run twice a day, it makes no more than one day's. What lies nowhere in the warehouse, or is
    being counted already, is due again as if it had been counted.

    Raises:
        NotAllowed: The plan has ended.
    """
    with transaction() as session:
        plan = _open_plan(plan_id)
        _add_new(plan, session.get_one(Location, plan.warehouse_id))
        left = plan.most_a_day - (session.scalar(queries.made_on(plan.id, today())) or 0)
        due = session.scalars(queries.due_of(plan.id, today()).limit(max(left, 0))).all()
        return sum(_count(plan, item) for item in due)


def _count(plan: CountPlan, item: CountPlanItem) -> int:
    inside = queries.bins_in(plan.warehouse_id, is_holding=True).order_by(None)
    bins = queries.bins_with(item.product_id).where(Location.id.in_(inside)).limit(MOST_BINS)
    found = db.session.scalars(bins).all()
    wanted = CountRequest(cause=CAUSE, product_id=item.product_id, note=f"Class {item.grade}")
    made, _skipped = create_missing(found, wanted) if found else ([], 0)
    item.counted_on = today()
    item.due_on = today() + timedelta(days=plan.days_between(item.grade))
    return len(made)


def _open_plan(plan_id: int) -> CountPlan:
    one = select(CountPlan).where(CountPlan.id == plan_id)
    plan: CountPlan = db.session.scalars(locked(one, CountPlan)).one()
    if not plan.is_active:
        raise NotAllowed(f"{plan} has ended.")
    return plan


def _classify(plan: CountPlan, warehouse: Location) -> None:
    """Write the class of each product, and spread its next count over the time between two."""
    since = today() - timedelta(days=DAYS)
    rows = db.session.execute(queries.classes(plan, warehouse, since)).all()
    counted = Counter(row.grade for row in rows)
    seen: Counter[str] = Counter()
    values = []
    for row in rows:
        days = plan.days_between(row.grade)
        ahead = seen[row.grade] * days // counted[row.grade]
        seen[row.grade] += 1
        values.append(_value(plan, row, today() + timedelta(days=ahead)))
    there = [row.product_id for row in rows]
    gone = CountPlanItem.product_id.not_in(there)
    db.session.execute(delete(CountPlanItem).where(CountPlanItem.plan_id == plan.id, gone))
    _write(values)
    plan.classed_on = today()
    db.session.flush()


def _add_new(plan: CountPlan, warehouse: Location) -> None:
    """Take what has come since the classes were found: it is class C, and due at once."""
    ids = db.session.scalars(queries.unplanned(plan.id, warehouse)).all()
    usual = {"plan_id": plan.id, "grade": "C", "value": 0, "due_on": today()}
    _write([usual | {"product_id": product_id} for product_id in ids])


def _value(plan: CountPlan, row: Any, due_on: date) -> dict[str, Any]:
    return {
        "plan_id": plan.id,
        "product_id": row.product_id,
        "grade": row.grade,
        "value": row.value,
        "due_on": due_on,
    }


def _write(values: list[dict[str, Any]]) -> None:
    for start in range(0, len(values), 5_000):
        statement = insert(CountPlanItem).values(values[start : start + 5_000])
        kept = {name: statement.excluded[name] for name in ("grade", "value", "due_on")}
        db.session.execute(
            statement.on_conflict_do_update(index_elements=["plan_id", "product_id"], set_=kept)
        )


def _refuse_unfit(numbers: Mapping[str, int]) -> None:
    most = {"share_a": 100, "share_b": 100, "most_a_day": LARGEST}
    for name, number in numbers.items():
        least = 0 if name == "share_b" else 1
        if not least <= number <= most.get(name, DAYS):
            raise Invalid(name, f"From {least} to {most.get(name, DAYS)}.")
    if numbers.get("share_a", 80) + numbers.get("share_b", 15) > 100:  # noqa: PLR2004  (percent)
        raise Invalid("share_b", "A and B come to more than all of it.")
