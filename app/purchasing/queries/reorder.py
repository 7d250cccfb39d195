"""What is to be bought, and why: the rules against what there is, what comes and what is owed.

What is projected is what is available, with what comes within the lead time, less what waits
for goods. At the reorder point, with the safety stock on top of it, or below, more is bought:
up to the maximum, else up to that point, and at least the reorder quantity. What drafts say
already is taken off; the rest is rounded up to what the vendor sells.
"""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Select,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy import Integer as Days
from sqlalchemy.orm import joinedload

from app.catalog import queries as catalog
from app.catalog.models import BUNDLE, Product, Vendor
from app.core.search import has_part
from app.purchasing.models import NOT_SENT, PurchaseLine, PurchaseOrder
from app.purchasing.models.rules import ReorderRule
from app.purchasing.queries.terms import terms_of
from app.stock.incoming import incoming
from app.stock.models import Balance, Location
from app.stock.queries.inventory import AVAILABLE
from app.stock.waiting import backorders

# What a rule says; the lead time comes last, for the vendor's number may know better.
LIMITS = (
    "reorder_point",
    "reorder_quantity",
    "maximum_stock",
    "safety_stock",
    "lead_time_days",
)


def needs(*, today: date, product_ids: Collection[int] | None = None) -> Select[Any]:
    """Each rule at or below its point, with all figures that say why, and what is suggested.

    One row for each product, or for each of its warehouses where it has rules of those:
    `warehouse_id` is None for the company as a whole. Quantities are in the product's own unit.
    """
    rules = _rules(product_ids)
    there, come = _lying(rules), _coming(rules, today)
    drafted, owed = _drafted(rules), backorders(product_ids)
    is_whole = rules.c.warehouse_id.is_(None)
    available = func.coalesce(there.c.available, 0)
    within = func.coalesce(come.c.within, 0)
    waiting = case((is_whole, func.coalesce(owed.c.quantity, 0)), else_=0)
    in_drafts = func.coalesce(drafted.c.quantity, 0)
    projected = available + within - waiting
    point = rules.c.reorder_point + rules.c.safety_stock
    up_to = func.greatest(func.coalesce(rules.c.maximum_stock, point), point)
    wanted = func.greatest(rules.c.reorder_quantity, up_to - projected)
    return (
        select(
            *(rules.c[name] for name in ("product_id", "warehouse_id", "vendor_id", *LIMITS)),
            rules.c.lead_days,
            rules.c.minimum_quantity,
            rules.c.step,
            rules.c.part_id,
            available.label("available"),
            within.label("incoming"),
            func.coalesce(come.c.later, 0).label("incoming_later"),
            func.coalesce(come.c.late, 0).label("incoming_late"),
            waiting.label("backordered"),
            in_drafts.label("drafted"),
            drafted.c.numbers.label("drafts"),
            projected.label("projected"),
            point.label("point"),
            wanted.label("wanted"),
            _rounded(wanted - in_drafts, rules).label("suggested"),
        )
        .select_from(rules)
        .outerjoin(there, _same(there, rules))
        .outerjoin(come, _same(come, rules))
        .outerjoin(drafted, _same(drafted, rules))
        .outerjoin(owed, owed.c.product_id == rules.c.product_id)
        .where(projected <= point)
    )


def reorder_list(*, today: date, search: str, vendor_id: int | None) -> Select[Any]:
    """Products of which something is to be bought, one row for each, whatever warehouses."""
    found = needs(today=today).subquery("needs")
    sums = (
        select(
            found.c.product_id,
            func.min(found.c.vendor_id).label("vendor_id"),
            func.sum(found.c.available).label("available"),
            func.sum(found.c.incoming).label("incoming"),
            func.sum(found.c.point).label("point"),
            func.sum(found.c.drafted).label("drafted"),
            func.sum(found.c.suggested).label("suggested"),
        )
        .group_by(found.c.product_id)
        .subquery("need")
    )
    query: Select[Any] = catalog.products(search=search, is_active=True)
    query = query.join(sums, sums.c.product_id == Product.id)
    query = query.outerjoin(Vendor, Vendor.id == sums.c.vendor_id)
    if vendor_id is not None:
        query = query.where(sums.c.vendor_id == vendor_id)
    return query.with_only_columns(
        Product.id,
        Product.sku,
        Product.name,
        Product.unit,
        sums.c.vendor_id,
        Vendor.name.label("vendor"),
        *(sums.c[n] for n in ("available", "incoming", "point", "drafted", "suggested")),
        maintain_column_froms=True,
    )


def rules(
    *, search: str = "", warehouse_id: int | None = None, product_id: int | None = None
) -> Select[ReorderRule]:
    """Rules by warehouse that a search and the filters let through."""
    query = (
        select(ReorderRule)
        .join(ReorderRule.product)
        .join(ReorderRule.warehouse)
        .options(
            joinedload(ReorderRule.product, innerjoin=True),
            joinedload(ReorderRule.warehouse, innerjoin=True),
        )
    )
    if term := search.strip():
        found = or_(
            has_part(term, codes=(Product.sku,), names=(Product.name,)),
        )
        query = query.where(found)
    if warehouse_id is not None:
        query = query.where(ReorderRule.warehouse_id == warehouse_id)
    if product_id is not None:
        query = query.where(ReorderRule.product_id == product_id)
    return query


