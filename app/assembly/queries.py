"""Selects over builds. Nothing here executes: callers fetch or page."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, SQLColumnExpression, func, or_, select
from sqlalchemy.orm import joinedload

from app.assembly.models import Build
from app.catalog import queries as catalog
from app.catalog.models import Component, ComponentSubstitute, Product
from app.catalog.queries import among
from app.core.codes import id_in
from app.core.search import has_part
from app.stock.models import Balance, Movement
from app.stock.queries.inventory import AVAILABLE

BUILD = "build"  # what movements of builds name as their document
SORTS: dict[str, SQLColumnExpression[Any]] = {"number": Build.id}


def makings_below(product_id: int) -> Select[*tuple[Any, ...]]:
    """What a product and all that it is made of take, one row for each component.

    The whole, its kind, how many of it come of one go, the component, how much of that one go
    takes, and how much of it is available, wherever it lies.
    """
    below = catalog.steps_below([product_id]).cte("below")
    there = (
        select(Balance.product_id, func.sum(AVAILABLE).label("available"))
        .where(Balance.product_id.in_(select(below.c.component_id)))
        .group_by(Balance.product_id)
        .subquery("there")
    )
    return (
        select(
            Component.product_id,
            Product.kind,
            Product.build_quantity,
            Component.component_id,
            Component.quantity,
            func.coalesce(there.c.available, 0),
        )
        .join(Product, Product.id == Component.product_id)
        .outerjoin(there, there.c.product_id == Component.component_id)
        .where(Component.product_id.in_(select(below.c.product_id)))
    )


def substitutes_in(product_ids: Collection[int]) -> Select[*tuple[Any, ...]]:
    """What may be taken for components of some products, the first of them first.

    The whole, the component, what may stand for it, and how much of that is available.
    """
    of = ComponentSubstitute
    wholes = among(Component.product_id, product_ids)
    there = (
        select(func.coalesce(func.sum(AVAILABLE), 0))
        .where(Balance.product_id == of.substitute_id)
        .scalar_subquery()
    )
    return (
        select(Component.product_id, Component.component_id, of.substitute_id, there)
        .join(of, of.line_id == Component.id)
        .join(Product, Product.id == of.substitute_id)
        .where(wholes, Product.is_active)
        .order_by(of.line_id, of.position)
    )


def builds(*, search: str = "", product_id: int | None = None) -> Select[Build]:
    """Builds that a search lets through, with all that lists and pages name of them."""
    query = (
        select(Build)
        .join(Build.product)
        .options(
            joinedload(Build.product, innerjoin=True),
            joinedload(Build.location, innerjoin=True),
            joinedload(Build.actor),
            joinedload(Build.undone_by),
        )
    )
    if product_id is not None:
        query = query.where(Build.product_id == product_id)
    if term := search.strip():
        number = id_in(term, prefix="BD-")
        found = [
            has_part(term, codes=(Product.sku,), names=(Product.name,)),
        ]
        if number is not None:
            found.append(Build.id == number)
        query = query.where(or_(*found))
    return query


def build(build_id: int) -> Select[Build]:
    """One of them."""
    return builds().where(Build.id == build_id)


def build_of_posting(posting_id: int) -> Select[Build]:
    """The build that a posting was made for."""
    return builds().where(Build.posting_id == posting_id)


def movements_of(build: Build) -> Select[Movement]:
    """What a build took and gave, as it was posted."""
    return (
        select(Movement)
        .options(
            joinedload(Movement.product, innerjoin=True),
            joinedload(Movement.from_location, innerjoin=True),
            joinedload(Movement.to_location, innerjoin=True),
            joinedload(Movement.lot),
        )
        .where(Movement.posting_id == build.posting_id)
        .order_by(Movement.id)
    )
