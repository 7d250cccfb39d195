"""What a slice says of its part of the command bar; `app.search` shows it."""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from flask import url_for
from sqlalchemy import ColumnElement, or_
from sqlalchemy.orm import InstrumentedAttribute

from app.core.codes import id_in, tidy_code
from app.core.db import db
from app.core.texts import tidy_search

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
    stands for. Both are asked only for people who hold the permission. `prefix` is what the
    numbers of documents begin with that are made of their id.
    """

    area: str
    permission: str
    order: int
    find: Finder
    exact: Finder = nothing
    title: str = ""
    prefix: str = ""

    @property
    def label(self) -> str:
        """What people read above them."""
        return self.title or self.area.capitalize()


def fetch(statement: str, **parameters: Any) -> Any:
    """Run a statement as it stands: nothing is compiled, nothing becomes an object."""
    return db.session.connection().exec_driver_sql(statement, parameters)


def has_part(
    term: str,
    *,
    codes: Iterable[InstrumentedAttribute[str]],
    names: Iterable[InstrumentedAttribute[str]] = (),
) -> ColumnElement[bool]:
    """Tell whether a term is a part of a name, or of a code: there without what nobody sees."""
    code, words = tidy_code(term), tidy_search(term)
    parts = [one.icontains(code, autoescape=True) for one in codes]
    return or_(*parts, *(one.icontains(words, autoescape=True) for one in names))


def or_inactive(row: Any, detail: str) -> str:
    """Give the detail of a result, or that nobody uses the record any more."""
    return detail if row.is_active else "Inactive"


class Numbered(NamedTuple):
    """Documents whose number is made of their id, `TR-000012`, and how the bar shows them.

    `statement` gives what the one with `id` is called, and in which state it is; `page` shows
    it, by the name `key`. Whatever is no such number costs no query.
    """

    prefix: str
    statement: str
    page: str
    key: str
    icon: str

    def find(self, term: str) -> list[Result]:
        """Find the one that a number means, with its zeros or without."""
        number = id_in(term, prefix=self.prefix, is_bare=False)
        rows = () if number is None else fetch(self.statement, id=number)
        return [self._result(number, row) for row in rows]

    def group(self, area: str, permission: str, order: int, title: str) -> SearchGroup:
        """Make their part of the command bar."""
        return SearchGroup(area, permission, order, self.find, self.find, title, self.prefix)

    def _result(self, number: int | None, row: Any) -> Result:
        values: dict[str, Any] = {self.key: number}
        href, written = url_for(self.page, **values), f"{self.prefix}{number:06}"
        return Result(f"{self.page}-{number}", href, row.title, written, row.state, self.icon)
