"""Selects over plans of counts: classes, and what is due."""

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, case, func, literal, select
from sqlalchemy.orm import aliased, joinedload

from app.catalog.models import Product
from app.core.exchange_rates import euros
from app.core.settings import setting
from app.counting.models import CountPlan, CountPlanItem
from app.counting.queries.counts import COUNTABLE
from app.stock.models import Balance, Location, Movement


def plans() -> Select[CountPlan]:
    """Plans with their warehouses."""
    return select(CountPlan).options(joinedload(CountPlan.warehouse, innerjoin=True))


def warehouses() -> Select[Location]:
    """The warehouses that may have a plan: those without one."""
    has_plan = select(CountPlan.warehouse_id).where(CountPlan.is_active)
    ours = Location.kind == "warehouse"
    found = select(Location).where(ours, Location.is_active, Location.id.not_in(has_plan))
    return found.order_by(Location.code)


def plan(plan_id: int) -> Select[CountPlan]:
    """One of them."""
    return plans().where(CountPlan.id == plan_id)


def plan_of(warehouse_id: int) -> Select[int]:
    """The plan of a warehouse, if it has one that has not ended."""
    return select(CountPlan.id).where(
        CountPlan.warehouse_id == warehouse_id, CountPlan.is_active
    )


def grades_of(plan_id: int, day: date) -> Select[*tuple[Any, ...]]:
    """Of each class of a plan: how many products, the value moved, how many are due."""
    of = CountPlanItem
    return (
        select(
            of.grade,
            func.count().label("products"),
            func.round(func.sum(of.value), 2).label("value"),
            func.count().filter(of.due_on <= day).label("due"),
            func.min(of.due_on).label("next_on"),
        )
        .where(of.plan_id == plan_id)
        .group_by(of.grade)
        .order_by(of.grade)
    )


def due_of(plan_id: int, day: date) -> Select[CountPlanItem]:
    """What of a plan is due, class A first, and then what has waited longest."""
    of = CountPlanItem
    return (
        select(of)
        .where(of.plan_id == plan_id, of.due_on <= day)
        .order_by(of.grade, of.due_on, of.id)
    )


def next_of(plan_id: int) -> Select[CountPlanItem]:
    """What of a plan is counted next, with the products."""
    of = CountPlanItem
    return (
        select(of)
        .options(joinedload(of.product, innerjoin=True))
        .where(of.plan_id == plan_id)
        .order_by(of.due_on, of.id)
    )


def made_on(plan_id: int, day: date) -> Select[int]:
    """For how many products of a plan counts were made on a day."""
    of = CountPlanItem
    return select(func.count()).where(of.plan_id == plan_id, of.counted_on == day)


def classes(plan: CountPlan, warehouse: Location, since: date) -> Select[*tuple[Any, ...]]:
    """Products of a warehouse with their class, by the value that left it since a day.

    One row for each: `product_id`, `grade`, `value` in the company's currency. What it cost
    is the movement's, else the catalogue's; where no rate is known it counts as it stands.
    """
    target = aliased(Location)
    ours = literal(str(setting("currency")))
    rate = case(
        (Product.currency == ours, literal(Decimal(1))),
        else_=func.coalesce(
            euros(ours, func.current_date()) / euros(Product.currency, func.current_date()), 1
        ),
    )
    cost = func.coalesce(Movement.unit_cost, Product.cost)
    left = (
        select(Movement.product_id, func.sum(Movement.quantity * cost * rate).label("value"))
        .join(Product, Product.id == Movement.product_id)
        .join(Movement.from_location)
        .join(target, target.id == Movement.to_location_id)
        .where(
            Movement.occurred_at >= since,
            func.starts_with(Location.path, warehouse.path),
            ~func.starts_with(target.path, warehouse.path),
            Movement.reason.not_in(("counted", "reversed")),
        )
        .group_by(Movement.product_id)
        .subquery("left_here")
    )
    there = _products_in(warehouse).subquery("there")
    every = (
        select(
            func.coalesce(there.c.product_id, left.c.product_id).label("product_id"),
            func.round(func.coalesce(left.c.value, 0), 4).label("value"),
        )
        .select_from(there)
        .join(left, left.c.product_id == there.c.product_id, full=True)
        .subquery("every")
    )
    dearest_first = every.c.value.desc(), every.c.product_id
    before = func.sum(every.c.value).over(order_by=dearest_first) - every.c.value
    percent = before * 100 / func.nullif(func.sum(every.c.value).over(), 0)
    grade = case(
        (every.c.value <= 0, "C"),
        (percent < plan.share_a, "A"),
        (percent < plan.share_a + plan.share_b, "B"),
        else_="C",
    )
    return select(every.c.product_id, every.c.value, grade.label("grade")).order_by(
        every.c.product_id
    )


def unplanned(plan_id: int, warehouse: Location) -> Select[int]:
    """Products that lie in a warehouse and are not in its plan."""
    known = select(CountPlanItem.product_id).where(CountPlanItem.plan_id == plan_id)
    return _products_in(warehouse).where(Balance.product_id.not_in(known))


def _products_in(warehouse: Location) -> Select[int]:
    return (
        select(Balance.product_id)
        .join(Balance.location)
        .where(
            Balance.on_hand > 0,
            Location.kind.in_(COUNTABLE),
            func.starts_with(Location.path, warehouse.path),
        )
        .distinct()
    )
