"""What the suggestions of the reorder list cost at the size of a large company."""

import time
from collections.abc import Callable
from statistics import median

from flask import Flask
from sqlalchemy import text

from app.core.days import today
from app.core.db import db
from app.purchasing import queries, services
from bench.data import FIRST_ID
from bench.report import Row

ROUNDS, MOST_SECONDS = 5, 3.0
SALES_ORDERS, PURCHASE_ORDERS, LINES = 80_000, 20_000, 5  # of each order
FILL = """
INSERT INTO sales_order (number, customer_id, customer_name, status, order_date, confirmed_at)
SELECT 'SO-B' || n, (SELECT min(id) FROM customer), 'Bench', 'confirmed', current_date, now()
FROM generate_series(1, :sales) AS n;
INSERT INTO sales_order_line (order_id, position, product_id, sku, quantity)
SELECT id, place, :first + (id * 7919 + place * 104729) % :products, 'BN', 1 + place
FROM sales_order, generate_series(1, :lines) AS place WHERE number LIKE 'SO-B%';
INSERT INTO location (code, kind, path) VALUES ('BENCH-WH', 'warehouse', 'BENCH-WH/');
INSERT INTO purchase_order (
    number, vendor_id, vendor_name, warehouse_id, status, order_date, sent_at, due_on)
SELECT 'PO-B' || n, (SELECT min(id) FROM vendor), 'Bench', id, 'sent', current_date, now(),
    current_date + n % 60
FROM location, generate_series(1, :purchases) AS n WHERE code = 'BENCH-WH';
INSERT INTO purchase_order_line (
    order_id, position, product_id, sku, quantity, units_ordered, expected_on)
SELECT id, place, :first + (id * 6101 + place * 7853) % :products, 'BN', 20, 20, due_on
FROM purchase_order, generate_series(1, :lines) AS place WHERE number LIKE 'PO-B%'
"""


def rows(app: Flask, products: int) -> list[Row]:
    """Fill the books with open lines, and ask what is to be bought."""
    with app.app_context():
        _fill(products)
        whole = _seconds(lambda: len(services.needs_of()))
        page = _seconds(_first_page)
    lines = (SALES_ORDERS + PURCHASE_ORDERS) * LINES
    said = f"{products:,} products, {lines:,} open lines"
    return [
        _row(f"suggestions, all of them, {said}", whole),
        _row(f"first page of the reorder list, {said}", page),
    ]


def _fill(products: int) -> None:
    values = {
        "sales": SALES_ORDERS,
        "purchases": PURCHASE_ORDERS,
        "lines": LINES,
        "first": FIRST_ID,
        "products": products,
    }
    for statement in FILL.split(";\n"):
        db.session.execute(text(statement), values)
    db.session.commit()
    for table in ("sales_order", "sales_order_line", "purchase_order", "purchase_order_line"):
        db.session.execute(text(f"ANALYZE {table}"))
    db.session.commit()


def _first_page() -> int:
    found = queries.reorder_list(today=today(), search="", vendor_id=None).limit(50)
    ids = [row.id for row in db.session.execute(found)]
    return len(services.needs_of(ids))


def _seconds(work: Callable[[], int]) -> float:
    taken = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        if not work():
            raise RuntimeError("Nothing was found: the figures would mean nothing.")
        taken.append(time.perf_counter() - begun)
    return median(taken)


def _row(work: str, seconds: float) -> Row:
    reach = f"<= {MOST_SECONDS:.0f} s"
    told = f"{seconds:.2f} s"
    return Row(work, reach, "", told, "", "", "", is_reached=seconds <= MOST_SECONDS)
