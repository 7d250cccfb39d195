"""The trace of a lot, from its vendor to whoever has it, in a ledger of a million movements."""

import random
import time
from collections.abc import Callable
from http import HTTPStatus
from statistics import quantiles

from sqlalchemy import select, text

from app.core.db import db
from app.stock import queries, services
from app.stock.models import Lot
from bench.data import FIRST_ID
from bench.preparing import Prepared
from bench.report import Row

LOTS, PRODUCTS, OF_EACH = 20_000, 2_000, 50  # movements of each lot
ORDERS, CUSTOMERS = 5_000, 500
SPREAD = 37  # of the orders of one lot
CHAIN = 4  # lots that are built one of the other
ASKED, MOST_MS = 200, 100
# Of each lot: it is received, moved nine times, shipped 36 times, returned once, built into the
# next one, built of the one before, and the rest of it is written off.
FILL = """
INSERT INTO sales_order (number, customer_id, customer_name, status, order_date, confirmed_at)
SELECT 'SO-L' || n, (SELECT min(id) FROM customer), 'Bench', 'shipped', current_date, now()
FROM generate_series(0, :orders - 1) AS n;
INSERT INTO lot (product_id, code, expires_on)
SELECT :first + n % :products, 'BL' || n, current_date + n % 700
FROM generate_series(1, :lots) AS n;
INSERT INTO posting (key, request_hash, result)
SELECT 'bench ' || n || ' ' || m, '', '[]'
FROM generate_series(1, :lots) AS n, generate_series(0, :each - 1) AS m;
CREATE TEMPORARY TABLE bench_lot AS
SELECT id, product_id, substr(code, 3)::integer AS n FROM lot WHERE code LIKE 'BL%';
CREATE TEMPORARY TABLE bench_posting AS
SELECT id, split_part(key, ' ', 2)::integer AS n, split_part(key, ' ', 3)::integer AS m
FROM posting WHERE key LIKE 'bench %';
CREATE TEMPORARY TABLE bench_order AS
SELECT id, substr(number, 5)::integer AS n FROM sales_order WHERE number LIKE 'SO-L%';
ANALYZE bench_lot;
ANALYZE bench_posting;
ANALYZE bench_order;
INSERT INTO stock_movement (posting_id, product_id, lot_id, from_location_id, to_location_id,
    quantity, reason, document_type, document_id, occurred_at)
SELECT posting.id, lot.product_id, lot.id,
    CASE WHEN step = 0 THEN supplier.id WHEN step = 46 THEN customer.id
         WHEN step = 48 THEN outside.id ELSE :first + (lot.n + step) % 500 END,
    CASE WHEN step = 0 OR step = 46 OR step = 48 THEN :first + lot.n % 500
         WHEN step < 10 THEN :first + (lot.n + step + 1) % 500
         WHEN step < 46 THEN customer.id ELSE outside.id END,
    1,
    CASE WHEN step = 0 THEN 'received' WHEN step < 10 THEN 'moved' WHEN step < 46 THEN 'shipped'
         WHEN step = 46 THEN 'returned' WHEN step < 49 THEN 'assembled' ELSE 'expired' END,
    CASE WHEN step BETWEEN 10 AND 46 THEN 'order' END,
    CASE WHEN step BETWEEN 10 AND 46 THEN bench_order.id END,
    now() - (:each - step) * interval '1 hour'
FROM bench_lot AS lot
CROSS JOIN generate_series(0, :each - 1) AS step
JOIN bench_posting AS posting
    ON posting.n = lot.n - CASE WHEN step = 48 AND lot.n % :chain <> 1 THEN 1 ELSE 0 END
    AND posting.m = CASE WHEN step = 48 AND lot.n % :chain <> 1 THEN 47 ELSE step END
JOIN bench_order ON bench_order.n = (lot.n * :spread + step) % :orders
CROSS JOIN (SELECT min(id) AS id FROM location WHERE kind = 'supplier') AS supplier
CROSS JOIN (SELECT min(id) AS id FROM location WHERE kind = 'customer') AS customer
CROSS JOIN (SELECT min(id) AS id FROM location WHERE kind = 'adjustment') AS outside;
INSERT INTO lot (product_id, code) VALUES (:first, 'EVERYBODY');
INSERT INTO stock_movement (posting_id, product_id, lot_id, from_location_id, to_location_id,
    quantity, reason, document_type, document_id)
SELECT (SELECT min(id) FROM bench_posting), lot.product_id, lot.id, :first, place.id, 1,
    'shipped', 'order', bench_order.id
FROM lot, bench_order, (SELECT min(id) AS id FROM location WHERE kind = 'customer') AS place
WHERE lot.code = 'EVERYBODY';
ANALYZE lot;
ANALYZE stock_movement;
ANALYZE posting;
ANALYZE sales_order
"""


def rows(prepared: Prepared) -> list[Row]:
    """Fill the ledger, then follow lots that were not asked for before."""
    with prepared.app.app_context():
        _fill()
        ids = db.session.scalars(select(Lot.id).where(Lot.code.startswith("BL"))).all()
        asked = random.Random(5).sample([*ids], 2 * ASKED)  # noqa: S311
        traced = _slow(_trace, asked[:ASKED])
        called = db.session.scalars(select(Lot.id).where(Lot.code == "EVERYBODY")).one()
        recalled = _slow(_recall, [called] * 20)
        shown = _slow(_page(prepared), asked[ASKED:])
    said = f"over {LOTS * OF_EACH:,} movements, p95"
    return [
        _row(f"trace of a lot, {CHAIN} levels of builds, {said}", traced),
        _row(f"page of a lot with its trace, {said}", shown),
        _row(f"recall list of a lot with {ORDERS:,} deliveries, p95", recalled, most=500),
    ]


def _fill() -> None:
    values = {
        "orders": ORDERS,
        "first": FIRST_ID,
        "products": PRODUCTS,
        "lots": LOTS,
        "each": OF_EACH,
        "chain": CHAIN,
        "spread": SPREAD,
    }
    for statement in FILL.split(";\n"):
        db.session.execute(text(statement), values)
    db.session.commit()


def _trace(lot_id: int) -> int:
    lot = db.session.scalars(queries.lot(lot_id)).one()
    trace = services.trace_lot(lot)
    return len(trace.deliveries) * len(trace.arrivals)


def _recall(lot_id: int) -> int:
    return len(services.recall_lot(db.session.scalars(queries.lot(lot_id)).one()))


def _page(prepared: Prepared) -> Callable[[int], int]:
    client = prepared.app.test_client(use_cookies=False)

    def shown(lot_id: int) -> int:
        answer = client.get(f"/lots/{lot_id}", headers={"Cookie": prepared.cookie})
        return answer.status_code == HTTPStatus.OK and "Where it went" in answer.text

    return shown


def _slow(work: Callable[[int], int], ids: list[int]) -> float:
    """What all but one in twenty stay below, in milliseconds."""
    taken = []
    for number in ids:
        begun = time.perf_counter()
        found = work(number)
        taken.append((time.perf_counter() - begun) * 1000)
        if not found:
            raise RuntimeError("Nothing was found: the figures would mean nothing.")
        db.session.rollback()
    return quantiles(taken, n=20)[-1]


def _row(work: str, took: float, most: int = MOST_MS) -> Row:
    told = f"{took:.1f} ms"
    return Row(work, f"<= {most} ms", "", told, "", "", "", is_reached=took <= most)
