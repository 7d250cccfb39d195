"""A ledger of 100,000 rows, from Amazon's report to what differs from our books.

`python -m bench.marketplaces full` and so on, each in a process of its own; it prints its
figures as JSON. Amazon's pace (a report a minute) is lifted: it would hide what the work costs.
"""

import json
import os
import resource
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from sqlalchemy import func, select

import config
from app import create_app
from app.catalog.models import Product
from app.core.db import db
from app.core.jobs import runner
from app.integrations.hub.limiter import Rate
from app.integrations.inbound.applying import apply_changes
from app.integrations.marketplaces.models import LedgerEvent
from app.integrations.services.credentials import connect_with_credentials
from app.integrations.sync.models import RejectedRecord, SyncRun
from app.integrations.systems.amazon.connector import Amazon
from app.reconcile.discrepancies import services
from app.stock.models import Location
from bench.processes import Figures, figures_of, forget_connections, standin
from bench.report import Row
from tests.standins.amazon.state import CLIENT, NUMBER, REFRESH, SECRET

ROWS, SKUS = int(os.environ.get("BENCH_LEDGER_ROWS", "100000")), 1000
SECONDS, MEGABYTES = 15, 300
ADDRESS = "AMAZON_STANDIN"


def main() -> None:
    """Do what the command line names."""
    app = create_app(config.from_environment())
    Amazon.rate, Amazon.rates = Rate(1e6, 10**6), {}
    with app.app_context():
        done = COMMANDS[sys.argv[1]]()
    done["megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(done))  # noqa: T201


def full() -> Figures:
    """Connect, and read everything into an empty mirror."""
    forget_connections()
    ends = datetime.now(UTC) + timedelta(days=100)
    connect_with_credentials("amazon", address=NUMBER, method="eu", credentials={
        "marketplace": "DE", "client_id": CLIENT, "client_secret": SECRET,
        "refresh_token": REFRESH, "secret_ends": f"{ends:%Y-%m-%d}",
    })  # fmt: skip
    run = db.session.scalars(select(SyncRun)).one()
    began = time.perf_counter()
    runner.perform(run.job_run_id or 0)
    seconds = time.perf_counter() - began
    done = db.session.get_one(SyncRun, run.id, populate_existing=True)
    if done.state != "succeeded":
        raise RuntimeError(f"{done.state}: {done.problem}")
    return {"seconds": seconds, "records": done.rows_in}


def apply() -> Figures:
    """Let our rows follow."""
    began = time.perf_counter()
    apply_changes(_connection_id())
    seconds = time.perf_counter() - began
    rejected = select(func.count()).where(RejectedRecord.resolved_at.is_(None))
    return {
        "seconds": seconds,
        "rows": db.session.scalar(select(func.count(LedgerEvent.id))),
        "rejected": db.session.scalar(rejected),
    }


def compare() -> Figures:
    """Compare with our books, which know of nothing there."""
    connection_id = _connection_id()
    for number in range(SKUS):
        db.session.add(Product(sku=f"KIT-{number + 1:04d}", name="Kettle"))
    place = Location(code="FBA", path="FBA/", kind="bin")
    db.session.add(place)
    db.session.commit()
    apply_changes(connection_id)
    services.set_comparison(connection_id, location="FBA", tolerance=Decimal(0))
    began = time.perf_counter()
    found = services.find_discrepancies()
    return {"seconds": time.perf_counter() - began, **found}


def _connection_id() -> int:
    return db.session.scalars(select(SyncRun.connection_id)).first() or 0


COMMANDS: dict[str, Callable[[], Figures]] = {"full": full, "apply": apply, "compare": compare}


def rows() -> list[Row]:
    """Read a seller's ledger, let ours follow, and compare."""
    with standin("amazon", ADDRESS, skus=SKUS, rows=ROWS, days=10):
        read = figures_of("marketplaces", "full")
    followed, compared = (
        figures_of("marketplaces", "apply"),
        figures_of("marketplaces", "compare"),
    )
    seconds = read["seconds"] + followed["seconds"] + compared["seconds"]
    memory = max(one["megabytes"] for one in (read, followed, compared))
    return [
        Row(
            f"A ledger of {followed['rows']:,} rows to {compared['differing']:,} discrepancies "
            f"({followed['rejected']:,} rejected)",
            f"<= {SECONDS} s, < {MEGABYTES} MB",
            "",
            f"{seconds:.1f} s, {memory:.0f} MB",
            *("", "", ""),
            is_reached=seconds <= SECONDS and memory < MEGABYTES,
        )
    ]


if __name__ == "__main__":
    main()
