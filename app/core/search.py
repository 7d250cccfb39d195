"""What a slice says of its part of the command bar; `app.search` shows it."""

from collections.abc import Callable
from typing import Any, NamedTuple

from app.core.db import db

MOST = 6  # of a group
ASKED = 2 * MOST  # so that what is in use comes before what is not


class Result(NamedTuple):
    """One line of the command bar."""

    key: str
    href: str
    title: str
    code: str = ""
    detail: str = ""
    icon: str = "tag"


Finder = Callable[[str], list[Result]]


def nothing(_term: str) -> list[Result]:
    """Find nothing: no scanned code stands for a record of this kind."""
    return []


class SearchGroup(NamedTuple):
    """Records of one kind, whose list is the page `<area>.index`.

    `title` is what people read above them; without one it is the area.
    `find` gives up to MOST that a term finds, the best first; `exact` those that a scanned code
    stands for. Both are asked only for people who hold the permission.
    """

    area: str
    permission: str
    order: int
    find: Finder
    exact: Finder = nothing
    title: str = ""

    @property
    def label(self) -> str:
        """What people read above them."""
        return self.title or self.area.capitalize()


def fetch(statement: str, **parameters: Any) -> Any:
    """Run a statement as it stands: nothing is compiled, nothing becomes an object."""
    return db.session.connection().exec_driver_sql(statement, parameters)


def or_inactive(row: Any, detail: str) -> str:
    """Give the detail of a result, or that nobody uses the record any more."""
    return detail if row.is_active else "Inactive"
