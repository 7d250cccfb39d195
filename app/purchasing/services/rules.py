"""Rules of reorder by warehouse are made, changed and taken away."""

from decimal import Decimal
from typing import Any

from app.catalog.models import Product
from app.catalog.rules import Rule
from app.core.checks import checked, named_when_taken
from app.core.db import db, locked, transaction
from app.core.errors import AlreadyExists, Invalid
from app.core.quantities import LARGEST_QUANTITY, QUANTITY_DECIMALS
from app.purchasing import queries
from app.purchasing.models import ReorderRule
from app.purchasing.services.creating import checked_warehouse

LONGEST_DAYS = 3650


def _quantity(number: Decimal | None) -> Decimal:
    number = number or Decimal(0)
    if not number.is_finite() or not 0 <= number < LARGEST_QUANTITY:
        raise ValueError("Enter a quantity of zero or more.")
    if number != round(number, QUANTITY_DECIMALS):
        raise ValueError(f"At most {QUANTITY_DECIMALS} decimals.")
    return number


def _days(days: int | None) -> int | None:
    if days is not None and not 0 <= days <= LONGEST_DAYS:
        raise ValueError(f"From 0 to {LONGEST_DAYS} days.")
    return days


RULES: dict[str, Rule] = {
    "reorder_point": _quantity,
    "reorder_quantity": _quantity,
    "safety_stock": _quantity,
    "maximum_stock": lambda number: None if number is None else _quantity(number),
    "lead_time_days": _days,
}


@named_when_taken
def create_rule(*, product_id: int, warehouse_id: int, **values: Any) -> ReorderRule:
    """Say when and how much of a product is bought for a warehouse.

    `values` are `reorder_point`, `reorder_quantity`, `maximum_stock`, `safety_stock` and
    `lead_time_days`.

    Raises:
        Invalid: There is no such product or warehouse, or a value does not fit.
        AlreadyExists: There is such a rule.
    """
    kept = checked(values, RULES)
    with transaction() as session:
        product = session.get(Product, product_id)
        if product is None:
            raise Invalid("product_id", "There is no such product.")
        place = checked_warehouse(warehouse_id)
        same = queries.rules(product_id=product_id, warehouse_id=place)
        if other := session.scalars(same).one_or_none():
            where = other.warehouse.code
            raise AlreadyExists("warehouse_id", f"{product.sku} has a rule for {where}.")
        rule = ReorderRule(product_id=product_id, warehouse_id=place, **kept)
        session.add(rule)
        session.flush()
    return rule


def revise_rule(rule_id: int, *, version: int | None, **changes: Any) -> ReorderRule:
    """Change a rule as it was in `version`; what is not given stays.

    Raises:
        StaleVersion: Somebody else was faster.
        Invalid: A value does not fit.
    """
    kept = checked(changes, RULES)
    with transaction() as session:
        rule = session.scalars(locked(queries.rule(rule_id), ReorderRule)).one()
        rule.revise(version=version, **kept)
        session.flush()
    return rule


def delete_rule(rule_id: int) -> None:
    """Let the product's own reorder point count again, where it was the last of its rules."""
    with transaction() as session:
        if rule := db.session.get(ReorderRule, rule_id):
            session.delete(rule)
