"""Planning: a grid of two thousand rows, what is written there, its baselines and accuracy."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from statistics import quantiles
from typing import Any
from uuid import uuid4

from flask import Flask
from sqlalchemy import insert, select, text

from app.accounts.models import User
from app.catalog.models import Customer
from app.core.db import db, transaction
from app.planning import queries, services
from app.planning.models import Cycle, ScopeRow
from app.planning.months import months_after
from app.planning.services.accuracy import ROWS, Wanted, measure
from app.planning.services.grid import grid_json
from app.planning.services.spreadsheets import forecast_file
from app.sales.services.partitions import ensure_months
from bench.data import FIRST_ID
from bench.report import Row

CUSTOMERS, OF_EACH, HORIZON, CYCLES = 100, 20, 18, 12  # 2,000 rows
HISTORY = 36  # months of sales, one line of each row a month
BLOCK, ROUNDS = 1_000, 20
GRID, SAVE, BASELINES, ASK, FILE = 0.15, 1.0, 120.0, 2.0, 10.0  # seconds
FIRST = months_after(datetime.now(UTC).date(), 1)
ITEMS = """
INSERT INTO sales_item (source_id, code, code_key, name, product_id)
SELECT s.id, 'B' || n, 'b' || n, 'Bench', :first + n
  FROM sales_source s, generate_series(1, :rows) n WHERE s.name = 'planning';
INSERT INTO sales_party (source_id, code, code_key, name, customer_id)
SELECT s.id, k.code, lower(k.code), k.name, k.id
  FROM sales_source s, customer k WHERE s.name = 'planning' AND k.id = ANY(:customers);
INSERT INTO sales_line (sold_on, fingerprint, occurrence, source_id, document, line, item_id,
       party_id, country, rep, quantity, unit_price, amount, currency, value, kind)
SELECT CAST(:begin AS date) + m * interval '1 month', gen_random_uuid(), 1, i.source_id, '', '',
       i.id, p.id, '', '', 20 + (s.id * 7 + m * 13) % 40, 1, 20, 'EUR', 20, 'sale'
  FROM planning_scope s
  JOIN sales_item i ON i.product_id = s.product_id AND i.name = 'Bench'
  JOIN sales_party p ON p.customer_id = s.customer_id AND p.source_id = i.source_id
 CROSS JOIN generate_series(0, :months - 1) m WHERE s.cycle_id = :cycle_id
