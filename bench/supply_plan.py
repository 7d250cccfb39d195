"""A supply plan of ten thousand products on four levels, as the job makes it."""

import time
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import insert, select, text

from app.accounts.models import User
from app.catalog.models import Customer
from app.core.days import today
from app.core.db import db, transaction
from app.planning import services as planning
from app.planning.models import ScopeRow
from app.planning.months import months_after
from app.supply import services
from app.supply.jobs import make_supply_plan
from app.supply.models import SupplyPlan
from bench.data import FIRST_ID
from bench.report import Row

LEVELS, EACH, PARTS, MONTHS = 4, 2_500, 3, 12  # products of a level, components of each
SECONDS = 20.0
ORDERS, LINES = 10_000, 2
# What other measurements have left is put away: it would be planned, too.
MADE = """
DELETE FROM product_component;
UPDATE product SET kind = 'item' WHERE kind <> 'item';
UPDATE sales_order SET status = 'cancelled' WHERE status <> 'shipped';
UPDATE purchase_order SET status = 'cancelled' WHERE status IN ('draft', 'approved', 'sent');
INSERT INTO product_component (product_id, component_id, position, quantity)
SELECT :first + level * :each + n, :first + (level + 1) * :each + (n * 7 + place * 613) % :each,
       place, 1 + n % 3
  FROM generate_series(0, :levels - 2) AS level, generate_series(0, :each - 1) AS n,
       generate_series(1, :parts) AS place;
UPDATE product SET kind = 'assembly', lead_time_days = 5
 WHERE id IN (SELECT product_id FROM product_component);
UPDATE product SET safety_stock = 20, lead_time_days = 21
 WHERE id BETWEEN :first + (:levels - 1) * :each AND :first + :levels * :each - 1;
INSERT INTO sales_order (number, customer_id, customer_name, status, order_date, delivery_date,
       confirmed_at)
SELECT 'SO-P' || n, (SELECT min(id) FROM customer), 'Bench', 'confirmed', :today,
       CAST(:today AS date) + n % 200, now()
  FROM generate_series(1, :orders) AS n;
INSERT INTO sales_order_line (order_id, position, product_id, sku, quantity)
SELECT id, place, :first + (id * 7919 + place * 104729) % :each, 'BN', 1 + place
  FROM sales_order, generate_series(1, :lines) AS place WHERE number LIKE 'SO-P%'
"""


def rows(app: Flask) -> list[Row]:
    """Forecast the first level and the last, then make the plan."""
    with app.app_context():
        _fill()
        _forecast()
        plan = services.create_plan(make_supply_plan, months=MONTHS)
        begun = time.perf_counter()
        services.make_plan(plan.id)
        seconds = time.perf_counter() - begun
        db.session.expire_all()
        made = db.session.get_one(SupplyPlan, plan.id)
        if made.products < LEVELS * EACH:
            raise RuntimeError("Products are missing: the figure would mean nothing.")
        told = f"{seconds:.1f} s, {made.suggestions:,} suggestions"
        work = f"supply plan, {made.products:,} products, {MONTHS} months, {LEVELS} levels"
        return [
            Row(
                work, f"<= {SECONDS:.0f} s", "", told, "", "", "", is_reached=seconds <= SECONDS
            )
        ]


def _fill() -> None:
    values: dict[str, Any] = {
        "first": FIRST_ID + 1,
        "each": EACH,
        "levels": LEVELS,
        "parts": PARTS,
        "orders": ORDERS,
        "lines": LINES,
        "today": today(),
    }
    for statement in MADE.split(";\n"):
        db.session.execute(text(statement), values)
    db.session.commit()
    for table in ("product", "product_component", "sales_order", "sales_order_line"):
        db.session.execute(text(f"ANALYZE {table}"))
    db.session.commit()


def _forecast() -> None:
    """Say so much a month for each product of the first level and of the last."""
    rep = db.session.scalars(select(User.id).order_by(User.id)).first() or 0
    customer = db.session.scalars(select(Customer.id).order_by(Customer.id)).first()
    # Another measurement has cycles of the months about now.
    month = months_after(today().replace(day=1) + timedelta(0), 0)
    cycle = planning.create_cycle(
        month=months_after(month, -1),
        months=MONTHS + 1,
        due_on=month,
        threshold=0,
        rep_ids=[rep],
    )
    ends = [*range(EACH), *range((LEVELS - 1) * EACH, LEVELS * EACH)]
    of_cycle = {"cycle_id": cycle.id, "user_id": rep, "customer_id": customer}
    with transaction() as session:
        session.execute(
            insert(ScopeRow), [of_cycle | {"product_id": FIRST_ID + 1 + n} for n in ends]
        )
    planning.open_cycle(cycle.id)
    with transaction() as session:
        session.execute(
            text(
                "INSERT INTO forecast_cell (scope_id, month, quantity, version, source) "
                "SELECT s.id, CAST(:month AS date) + m * interval '1 month', 5 + s.id % 40, 1, "
                "'api' FROM planning_scope s, generate_series(-1, :months - 1) m "
                "WHERE s.cycle_id = :cycle_id"
            ),
            {"month": month, "months": MONTHS, "cycle_id": cycle.id},
        )
