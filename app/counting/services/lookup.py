"""Counts by what they are called."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import select

from app.core.db import db
from app.counting.models import CountTask
from app.counting.models.tasks import OPEN
from app.counting.queries.plans import plan_of


def names_of_counts(task_ids: Collection[int]) -> dict[int, str]:
    """Give what counts are called, by id: their number is all their name."""
    return {number: f"Count {number}" for number in task_ids}


def uses_of_location(location_id: int) -> Sequence[str]:
    """Open counts of a location, and the plan by which a warehouse is counted."""
    plans = db.session.scalars(plan_of(location_id))
    planned = [f"it is counted by plan {number}: end that first" for number in plans]
    return [*_open(CountTask.location_id == location_id), *planned]


def uses_of_product(product_id: int) -> Sequence[str]:
    """Open counts of a product."""
    return _open(CountTask.product_id == product_id)


def _open(about: Any) -> list[str]:
    query = select(CountTask.id).where(about, CountTask.state.in_(OPEN))
    return [f"count {number} is open" for number in db.session.scalars(query)]
