"""Sales: half a million lines of a real wholesaler come in, come again, and millions are asked.

The file is UCI's Online Retail (see the data beside the repository); without it only pivots are
measured, over lines that are made here: `BENCH_SALES_LINES` says how many.
"""

import lzma
import os
import resource
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from statistics import quantiles
from typing import Any

from flask import Flask
from sqlalchemy import func, select, text

from app.core.db import db, transaction
from app.imports import services
from app.imports.models import ImportRun
from app.sales.exploring import explore
from app.sales.queries import Wanted
from app.sales.services.lines import count_new
from app.sales.services.partitions import missing_months, new_months
from app.sales.tables import SUMS, sales_line
from bench.report import Row

RETAIL = (
    Path(__file__).parents[2] / "shared" / "data" / "online_retail_2010-12_to_2011-12.csv.xz"
)
LINES, IMPORT_SECONDS, MEGABYTES, PIVOT_SECONDS = 541_909, 15, 400, 1.0
MADE = int(os.environ.get("BENCH_SALES_LINES", "2000000"))
ITEMS, PARTIES, FIRST, DAYS = 4_000, 5_000, date(2023, 1, 2), 910
COUNTRIES = ("DE", "FR", "NL", "BE", "IT", "ES", "AT", "PL", "SE", "DK")
ROUNDS = 5
# What people ask: each by itself, and with filters.
ASKED: tuple[dict[str, Any], ...] = (
    {"rows": "month", "compares": True},
    {"rows": "week"},
    {"rows": "product"},
    {"rows": "product", "across": "month"},
    {"rows": "customer", "across": "quarter"},
    {"rows": "country", "across": "week"},
    {"rows": "kind"},
    {"rows": "product", "country": "FR"},
    {"rows": "month", "product": "I100"},
    {"rows": "product", "customer": "P77"},
    {"rows": "customer", "product": "I100", "across": "month"},
)


def rows(app: Flask) -> list[Row]:
    """Import the file twice, then ask for figures of many lines."""
    with app.app_context():
        measured = _imports() if RETAIL.exists() else []
        _make(MADE)
        return [*measured, _pivots()]


def _imports() -> list[Row]:
    content = lzma.decompress(RETAIL.read_bytes())
    run = services.upload("sales", file_name="retail.csv", content=content)
    services.choose(run, run.mapping, fixed={"currency": "GBP"})
    again = services.upload("sales", file_name="retail again.csv", content=content)
    services.choose(again, again.mapping, fixed={"currency": "GBP"})
    del content
    return [
        _import(run, "Import 541,909 lines of sales, checked", created=LINES),
        _import(again, "The same again: nothing changes", created=0),
    ]


def _import(run: ImportRun, work: str, *, created: int) -> Row:
    """Import in a process of its own, as a worker does, and read what it took."""
    seconds, megabytes, made = _in_child(lambda: services.run_import(run.id, dry_run=False))
    return Row(
        work,
        f"<= {IMPORT_SECONDS} s, < {MEGABYTES} MB",
        "",
        f"{seconds:.1f} s, {megabytes:.0f} MB, {made:,} new",
        "",
        "",
        "",
        is_reached=seconds <= IMPORT_SECONDS and megabytes < MEGABYTES and made == created,
    )


def _in_child(work: Callable[[], dict[str, Any]]) -> tuple[float, float, int]:
    """Do it in a fork: memory counts that of this work alone, on top of what is loaded."""
    reading, writing = os.pipe()
    db.session.remove()
    db.engine.dispose()
    if not os.fork():
        began = time.perf_counter()
        made = work()["created"]
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        os.write(writing, f"{time.perf_counter() - began} {peak} {made}".encode())
        os._exit(0)
    os.wait()
    seconds, megabytes, made = os.read(reading, 1000).decode().split()
    return float(seconds), float(megabytes), int(made)


