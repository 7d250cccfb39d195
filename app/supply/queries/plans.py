"""Selects over plans, their products, and what they suggest."""

from datetime import date
from typing import Any

from sqlalchemy import Select, any_, func, literal, select
from sqlalchemy.orm import contains_eager, joinedload

from app.catalog.models import Product
from app.core.search import has_part
from app.planning.models import Cycle
from app.supply.models import SupplyPlan, SupplyRow, SupplySuggestion

ROW_SORTS = {"sku": Product.sku, "out_on": SupplyRow.out_on, "excess": SupplyRow.excess}
SUGGESTION_SORTS = {
    "begin_on": SupplySuggestion.begin_on,
    "due_on": SupplySuggestion.due_on,
    "sku": Product.sku,
}


def plans() -> Select[SupplyPlan]:
    """All plans, with the cycle, the job and the person of each."""
    return select(SupplyPlan).options(
        joinedload(SupplyPlan.cycle, innerjoin=True),
        joinedload(SupplyPlan.job),
        joinedload(SupplyPlan.actor),
    )


def plan(plan_id: int) -> Select[SupplyPlan]:
    """One of them."""
    return plans().where(SupplyPlan.id == plan_id)


def newest_plan() -> Select[int]:
    """The plan that was made last."""
    made = select(SupplyPlan.id).where(SupplyPlan.made_at.is_not(None))
    return made.order_by(SupplyPlan.id.desc()).limit(1)


def old_plans(*, kept: int) -> Select[int]:
    """Plans beyond the newest ones."""
    return select(SupplyPlan.id).order_by(SupplyPlan.id.desc()).offset(kept)


def usual_cycle() -> Select[Cycle]:
    """Cycles that plans can be made of, the latest first."""
    opened = select(Cycle).where(Cycle.status != "draft")
    return opened.order_by(Cycle.month.desc())


def rows(
    plan_id: int, *, search: str = "", exception: str = "", vendor_id: int | None = None
) -> Select[SupplyRow]:
    """Products of a plan that the filters let through, with what they are called."""
    query = (
        select(SupplyRow)
        .join(SupplyRow.product)
        .options(contains_eager(SupplyRow.product), joinedload(SupplyRow.vendor))
        .where(SupplyRow.plan_id == plan_id)
    )
    if exception:
        query = query.where(literal(exception) == any_(SupplyRow.exceptions))
    if vendor_id is not None:
        query = query.where(SupplyRow.vendor_id == vendor_id)
    return _searched(query, search)


def row(plan_id: int, product_id: int) -> Select[SupplyRow]:
    """What a plan says of one product."""
    one = select(SupplyRow).options(
        joinedload(SupplyRow.product, innerjoin=True),
        joinedload(SupplyRow.vendor),
        joinedload(SupplyRow.plan, innerjoin=True).joinedload(SupplyPlan.cycle, innerjoin=True),
    )
    return one.where(SupplyRow.plan_id == plan_id, SupplyRow.product_id == product_id)


def exceptions_of(plan_id: int) -> Select[*tuple[Any, ...]]:
    """How many products of a plan have each exception."""
    kind = func.unnest(SupplyRow.exceptions).label("kind")
    each = select(kind).where(SupplyRow.plan_id == plan_id).subquery("each")
    return select(each.c.kind, func.count()).group_by(each.c.kind)


def suggestions(
    plan_id: int,
    *,
    search: str = "",
    source: str = "",
    vendor_id: int | None = None,
    until: date | None = None,
    is_open: bool = False,
) -> Select[SupplySuggestion]:
    """What a plan suggests; `until` is the day by which it is begun, `is_open` not ordered."""
    query = (
        select(SupplySuggestion)
        .join(SupplySuggestion.product)
        .options(
            contains_eager(SupplySuggestion.product),
            joinedload(SupplySuggestion.vendor),
            joinedload(SupplySuggestion.order),
        )
        .where(SupplySuggestion.plan_id == plan_id)
    )
    if source:
        query = query.where(SupplySuggestion.source == source)
    if vendor_id is not None:
        query = query.where(SupplySuggestion.vendor_id == vendor_id)
    if until is not None:
        query = query.where(SupplySuggestion.begin_on <= until)
    if is_open:
        query = query.where(SupplySuggestion.order_id.is_(None))
    return _searched(query, search)


def suggestions_of(plan_id: int, product_id: int) -> Select[SupplySuggestion]:
    """What a plan suggests of one product, the earliest first."""
    found = suggestions(plan_id).where(SupplySuggestion.product_id == product_id)
    return found.order_by(SupplySuggestion.due_on, SupplySuggestion.id)


def _searched(query: Select[Any], search: str) -> Select[Any]:
    if not (term := search.strip()):
        return query
    return query.where(has_part(term, codes=(Product.sku,), names=(Product.name,)))