"""


def rows(app: Flask) -> list[Row]:
    """Plan a year of cycles, each with a horizon of a year and a half."""
    with app.app_context():
        rep = db.session.scalars(select(User.id).order_by(User.id)).first() or 0
        cycles = _cycles(rep)
        _sell(cycles[-1])
        seconds = [_opened(cycle) for cycle in cycles]
        for cycle in cycles[:-1]:
            services.close_cycle(cycle)
        _analyze()
        return _measured(cycles[-1], seconds[-1])


def _measured(cycle_id: int, seconds: float) -> list[Row]:
    cycle = db.session.scalars(queries.cycle(cycle_id)).one()
    said = f"{CUSTOMERS * OF_EACH:,} rows x {HORIZON} months"
    year = {"since": months_after(FIRST, -CYCLES), "until": FIRST}
    return [
        _row(f"the grid's figures, {said}", GRID, lambda: _grid(cycle)),
        _row(f"a block of {BLOCK:,} cells written", SAVE, _writing(cycle_id)),
        _once(f"baselines of {CUSTOMERS * OF_EACH:,} rows", BASELINES, seconds),
        *(
            _row(f"accuracy by {one}, {CYCLES} cycles", ASK, _asking(rows=one, **year))
            for one in ROWS
        ),
        _row(f"the Excel file, {said}", FILE, lambda: forecast_file(cycle, rep_id=None), 3),
    ]


def _cycles(rep: int) -> list[int]:
    """Make drafts of the same two thousand rows, month after month."""
    customers = db.session.scalars(select(Customer.id).order_by(Customer.id).limit(CUSTOMERS))
    pairs = [
        {"customer_id": one, "product_id": FIRST_ID + 1 + place * OF_EACH + number}
        for place, one in enumerate(customers)
        for number in range(OF_EACH)
    ]
    made = []
    for number in range(CYCLES):
        month = months_after(FIRST, number + 1 - CYCLES)
        cycle = services.create_cycle(
            month=month, months=HORIZON, due_on=month, threshold=0, rep_ids=[rep]
        )
        with transaction() as session:
            of_cycle = {"cycle_id": cycle.id, "user_id": rep}
            session.execute(insert(ScopeRow), [pair | of_cycle for pair in pairs])
        made.append(cycle.id)
    return made


def _sell(cycle_id: int) -> None:
    begin = months_after(FIRST, -HISTORY)
    values: dict[str, Any] = {
        "first": FIRST_ID,
        "rows": CUSTOMERS * OF_EACH,
        "customers": [*db.session.scalars(select(ScopeRow.customer_id).distinct())],
        "begin": begin + timedelta(days=9),
        "months": HISTORY - 1,
        "cycle_id": cycle_id,
    }
    with transaction() as session:
        ensure_months(session, [months_after(begin, number) for number in range(HISTORY)])
        session.execute(text("INSERT INTO sales_source (name) VALUES ('planning')"))
        for statement in ITEMS.split(";\n"):
            session.execute(text(statement), values)
    _analyze()


def _opened(cycle_id: int) -> float:
    """Open a cycle and make its baselines; gives the seconds that these took."""
    services.open_cycle(cycle_id)
    begun = time.perf_counter()
    services.make_baselines(cycle_id)
    return time.perf_counter() - begun


def _analyze() -> None:
    db.session.commit()
    for table in ("sales_line", "sales_item", "sales_party", "planning_scope"):
        db.session.execute(text(f"ANALYZE {table}"))
    db.session.execute(text("ANALYZE planning_snapshot"))
    db.session.commit()


def _grid(cycle: Cycle) -> int:
    return len(grid_json(cycle, rep_id=None, writes_all=True))


def _writing(cycle_id: int) -> Callable[[], int]:
    ids = db.session.scalars(select(ScopeRow.id).where(ScopeRow.cycle_id == cycle_id)).all()
    months = [months_after(FIRST, number) for number in range(BLOCK // 100)]
    rounds = iter(range(ROUNDS))

    def write() -> int:
        version = next(rounds)
        edits = [
            services.CellEdit(
                op_id=uuid4(),
                row_id=row,
                month=month,
                version=version,
                quantity=Decimal(version),
                source="pasted",
            )
            for row in ids[:100]
            for month in months
        ]
        return len(services.save_cells(cycle_id, edits, rep_id=None).saved)

    return write


def _asking(**asked: Any) -> Callable[[], int]:
    def ask() -> int:
        db.session.rollback()
        return len(measure(Wanted(**asked)).rows)

    return ask


def _row(work: str, most: float, do: Callable[[], Any], rounds: int = ROUNDS) -> Row:
    taken = []
    for _ in range(rounds):
        begun = time.perf_counter()
        if not do():
            raise RuntimeError("Nothing was found: the figures would mean nothing.")
        taken.append(time.perf_counter() - begun)
    worst = quantiles(taken, n=20)[-1]
    p50, p95 = f"{sorted(taken)[rounds // 2] * 1000:.0f} ms", f"{worst * 1000:.0f} ms"
    return Row(work, _reach(most), "", p95, "", p50, p95, is_reached=worst <= most)


def _once(work: str, most: float, seconds: float) -> Row:
    reached = seconds <= most
    return Row(work, _reach(most), "", f"{seconds:.1f} s", "", "", "", is_reached=reached)


def _reach(seconds: float) -> str:
    return f"<= {seconds:g} s"
