"""A shop's invoices imported, beside downloading and parsing the same pages.

`python -m bench.shopping full` and `download`, each in a process of its own; it prints its
figures as JSON. Our own pace (20 requests a second) is lifted for both.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from statistics import median
from typing import Any

import requests
from sqlalchemy import func, select

import config
from app import create_app
from app.catalog import services as catalog
from app.catalog.models import Product
from app.core.db import db
from app.core.jobs import runner
from app.integrations.hub.limiter import Rate
from app.integrations.inbound.applying import apply_changes
from app.integrations.services.credentials import connect_with_credentials
from app.integrations.sync.models import ExternalRecord, RejectedRecord, SyncRun
from app.integrations.systems.magento.connector import KINDS, Magento
from app.orders.models import SalesOrder
from app.stock import services as stock
from app.stock.models import Reservation
from bench.data import location_id
from bench.processes import Figures, figures_of, forget_connections, standin
from bench.report import Row
from tests.standins.magento.access import credential
from tests.standins.magento.products import kind_of, sku_of

# About 10,500 of 15,000 orders have an invoice, and some 11,000 are open.
ORDERS = int(os.environ.get("BENCH_ORDERS", "15000"))
PRODUCTS, ROUNDS = 100, 3
RATIO, SECONDS, FOLLOWED = 1.3, 60, 10_000
EACH = 1_000_000  # pieces of what the shop sells: every order can be reserved
ADDRESS = "MAGENTO_STANDIN"


def main() -> None:
    """Do what the command line names."""
    app = create_app(config.from_environment())
    Magento.rate = Rate(1e6, 10**6)
    with app.app_context():
        done = COMMANDS[sys.argv[1]]()
    print(json.dumps(done))  # noqa: T201


def full() -> Figures:
    """Connect, and read products, orders and invoices into an empty mirror."""
    forget_connections()
    token = {"access_token": credential("accesstoken")}
    connect_with_credentials(
        "magento", address=os.environ[ADDRESS], method="token", credentials=token
    )
    run = db.session.scalars(select(SyncRun)).one()
    began = time.perf_counter()
    runner.perform(run.job_run_id or 0)
    seconds = time.perf_counter() - began
    done = db.session.get_one(SyncRun, run.id, populate_existing=True)
    if done.state != "succeeded":
        raise RuntimeError(f"{done.state}: {done.problem}")
    invoices = select(func.count()).where(ExternalRecord.kind == "invoice")
    return {
        "seconds": seconds,
        "records": done.rows_in,
        "invoices": db.session.scalar(invoices),
        "connection": done.connection_id,
    }


def apply() -> Figures:
    """Let our orders follow those that are not history; all that they want is on a shelf."""
    connection_id = db.session.scalars(select(SyncRun.connection_id)).first() or 0
    _lay_out_goods()
    before = db.session.scalar(select(func.count(SalesOrder.id))) or 0
    began = time.perf_counter()
    apply_changes(connection_id)
    seconds = time.perf_counter() - began
    ours = select(func.count(SalesOrder.id)).where(SalesOrder.split_from_id.is_(None))
    held = select(func.count()).where(Reservation.state == "active")
    rejected = select(func.count()).where(RejectedRecord.resolved_at.is_(None))
    return {
        "seconds": seconds,
        "orders": (db.session.scalar(ours) or 0) - before,
        "reservations": db.session.scalar(held),
        "rejected": db.session.scalar(rejected),
    }


def _lay_out_goods() -> None:
    """Make what the shop sells ours, by its SKUs, and put plenty of it on shelves."""
    known = set(db.session.scalars(select(Product.sku)))
    numbers = [n for n in range(1, PRODUCTS + 1) if kind_of(n) == "simple"]
    for number in numbers:
        if (sku := sku_of(number)) in known:
            continue
        product = catalog.create_product(sku=sku, name=f"Thing to sell {number}")
        target = stock.find_target(
            product_id=product.id, location_id=location_id(number), reason="found"
        )
        stock.adjust_stock(target, quantity=Decimal(EACH), reason="found", key=sku)


def download() -> Figures:
    """Ask for the same counts and pages, parse them, and keep nothing: the limit."""
    shop, session = Magento(), requests.Session()
    session.headers["Authorization"] = f"Bearer {credential('accesstoken')}"

    def ask(asked: Any) -> Any:
        answer = session.get(f"{os.environ[ADDRESS]}{asked.path}", params=asked.params)
        answer.raise_for_status()
        return json.loads(answer.text, parse_float=Decimal)

    began, records = time.perf_counter(), 0
    for kind in KINDS:
        key, position, is_last = shop.stream(kind).key, None, False
        ask(shop.count_request("", kind))
        while not is_last:
            said = ask(shop.page_request("", kind, position))
            found = said["items"]
            records, is_last = records + len(found), said["total_count"] <= len(found)
            position = key(found[-1])
        ask(shop.count_request("", kind))
    return {"seconds": time.perf_counter() - began, "records": records}


COMMANDS: dict[str, Callable[[], Figures]] = {
    "full": full,
    "apply": apply,
    "download": download,
}


def rows() -> list[Row]:
    """Import a shop's history beside its download."""
    with standin("magento", ADDRESS, orders=ORDERS, products=PRODUCTS):
        rounds = [
            (figures_of("shopping", "full"), figures_of("shopping", "download"))
            for _ in range(ROUNDS)
        ]
        followed = figures_of("shopping", "apply")
    ours = median(done["seconds"] for done, _limit in rounds)
    limit = median(done["seconds"] for _done, done in rounds)
    invoices, records = rounds[0][0]["invoices"], rounds[0][0]["records"]
    per = followed["seconds"] / followed["orders"] * FOLLOWED
    if any(done["records"] != download["records"] for done, download in rounds):
        raise RuntimeError("Not everything was imported.")
    return [
        Row(
            f"Magento: {invoices:,} invoices with their orders ({records:,} records) imported",
            f"<= {RATIO} of the download",
            f"{limit:.1f} s",
            f"{ours:.1f} s",
            f"{ours / limit:.2f}",
            *("", ""),
            is_reached=ours <= RATIO * limit,
        ),
        Row(
            f"{followed['orders']:,} of them are open and become ours: confirmed, reserved "
            f"({followed['reservations']:,} reservations, {followed['rejected']:,} rejected)",
            f"<= {SECONDS} s for {FOLLOWED:,}",
            "",
            f"{followed['seconds']:.1f} s",
            f"{per:.1f} s for {FOLLOWED:,}",
            *("", ""),
            is_reached=per <= SECONDS,
        ),
    ]


if __name__ == "__main__":
    main()
