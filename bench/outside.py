"""What syncing costs, beside downloading the same pages, and what it costs those who search."""

import os
import signal
import sys
from contextlib import AbstractContextManager
from pathlib import Path
from statistics import median
from urllib.parse import quote

from bench.cases import Server, search_terms
from bench.clients import Crowd, Load, Request
from bench.processes import figures_of, standin
from bench.report import Row
from local import children

ITEMS = 100_000
ROUNDS = 3
RATIO, MEGABYTES, SECONDS, REQUESTS, SLOWER = 2.0, 300, 1.0, 3, 2.0
PROJECTED = 20.0  # seconds, for all of them
CLIENTS = 2


def quickbooks() -> AbstractContextManager[None]:
    """Run a stand-in with 100,000 items, and few of all else."""
    few = {"customers": 1, "vendors": 1, "invoices": 1, "bills": 1, "purchase_orders": 1}
    return standin("quickbooks", "QUICKBOOKS_STANDIN", items=ITEMS, **few)


def syncs() -> list[Row]:
    """A full sync beside its download, the same again, and one with 50 changes."""
    rounds = [
        (figures_of("syncing", "full"), figures_of("syncing", "download"))
        for _ in range(ROUNDS)
    ]
    ours = median(done["seconds"] for done, _limit in rounds)
    limit = median(done["seconds"] for _done, done in rounds)
    megabytes = max(done["megabytes"] for done, _limit in rounds)
    again, follow = figures_of("syncing", "again"), figures_of("syncing", "apply")
    changed = [figures_of("syncing", "changes") for _ in range(ROUNDS)]
    followed = figures_of("syncing", "apply")
    seconds, asked = median(one["seconds"] for one in changed), changed[0]["requests"]
    return [
        Row(
            f"Full sync of {ITEMS:,} items",
            f"<= {RATIO} of the download, < {MEGABYTES} MB",
            f"{limit:.1f} s",
            f"{ours:.1f} s, {megabytes:.0f} MB",
            f"{ours / limit:.2f}",
            *("", ""),
            is_reached=ours <= RATIO * limit and megabytes < MEGABYTES,
        ),
        Row(
            "The same again, nothing changed",
            "",
            f"{limit:.1f} s",
            f"{again['seconds']:.1f} s",
            *("", "", ""),
            is_reached=True,
        ),
        Row(
            f"{follow['records']:,} mirrored records become our products",
            f"<= {PROJECTED:.0f} s",
            "",
            f"{follow['seconds']:.1f} s",
            *("", "", ""),
            is_reached=follow["seconds"] <= PROJECTED,
        ),
        Row(
            f"Sync with 50 changes among {ITEMS:,}; our products follow",
            f"<= {SECONDS:.0f} s, <= {REQUESTS} requests a kind",
            "",
            f"{seconds:.2f} s, {asked} in all; {followed['seconds']:.2f} s",
            *("", "", ""),
            is_reached=seconds <= SECONDS and asked <= REQUESTS,
        ),
    ]


def search_meanwhile(crowd: Crowd, ours: Server) -> Row:
    """Search while everything is synced again and again."""
    terms = [Request(f"/api/search/product_names?q={quote(term)}") for term in search_terms()]
    load = Load(ours.port, terms, ours.headers, clients=CLIENTS, seconds=6)
    crowd.ask(load)  # warms up
    idle = crowd.ask(load)
    worker = children.spawn(
        [sys.executable, "-m", "bench.syncing", "loop"],
        stop=signal.SIGINT,
        log=Path(os.environ["OPSROOM_HOME"], "loop.log"),
    )
    try:
        crowd.ask(load._replace(seconds=4))  # it imports first
        busy = crowd.ask(load)
        if worker.poll() is not None:
            raise RuntimeError(Path(os.environ["OPSROOM_HOME"], "loop.log").read_text())
    finally:
        children.stop(worker, signal.SIGINT)
    ratio = busy.percentile(0.95) / idle.percentile(0.95)
    return Row(
        f"Search while a sync runs, {CLIENTS} clients",
        f"p95 <= {SLOWER:.0f}x of idle",
        f"{idle.percentile(0.95):.1f} ms idle",
        f"{busy.per_second:.0f}/s of {idle.per_second:.0f}/s",
        f"{ratio:.2f}",
        f"{busy.percentile(0.5):.1f} ms",
        f"{busy.percentile(0.95):.1f} ms",
        is_reached=ratio <= SLOWER,
    )
