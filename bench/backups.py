"""A backup of a million movements, tried as it is each night, and put back."""

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psycopg2
from flask import Flask

from app.core.db import db
from bench.data import FIRST_ID, LOCATIONS
from bench.report import Row
from local import services

MOVEMENTS, LINES = 1_000_000, 10  # movements, and how many belong to one posting
MOST_SECONDS = 60
# As many postings as an office makes, and what they moved, written by the server itself.
POSTINGS = """
INSERT INTO posting (id, key, request_hash, result) OVERRIDING SYSTEM VALUE
SELECT 20000000 + n, 'bench:' || n, md5(n::text), '[]' FROM generate_series(1, %s) n
"""
LEDGER = """
INSERT INTO stock_movement (posting_id, product_id, from_location_id, to_location_id, quantity,
                            reason, occurred_at)
SELECT 20000001 + n / %(lines)s, %(first)s + n %% %(products)s, %(first)s + n %% %(places)s,
       %(first)s + (n + 1) %% %(places)s, 1 + n %% 50, 'moved',
       now() - n * interval '30 seconds'
FROM generate_series(0, %(count)s - 1) n
"""


def rows(app: Flask, products: int) -> list[Row]:
    """Fill the ledger, back it up, and put the file back; nobody may use the database then."""
    home = Path(os.environ["OPSROOM_HOME"])
    with app.app_context():
        db.engine.dispose()
    _fill(home, products)
    folder = home / "backups"
    backup = _timed("backup", "--to", str(folder))
    [file] = folder.iterdir()
    restore = _timed("restore", str(file))
    moved = _count(home)
    return [
        _row("`flask backup`, tried in a scratch database", backup, moved),
        _row("`flask restore`, compared", restore, moved),
    ]


def _fill(home: Path, products: int) -> None:
    about = {"first": FIRST_ID, "products": products, "places": LOCATIONS}
    about |= {"count": MOVEMENTS, "lines": LINES}
    with _connected(home) as connection, connection.cursor() as cursor:
        cursor.execute(POSTINGS, [MOVEMENTS // LINES])
        cursor.execute(LEDGER, about)


def _timed(*words: str) -> float:
    began = time.monotonic()
    subprocess.run([sys.executable, "-m", "flask", "--app", "wsgi", *words], check=True)
    return time.monotonic() - began


def _count(home: Path) -> int:
    with _connected(home) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM stock_movement")
        return int(cursor.fetchone()[0])


def _connected(home: Path) -> Any:
    run = services.run_directory(home)
    return psycopg2.connect(host=run, user=services.USER, dbname=services.DATABASE)


def _row(work: str, seconds: float, moved: int) -> Row:
    return Row(
        f"{work}: {MOVEMENTS:,} movements",
        f"<= {MOST_SECONDS} s, totals equal",
        "",
        f"{seconds:.0f} s, {moved:,} movements",
        *("", "", ""),
        is_reached=seconds <= MOST_SECONDS and moved >= MOVEMENTS,
    )