def _make(count: int) -> None:
    """Make lines of 4,000 products and 5,000 customers over thirty months."""
    with transaction() as session:
        session.execute(text("SET LOCAL work_mem = '512MB'"))
        session.execute(text("SET LOCAL maintenance_work_mem = '512MB'"))
        session.execute(
            text("INSERT INTO sales_source (name) VALUES ('bench') ON CONFLICT DO NOTHING")
        )
        source = "(SELECT id FROM sales_source WHERE name = 'bench')"
        for table, letter, number in (
            ("sales_item", "I", ITEMS),
            ("sales_party", "P", PARTIES),
        ):
            session.execute(
                text(
                    f"INSERT INTO {table} (source_id, code, code_key, name) "  # noqa: S608
                    f"SELECT {source}, '{letter}' || n, lower('{letter}' || n), 'Name ' || n "
                    f"FROM generate_series(1, {number}) n ON CONFLICT DO NOTHING"
                )
            )
        days = (FIRST + timedelta(days=day) for day in range(0, DAYS + 31, 28))
        with new_months(session, missing_months(session, days)) as parts:
            _fill(session, parts.name, count)
            count_new(session, parts)
    for counted in (sales_line, *SUMS):
        db.session.execute(text(f"ANALYZE {counted.name}"))
    db.session.commit()


def _fill(session: Any, table: str, count: int) -> None:
    """Write lines in one statement: most are of few products, as sales are; repeatable."""
    countries = ", ".join(f"'{one}'" for one in COUNTRIES)
    session.execute(text("SELECT setseed(0.7)"))
    session.execute(
        text(
            f"""
            INSERT INTO {table} (sold_on, fingerprint, occurrence, source_id, document, line,
                item_id, party_id, country, rep, quantity, unit_price, amount, currency, value,
                kind)
            SELECT CAST(:first AS date) + m.day, CAST(lpad(to_hex(m.n), 32, '0') AS uuid), 1,
                   s.source, 'D' || m.n / 5, '', s.item + m.item, s.party + m.party,
                   (ARRAY[{countries}])[m.party % {len(COUNTRIES)} + 1], 'Rep ' || m.party % 12,
                   m.quantity, 2.5, m.quantity * 2.5, 'USD', m.quantity * 2.5, 'sale'
              FROM (
                SELECT n, CAST(floor(random() * {DAYS}) AS int) AS day,
                       LEAST(CAST(-ln(1 - random()) * {ITEMS} / 8 AS int), {ITEMS - 1}) AS item,
                       LEAST(CAST(-ln(1 - random()) * {PARTIES} / 5 AS int), {PARTIES - 1})
                           AS party,
                       CAST(1 + floor(random() * 24) AS int) AS quantity
                  FROM generate_series(1, :count) AS n) m
             CROSS JOIN (
                SELECT (SELECT id FROM sales_source WHERE name = 'bench') AS source,
                       (SELECT min(id) FROM sales_item WHERE name LIKE 'Name %') AS item,
                       (SELECT min(id) FROM sales_party WHERE name LIKE 'Name %') AS party) s
            """  # noqa: S608  (our own words)
        ),
        {"first": FIRST, "count": count},
    )


def _pivots() -> Row:
    """Ask each question a few times, by the clock."""
    period = {"since": FIRST + timedelta(days=365), "until": FIRST + timedelta(days=DAYS - 1)}
    taken = []
    for _round in range(ROUNDS):
        for asked in ASKED:
            began = time.perf_counter()
            explore(Wanted(**period | asked))
            taken.append(time.perf_counter() - began)
    lines = db.session.scalar(select(func.count()).select_from(sales_line)) or 0
    percentiles = quantiles(taken, n=20)
    return Row(
        f"Pivots over {lines:,} lines of sales",
        f"p95 <= {PIVOT_SECONDS:.0f} s",
        "",
        "",
        "",
        f"{percentiles[9] * 1000:.0f} ms",
        f"{percentiles[18] * 1000:.0f} ms",
        is_reached=percentiles[18] <= PIVOT_SECONDS,
    )
