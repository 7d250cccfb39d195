"""What reorder, bundles and bills of materials cost at the size of a large company."""

import time
from collections.abc import Callable
from statistics import median, quantiles

from flask import Flask
from sqlalchemy import text

from app.assembly import services as assembly
from app.catalog import queries as catalog
from app.catalog.figures import figures_of
from app.catalog.models import Product
from app.core.days import today
from app.core.db import db
from app.purchasing import queries, services
from bench.data import FIRST_ID
from bench.report import Row

ROUNDS, MOST_SECONDS = 5, 3.0
# A tree in which each product has seven components: four levels below the first.
PARTS, BRANCHES, MOST_BUILDABLE_MS = 2_679, 7, 50
BUNDLES, OFTEN, MOST_BUNDLES_MS = 1_000, 40, 100
MADE = """
INSERT INTO product_component (product_id, component_id, position, quantity)
SELECT :first + (n - 1) / :branches, :first + n, n, 1 + n % 3
FROM generate_series(1, :parts) AS n;
UPDATE product SET kind = 'assembly'
WHERE id IN (SELECT product_id FROM product_component);
UPDATE stock_balance SET on_hand = on_hand + 1000
WHERE product_id BETWEEN :first AND :first + :parts;
INSERT INTO stock_balance (product_id, location_id, on_hand)
SELECT :first + n, :first, 1000 FROM generate_series(0, :parts) AS n
WHERE NOT EXISTS (SELECT FROM stock_balance WHERE product_id = :first + n);
INSERT INTO product_component (product_id, component_id, position, quantity)
SELECT :first + 10000 + n, :first + 20000 + (n * 7 + place * 13) % 5000, place, place
FROM generate_series(1, :bundles) AS n, generate_series(1, 3) AS place;
DELETE FROM stock_balance AS balance USING product_component AS made
WHERE balance.product_id = made.product_id AND made.product_id > :first + 10000;
UPDATE product SET kind = 'bundle'
WHERE id BETWEEN :first + 10001 AND :first + 10000 + :bundles
"""
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
        _fill_components()
        levels = _seconds(lambda: sum(assembly.buildable(FIRST_ID)) + 1)
        bundles = _slow(_bundles)
    lines = (SALES_ORDERS + PURCHASE_ORDERS) * LINES
    said = f"{products:,} products, {lines:,} open lines"
    return [
        _quick(
            f"available of a bill of materials, 4 levels, {PARTS:,} lines",
            levels,
            MOST_BUILDABLE_MS,
        ),
        _quick(
            f"{BUNDLES:,} bundles listed with what is available, p95", bundles, MOST_BUNDLES_MS
        ),
        _row(f"suggestions, all of them, {said}", whole),
        _row(f"first page of the reorder list, {said}", page),
    ]


def _fill_components() -> None:
    values = {"first": FIRST_ID, "branches": BRANCHES, "parts": PARTS, "bundles": BUNDLES}
    for statement in MADE.split(";\n"):
        db.session.execute(text(statement), values)
    db.session.commit()
    for table in ("product", "product_component", "stock_balance"):
        db.session.execute(text(f"ANALYZE {table}"))
    db.session.commit()


def _bundles() -> int:
    found = catalog.in_list(catalog.products(is_active=True)).where(Product.kind == "bundle")
    rows = db.session.execute(found.order_by(Product.sku).limit(BUNDLES)).all()
    return len(figures_of([row.id for row in rows]))


def _slow(work: Callable[[], int]) -> float:
    """What all but one in twenty stay below."""
    return quantiles([_seconds(work, rounds=1) for _ in range(OFTEN)], n=20)[-1]


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


def _seconds(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    taken = []
    for _ in range(rounds):
        begun = time.perf_counter()
        if not work():
            raise RuntimeError("Nothing was found: the figures would mean nothing.")
        taken.append(time.perf_counter() - begun)
    return median(taken)


def _row(work: str, seconds: float) -> Row:
    reach = f"<= {MOST_SECONDS:.0f} s"
    told = f"{seconds:.2f} s"
    return Row(work, reach, "", told, "", "", "", is_reached=seconds <= MOST_SECONDS)


def _quick(work: str, seconds: float, most: int) -> Row:
    told = f"{seconds * 1000:.0f} ms"
    return Row(work, f"<= {most} ms", "", told, "", "", "", is_reached=seconds * 1000 <= most)
