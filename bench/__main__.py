"""`python -m bench`, or `make bench`: measure, and print the table."""

from bench import cases
from bench.cases import Server
from bench.clients import Crowd
from bench.preparing import Prepared, prepare
from bench.report import Row, table
from bench.servers import installation, serving


def main() -> None:
    """Measure everything in one run, on an installation that is thrown away."""
    with installation():
        prepared = prepare()
        rows = _measure(prepared)
    print(table(rows))  # noqa: T201


def _measure(prepared: Prepared) -> list[Row]:
    crowd = Crowd()
    program = {"Authorization": f"Bearer {prepared.token}", "Content-Type": "application/json"}
    with serving("wsgi:app") as ours, serving("bench.bare:app") as limit:
        rows = [
            cases.search(crowd, Server(ours, program), Server(limit, program)),
            cases.products(crowd, Server(ours, {"Cookie": prepared.cookie})),
        ]
    crowd.close()
    return rows


if __name__ == "__main__":
    main()
