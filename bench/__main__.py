"""`python -m bench`, or `make bench`: measure, and print the table."""

import os
from pathlib import Path

from bench import backups, cases, labels, outages, outside, picking, shopping, strangers
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
        os.environ["BENCH_SCRIPT"] = str(home / "script.json")
        write_script(prepared, Path(os.environ["BENCH_SCRIPT"]))
        rows = _measure(prepared) + labels.rows() + picking.rows(prepared)
        with outside.quickbooks():
            rows += _measure_syncs(prepared)
        rows += shopping.rows()
        rows += backups.rows(
            prepared.app, PRODUCTS
        )  # the last: it puts another database in the place
    rows += outages.rows()
    print(table([*rows, start()]))  # noqa: T201


def _measure(prepared: Prepared) -> list[Row]:
    """Ask our application and the limit, which run side by side."""
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
    rows, crowd = outside.syncs(), Crowd()
    try:
        with serving("wsgi:app") as port:
            return [*rows, outside.search_meanwhile(crowd, Server(port, program))]
    finally:
        crowd.close()


if __name__ == "__main__":
    main()
