"""An account's transactions imported, beside downloading and parsing the same pages.

`python -m bench.payments full` and so on, each in a process of its own; it prints its figures
as JSON. Stripe's pace (25 requests a second) is lifted for both: it would hide what the work
costs.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from statistics import median
from typing import Any

import requests
from sqlalchemy import func, select

import config
from app import create_app
from app.core.db import db
from app.core.jobs import runner
from app.integrations.hub.connector import Request
from app.integrations.hub.limiter import Rate
from app.integrations.inbound.applying import apply_changes
from app.integrations.money.models import MoneyTransaction
from app.integrations.services.credentials import connect_with_credentials
from app.integrations.sync.models import ExternalRecord, RejectedRecord, SyncRun
from app.integrations.systems.stripe import settlements
from app.integrations.systems.stripe.connector import LISTS, Stripe
from bench.processes import Figures, figures_of, forget_connections, standin
from bench.report import Row
from tests.standins.stripe.state import KEY, NUMBER

CHARGES = int(os.environ.get("BENCH_CHARGES", "50000"))
DAYS, ROUNDS = 90, 3
RATIO = 1.3
ADDRESS = "STRIPE_STANDIN"


def main() -> None:
    """Do what the command line names."""
    app = create_app(config.from_environment())
    Stripe.rate = Rate(1e6, 10**6)
    with app.app_context():
        done = COMMANDS[sys.argv[1]]()
    print(json.dumps(done))  # noqa: T201


def full() -> Figures:
    """Connect, and read everything into an empty mirror."""
    forget_connections()
    connect_with_credentials(
        "stripe", address=NUMBER, method="test", credentials={"api_key": KEY}
    )
    run = db.session.scalars(select(SyncRun)).one()
    began = time.perf_counter()
    runner.perform(run.job_run_id or 0)
    seconds = time.perf_counter() - began
    done = db.session.get_one(SyncRun, run.id, populate_existing=True)
    if done.state != "succeeded":
        raise RuntimeError(f"{done.state}: {done.problem}")
    kept = select(func.count()).where(ExternalRecord.kind == "balance_transaction")
    return {
        "seconds": seconds,
        "records": done.rows_in,
        "transactions": db.session.scalar(kept),
    }


def apply() -> Figures:
    """Let our transactions, payouts and fees follow."""
    connection_id = db.session.scalars(select(SyncRun.connection_id)).first() or 0
    began = time.perf_counter()
    apply_changes(connection_id)
    seconds = time.perf_counter() - began
    settled = select(func.count()).where(MoneyTransaction.payout_id.is_not(None))
    rejected = select(func.count()).where(RejectedRecord.resolved_at.is_(None))
    return {
        "seconds": seconds,
        "transactions": db.session.scalar(select(func.count(MoneyTransaction.id))),
        "settled": db.session.scalar(settled),
        "rejected": db.session.scalar(rejected),
    }


def download() -> Figures:
    """Ask for the same pages, parse them, and keep nothing: the limit."""
    session, outside = requests.Session(), Stripe()
    session.headers["Authorization"] = f"Bearer {KEY}"

    def ask(asked: Request) -> Any:
        url = f"{os.environ[ADDRESS]}{asked.path}"
        answer = session.get(url, params=asked.params, timeout=60)
        answer.raise_for_status()
        return json.loads(answer.text, parse_float=Decimal)

    began, records = time.perf_counter(), 1
    ask(outside.account_request(""))
    for kind in LISTS:
        records += sum(map(len, _pages(ask, outside.page_request("", kind, None))))
    payouts = _pages(ask, outside.page_request("", settlements.KIND, None))
    for payout in [one["id"] for page in payouts for one in page]:
        first = Request(settlements.TRANSACTIONS, {"limit": "100", "payout": payout})
        records += sum(map(len, _pages(ask, first))) - 1  # the payout itself is none of them
    return {"seconds": time.perf_counter() - began, "records": records}


def _pages(ask: Callable[[Request], Any], first: Request) -> Iterator[list[Any]]:
    asked = first
    while True:
        said = ask(asked)
        yield said["data"]
        if not said["has_more"]:
            return
        after = {"starting_after": said["data"][-1]["id"]}
        asked = first._replace(params={**first.params, **after})


COMMANDS: dict[str, Callable[[], Figures]] = {
    "full": full,
    "apply": apply,
    "download": download,
}


def rows() -> list[Row]:
    """Import an account's history beside its download."""
    with standin("stripe", ADDRESS, charges=CHARGES, days=DAYS):
        rounds = [
            (figures_of("payments", "full"), figures_of("payments", "download"))
            for _ in range(ROUNDS)
        ]
        followed = figures_of("payments", "apply")
    ours = median(done["seconds"] for done, _limit in rounds)
    limit = median(done["seconds"] for _done, done in rounds)
    transactions, records = rounds[0][0]["transactions"], rounds[0][0]["records"]
    if any(done["records"] != download["records"] for done, download in rounds):
        raise RuntimeError("Not everything was imported.")
    return [
        Row(
            f"Stripe: {transactions:,} transactions with payments and payouts "
            f"({records:,} records) imported",
            f"<= {RATIO} of the download",
            f"{limit:.1f} s",
            f"{ours:.1f} s",
            f"{ours / limit:.2f}",
            *("", ""),
            is_reached=ours <= RATIO * limit,
        ),
        Row(
            f"{followed['transactions']:,} of them become ours, {followed['settled']:,} with "
            f"their payouts ({followed['rejected']:,} rejected)",
            "",
            "",
            f"{followed['seconds']:.1f} s",
            *("", "", ""),
            is_reached=not followed["rejected"],
        ),
    ]


if __name__ == "__main__":
    main()