def rule(rule_id: int) -> Select[ReorderRule]:
    """One of them."""
    return rules().where(ReorderRule.id == rule_id)


def _rules(product_ids: Collection[int] | None) -> CTE:
    """Every rule with its vendor, their terms, and after how many days goods come."""
    asked = true() if product_ids is None else Product.id.in_(product_ids)
    nowhere = cast(null(), Location.id.type)
    whole = select(
        Product.id.label("product_id"),
        nowhere.label("warehouse_id"),
        cast(literal(""), Location.path.type).label("path"),
        *(getattr(Product, name).label(name) for name in LIMITS[:-1]),
        cast(null(), Product.lead_time_days.type).label("lead_time_days"),  # see `terms_of`
    ).where(
        asked,
        Product.is_active,
        Product.kind != BUNDLE,  # its components are bought
        Product.reorder_point + Product.safety_stock > 0,
        Product.id.not_in(select(ReorderRule.product_id)),
    )
    of_places = (
        select(
            ReorderRule.product_id,
            ReorderRule.warehouse_id,
            Location.path,
            *(getattr(ReorderRule, name) for name in LIMITS),
        )
        .join(ReorderRule.product)
        .join(ReorderRule.warehouse)
        .where(asked, Product.is_active, Product.kind != BUNDLE, Location.is_active)
    )
    both, terms = union_all(whole, of_places).cte("both"), terms_of(asked)
    lead = func.coalesce(
        both.c.lead_time_days, terms.c.part_days, terms.c.product_days, terms.c.vendor_days
    )
    return (
        select(
            both,
            terms.c.vendor_id,
            terms.c.part_id,
            terms.c.minimum_quantity,
            terms.c.step,
            lead.label("lead_days"),
        )
        .join(terms, terms.c.product_id == both.c.product_id)
        .cte("rules")
    )


def _lying(rules: CTE) -> CTE:
    """What is available, all over, or in the warehouse of the rule."""
    is_whole = rules.c.warehouse_id.is_(None)
    return (
        select(rules.c.product_id, rules.c.warehouse_id, func.sum(AVAILABLE).label("available"))
        .join(Balance, Balance.product_id == rules.c.product_id)
        .outerjoin(Location, and_(~is_whole, Location.id == Balance.location_id))
        .where(or_(is_whole, func.starts_with(Location.path, rules.c.path)))
        .group_by(rules.c.product_id, rules.c.warehouse_id)
        .cte("there")
    )


def _coming(rules: CTE, today: date) -> CTE:
    """What comes within the lead time, and later; what is late counts, and is told apart."""
    expected = incoming()
    days = cast(rules.c.lead_days, Days)
    is_later = func.coalesce(expected.c.due_on > literal(today) + days, False)
    is_here = or_(
        rules.c.warehouse_id.is_(None), rules.c.warehouse_id == expected.c.warehouse_id
    )
    quantity = func.sum(expected.c.quantity)
    return (
        select(
            rules.c.product_id,
            rules.c.warehouse_id,
            quantity.filter(~is_later).label("within"),
            quantity.filter(is_later).label("later"),
            quantity.filter(expected.c.due_on < literal(today)).label("late"),
        )
        .join(expected, and_(expected.c.product_id == rules.c.product_id, is_here))
        .group_by(rules.c.product_id, rules.c.warehouse_id)
        .cte("coming")
    )


def _drafted(rules: CTE) -> CTE:
    """What drafts say that nobody has sent: else every look would suggest it again."""
    is_here = or_(
        rules.c.warehouse_id.is_(None), rules.c.warehouse_id == PurchaseOrder.warehouse_id
    )
    return (
        select(
            rules.c.product_id,
            rules.c.warehouse_id,
            func.sum(PurchaseLine.units_ordered - PurchaseLine.units_cancelled).label(
                "quantity"
            ),
            func.array_agg(PurchaseOrder.number.distinct()).label("numbers"),
        )
        .join(PurchaseLine, PurchaseLine.product_id == rules.c.product_id)
        .join(PurchaseLine.order)
        .where(
            PurchaseOrder.status.in_(NOT_SENT), PurchaseOrder.delivery_address == "", is_here
        )
        .group_by(rules.c.product_id, rules.c.warehouse_id)
        .cte("drafted")
    )


def _same(some: CTE, rules: CTE) -> ColumnElement[bool]:
    return and_(
        some.c.product_id == rules.c.product_id,
        some.c.warehouse_id.is_not_distinct_from(rules.c.warehouse_id),
    )


def _rounded(rest: ColumnElement[Any], rules: CTE) -> ColumnElement[Any]:
    """Round what is left to buy up to the vendor's minimum and to their multiple."""
    step = func.coalesce(rules.c.step, 1)
    least = func.greatest(rest, func.coalesce(rules.c.minimum_quantity, 0))
    return case((rest > 0, func.ceil(least / step) * step), else_=0)
