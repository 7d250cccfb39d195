"""`python -m bench`, or `make bench`: measure, and print the table.

`ONLY=syncs,shop` measures some of it: pages, labels, picking, attendance, doors, syncs,
shop, stripe, amazon, supply, sales, planning, plan, backups, lots, outages, start.
"""

import os
from collections.abc import Callable
from pathlib import Path

from bench import (
    attendance,
    backups,
    cases,
    doors,
    labels,
    lots,
    marketplaces,
    outages,
    outside,
    payments,
    picking,
    planning,
    sales,
    shopping,
    strangers,
    supply,
    supply_plan,
)
from bench.cases import Server
from bench.clients import Crowd
from bench.preparing import PRODUCTS, Prepared, prepare, write_script
from bench.report import Row, table
from bench.servers import installation, serving
from bench.starting import start


def main() -> None:
    """Measure everything in one run, on an installation that is thrown away."""
    with installation() as home:
        prepared = prepare()
        work: dict[str, Callable[[], list[Row]]] = {
            "pages": lambda: _measure(prepared, home),
            "labels": labels.rows,
            "picking": lambda: picking.rows(prepared),
            "attendance": lambda: attendance.rows(prepared.app),
            "doors": lambda: doors.rows(prepared),
            # Before the syncs: they bring products whose SKUs the shop's orders could mean too.
            "shop": shopping.rows,
            "stripe": payments.rows,
            "amazon": marketplaces.rows,
            "syncs": lambda: _measure_syncs(prepared),
            "supply": lambda: supply.rows(prepared.app, PRODUCTS),
            "sales": lambda: sales.rows(prepared.app),
            "planning": lambda: planning.rows(prepared.app),
            "plan": lambda: supply_plan.rows(prepared.app),
            # The last: it puts another database in the place.
            "backups": lambda: backups.rows(prepared.app, PRODUCTS),
        }
        rows = [row for name, measure in work.items() if _is_wanted(name) for row in measure()]
    if _is_wanted("lots"):
        rows += _measure_lots()
    if _is_wanted("outages"):
        rows += outages.rows()
    print(table([*rows, start()] if _is_wanted("start") else rows))  # noqa: T201


def _measure_lots() -> list[Row]:
    """Trace lots in an installation of their own: a million movements slow a backup down."""
    with installation():
        return lots.rows(prepare(products=lots.PRODUCTS, customers=lots.CUSTOMERS))


def _is_wanted(name: str) -> bool:
    only = os.environ.get("ONLY", "")
    return not only or name in only.split(",")


def _measure(prepared: Prepared, home: Path) -> list[Row]:
    """Ask our application and the limit, which run side by side."""
    os.environ["BENCH_SCRIPT"] = str(home / "script.json")
    write_script(prepared, Path(os.environ["BENCH_SCRIPT"]))
    program = {"Authorization": f"Bearer {prepared.token}", "Content-Type": "application/json"}
    person = {"Cookie": prepared.cookie}
    crowd = Crowd()
    try:
        with serving("wsgi:app") as ours, serving("bench.bare:app") as limit:
            both = Server(ours, program), Server(limit, program)
            return [
                cases.search(crowd, *both),
                *cases.adjustments(crowd, *both),
                cases.products(crowd, Server(ours, person)),
                *strangers.rows(crowd, Server(ours, person)),
            ]
    finally:
        crowd.close()


def _measure_syncs(prepared: Prepared) -> list[Row]:
    """Sync from a stand-in, first alone and then while people search."""
    program = {"Authorization": f"Bearer {prepared.token}"}
    with outside.quickbooks():
        rows, crowd = outside.syncs(), Crowd()
        try:
            with serving("wsgi:app") as port:
                return [*rows, outside.search_meanwhile(crowd, Server(port, program))]
        finally:
            crowd.close()


if __name__ == "__main__":
    main()
