"""A shop's invoices imported, beside downloading and parsing the same pages.

`python -m bench.shopping full` and `download`, each in a process of its own; it prints its
figures as JSON. Our own pace (20 requests a second) is lifted for both.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import Any

import requests
from sqlalchemy import func, select, text

import config
from app import create_app
from app.core.db import db
from app.core.jobs import runner
from app.integrations.hub.limiter import Rate
from app.integrations.inbound.applying import apply_changes
from app.integrations.services.credentials import connect_with_credentials
from app.integrations.sync.models import ExternalRecord, SyncRun
from app.integrations.systems.magento.connector import KINDS, Magento
from bench.report import Row
from bench.servers import free_port, wait_for
from local import children
from tests.standins.magento.access import credential

ORDERS, PRODUCTS, ROUNDS = 15_000, 100, 3  # about 10,500 of the orders have an invoice
RATIO = 1.3
ADDRESS = "MAGENTO_STANDIN"
FORGOTTEN = (
    "connection, external_record, record_link, sync_run, stream_state, sync_page, job_run"
)

Figures = dict[str, Any]


def main() -> None:
    """Do what the command line names."""
    app = create_app(config.from_environment())
    Magento.rate = Rate(1e6, 10**6)
    with app.app_context():
        done = COMMANDS[sys.argv[1]]()
    print(json.dumps(done))  # noqa: T201


def full() -> Figures:
    """Connect, and read products, orders and invoices into an empty mirror."""
    db.session.execute(text(f"TRUNCATE {FORGOTTEN} CASCADE"))
    db.session.commit()
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
    """Let our orders follow those that are not history."""
    connection_id = db.session.scalars(select(SyncRun.connection_id)).first() or 0
    began = time.perf_counter()
    counts = apply_changes(connection_id)
    return {"seconds": time.perf_counter() - began, **counts}


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


@contextmanager
def magento() -> Iterator[None]:
    """Run a stand-in shop in a process of its own."""
    port = free_port()
    command = [
        *(sys.executable, "-m", "tests.standins.magento", "--port", str(port)),
        *("--orders", str(ORDERS), "--products", str(PRODUCTS)),
    ]
    log = Path(os.environ["OPSROOM_HOME"], "magento.log")
    server = children.spawn(command, stop=signal.SIGINT, log=log)
    os.environ[ADDRESS] = f"http://127.0.0.1:{port}"
    try:
        wait_for(port)
        yield
    finally:
        children.stop(server, signal.SIGINT)


def rows() -> list[Row]:
    """Import a shop's history beside its download."""
    with magento():
        rounds = [(_run("full"), _run("download")) for _ in range(ROUNDS)]
        followed = _run("apply")
    ours = median(done["seconds"] for done, _limit in rounds)
    limit = median(done["seconds"] for _done, done in rounds)
    invoices, records = rounds[0][0]["invoices"], rounds[0][0]["records"]
    if any(done["records"] != download["records"] for done, download in rounds):
        raise RuntimeError("Not everything was imported.")
    return [
        Row(
            f"Magento: {invoices:,} invoices with their orders ({records:,} records) imported; "
            "our orders follow",
            f"<= {RATIO} of the download",
            f"{limit:.1f} s",
            f"{ours:.1f} s; {followed['seconds']:.1f} s",
            f"{ours / limit:.2f}",
            *("", ""),
            is_reached=ours <= RATIO * limit,
        )
    ]


def _run(command: str) -> Figures:
    done = subprocess.run(
        [sys.executable, "-m", "bench.shopping", command],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    found: Figures = json.loads(done.stdout.splitlines()[-1])
    return found


if __name__ == "__main__":
    main()
