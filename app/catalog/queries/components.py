"""Selects over what products are made of, level by level, and what they are part of."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    BindParameter,
    ColumnElement,
    Numeric,
    Select,
    any_,
    bindparam,
    cast,
    func,
    literal,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY, array
from sqlalchemy.orm import aliased, selectinload

from app.catalog.models import BUNDLE, Component, ComponentSubstitute, Product
from app.catalog.queries.products import product

EXACT = Numeric()  # with as many digits as levels make of it
# Stands for ids that are named when the query is sent: it is then built once, not each time.
IDS = bindparam("product_ids", type_=ARRAY(BigInteger))
Ids = Collection[int] | BindParameter[Any]


def product_with_components(product_id: int) -> Select[Product]:
    """One product with its lines, and what it is made of."""
    return product(product_id).options(selectinload(Product.component_rows))


def bundle_parts(product_ids: Collection[int]) -> Select[*tuple[Any, ...]]:
    """What one of each bundle holds in the end: bundles within it are taken apart.

    One row for each thing that lies on a shelf: `bundle_id`, `product_id`, `sku`, `name`,
    `is_active` and `quantity`, in the order in which they stand in the bundle.
    """
    parts = _taken_apart(product_ids)
    place = func.min(parts.c.place)
    return (
        select(
            parts.c.bundle_id,
            Product.id.label("product_id"),
            Product.sku,
            Product.name,
            Product.is_active,
            func.sum(parts.c.quantity).label("quantity"),
        )
        .join(Product, Product.id == parts.c.component_id)
        .where(~parts.c.is_bundle)
        .group_by(parts.c.bundle_id, Product.id)
        .order_by(parts.c.bundle_id, place)
    )


def substitutes_of(product_id: int) -> Select[int, str]:
    """What may be taken in place of components of a product: each component, and an SKU."""
    return (
        select(Component.component_id, Product.sku)
        .join(ComponentSubstitute, ComponentSubstitute.line_id == Component.id)
        .join(Product, Product.id == ComponentSubstitute.substitute_id)
        .where(Component.product_id == product_id)
        .order_by(Component.position, ComponentSubstitute.position)
    )


def bundle_quantities(product_ids: Ids) -> Select[*tuple[Any, ...]]:
    """How much of what one of each bundle holds in the end, for whoever needs no names.

    One row for each thing: `bundle_id`, `product_id` and `quantity`.
    """
    parts = _taken_apart(product_ids)
    product_id = parts.c.component_id.label("product_id")
    return (
        select(parts.c.bundle_id, product_id, func.sum(parts.c.quantity).label("quantity"))
        .where(~parts.c.is_bundle)
        .group_by(parts.c.bundle_id, parts.c.component_id)
    )


def _taken_apart(product_ids: Ids) -> CTE:
    """All that bundles hold, level by level, bundles within them too.

    Whether a part is one is kept with it: a level without any ends the recursion before it
    looks at the catalogue again.
    """
    whole = aliased(Product)
    bundles = select(Product.id).where(Product.kind == BUNDLE)  # looked at once, as a whole
    top = (
        select(
            Component.product_id.label("bundle_id"),
            Component.component_id,
            cast(Component.quantity, EXACT).label("quantity"),
            array([Component.position]).label("place"),
            Component.component_id.in_(bundles).label("is_bundle"),
        )
        .join(whole, whole.id == Component.product_id)
        .where(among(whole.id, product_ids), whole.kind == BUNDLE)
        .cte("parts", recursive=True)
    )
    inner = aliased(Component)
    return top.union_all(
        select(
            top.c.bundle_id,
            inner.component_id,
            top.c.quantity * inner.quantity,
            func.array_append(top.c.place, inner.position),
            inner.component_id.in_(bundles),
        )
        .select_from(top)
        .join(inner, inner.product_id == top.c.component_id)
        .where(top.c.is_bundle)
    )


def among(column: Any, ids: Ids) -> ColumnElement[bool]:
    """Tell whether a column is one of some ids: thousands of parameters would take long."""
    given = ids if isinstance(ids, BindParameter) else literal([*ids], ARRAY(BigInteger))
    return column == any_(given)


def levels_of(product_id: int) -> Select[*tuple[Any, ...]]:
    """All that a product is made of, each part below what it is a part of.

    `level` counts from 1; `each` is what one go of the part above takes, `quantity` what one
    piece of the product takes in all. A part that comes from several sides has several rows.
    """
    made = aliased(Product)
    top = (
        select(
            literal(1).label("level"),
            Component.product_id.label("parent_id"),
            Component.component_id,
            Component.quantity.label("each"),
            cast(Component.quantity / made.build_quantity, EXACT).label("quantity"),
            array([Component.position]).label("place"),
        )
        .join(made, made.id == Component.product_id)
        .where(Component.product_id == product_id)
        .cte("levels", recursive=True)
    )
    inner, above = aliased(Component), aliased(Product)
    every = top.union_all(
        select(
            top.c.level + 1,
            inner.product_id,
            inner.component_id,
            inner.quantity,
            top.c.quantity * inner.quantity / above.build_quantity,
            func.array_append(top.c.place, inner.position),
        )
        .select_from(top)
        .join(inner, inner.product_id == top.c.component_id)
        .join(above, above.id == inner.product_id)
    )
    shown = (Product.id, Product.sku, Product.name, Product.unit, Product.kind)
    return (
        select(
            every.c.level,
            every.c.parent_id,
            every.c.each,
            every.c.quantity,
            Product.build_quantity,
            *shown,
        )
        .join(Product, Product.id == every.c.component_id)
        .order_by(every.c.place)
    )


def used_in(product_id: int) -> Select[*tuple[Any, ...]]:
    """Bundles and assemblies that a product is a part of, at whatever level: where it is used.

    `level` is 1 where it is a component itself, `quantity` how much one piece takes in all.
    """
    made = aliased(Product)
    top = (
        select(
            literal(1).label("level"),
            Component.product_id,
            cast(Component.quantity / made.build_quantity, EXACT).label("quantity"),
        )
        .join(made, made.id == Component.product_id)
        .where(Component.component_id == product_id)
        .cte("users", recursive=True)
    )
    outer, above = aliased(Component), aliased(Product)
    every = top.union_all(
        select(
            top.c.level + 1,
            outer.product_id,
            top.c.quantity * outer.quantity / above.build_quantity,
        )
        .select_from(top)
        .join(outer, outer.component_id == top.c.product_id)
        .join(above, above.id == outer.product_id)
    )
    return (
        select(
            func.min(every.c.level).label("level"),
            func.sum(every.c.quantity).label("quantity"),
            *(Product.id, Product.sku, Product.name, Product.unit),
            *(Product.kind, Product.is_active),
        )
        .join(Product, Product.id == every.c.product_id)
        .group_by(Product.id)
        .order_by(func.min(every.c.level), Product.sku)
    )


def bundles_with(product_ids: Collection[int]) -> Select[int]:
    """Which of some products are bundles, and all bundles that they are a part of."""
    start = select(Product.id).where(Product.id.in_(product_ids)).cte("those", recursive=True)
    outer = (
        select(Component.product_id)
        .select_from(start)
        .join(Component, Component.component_id == start.c.id)
    )
    every = start.union(outer)
    return select(Product.id).where(Product.id.in_(select(every.c.id)), Product.kind == BUNDLE)


def steps_below(product_ids: Collection[int]) -> Select[int, int]:
    """Every step down from some products to what they are made of: whole and component."""
    start = (
        select(Component.product_id, Component.component_id)
        .where(Component.product_id.in_(product_ids))
        .cte("steps", recursive=True)
    )
    inner = aliased(Component)
    lower = (
        select(inner.product_id, inner.component_id)
        .select_from(start)
        .join(inner, inner.product_id == start.c.component_id)
    )
    every = start.union(lower)  # each step once: so it ends, whatever circles there are
    return select(every.c.product_id, every.c.component_id)


def users_of(component_id: int) -> Select[str]:
    """SKUs of products in use that a product is a component of."""
    query = select(Product.sku).join(Component, Component.product_id == Product.id)
    return query.where(Component.component_id == component_id, Product.is_active).order_by(
        Product.sku
    )
