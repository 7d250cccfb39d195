"""An outside system is known in its folders and to the wiring: no other code names it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.wiring import SYSTEMS

# Who names one all the same, and why.
NAMED = {
    "app/wiring.py": "loads them by name",
    "app/fulfilment/api/blueprint.py": "keeps an older address of the same calls",
    "app/search/api.py": "says whose search service it stands in for",
    "app/invoices/models.py": "says what a column may hold",
    "app/orders/importers/foreign_columns.py": "begins with heads of files that people have",
    "app/sales/services/rules.py": "begins with words that files of the users have",
    "app/attendance/reckoning/columns.py": "begins with what the makers of programs write",
    "app/attendance/reckoning/payroll.py": "writes a file that its desktop program reads",
}


def mentions(system: str) -> Iterator[str]:
    """Give the files that name a system, outside of the folders of systems."""
    homes = {
        name for one in SYSTEMS for name in (f"systems/{one.name}", f"templates/{one.name}")
    }
    for top, pattern in (("app", "*.py"), ("templates", "*.html"), ("static/js", "*.js")):
        for path in Path(top).rglob(pattern):
            is_home = any(home in str(path) for home in homes)
            if not is_home and system in path.read_text().lower():
                yield str(path)


@pytest.mark.parametrize("system", [one.name for one in SYSTEMS])
def test_nobody_else_names_a_system(system: str) -> None:
    assert {*mentions(system)} <= set(NAMED)


def test_every_exception_is_one() -> None:
    named = {path for one in SYSTEMS for path in mentions(one.name)}

    assert named == set(NAMED)
