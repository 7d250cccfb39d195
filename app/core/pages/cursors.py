"""Lists that go on from the last row seen, not by number: fast at any depth."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import request, url_for
from sqlalchemy import Row, Select, tuple_

from app.core.pages.asked import Asked
from app.core.pages.paging import beginning

BETWEEN = "~"  # the parts of a mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """What a list goes on by: columns of one record, downwards; the last one is its id.

    A query that is not `is_whole` has looked at `asked.before` and `asked.limit` itself.
    """

    columns: Sequence[Any]
    shown: int = 50
    is_whole: bool = True

    def apply(self, query: Select[Any], asked: Asked) -> Select[Any]:
        """Order the query, and cut it to what is asked for."""
        if not self.is_whole:
            return query
        if asked.before:
            query = query.where(tuple_(*self.columns) < asked.before)
        ordered = query.order_by(None).order_by(*(column.desc() for column in self.columns))
        return ordered.limit(asked.limit)

    def mark(self, record: Any) -> str:
        """Write where the next page begins."""
        return self.mark_of([getattr(record, column.key) for column in self.columns])

    def mark_of(self, values: Sequence[Any]) -> str:
        """Write the mark of a record with these values."""
        return BETWEEN.join(
            v.isoformat() if isinstance(v, datetime) else str(v) for v in values
        )

    def read(self, mark: str) -> tuple[Any, ...] | None:
        """Read a mark; one that is none begins at the newest."""
        parts = mark.split(BETWEEN)
        try:
            moments = [datetime.fromisoformat(part) for part in parts[:-1]]
            number = int(parts[-1])
        except ValueError:
            return None
        is_ours = len(parts) == len(self.columns) and number < 2**63
        return (*moments, number) if is_ours else None


@dataclass(frozen=True, slots=True, kw_only=True)
class CursorPage:
    """Some rows, and the addresses of those before and after."""

    items: Sequence[Any]
    filters: Mapping[str, str]
    before: str  # the mark that the address gives
    next_mark: str  # empty at the end
    view: str = ""

    @property
    def here(self) -> str:
        """Address of this very page."""
        return self._address(before=self.before)

    @property
    def older(self) -> str:
        """Address of what follows; empty at the end."""
        return self._address(before=self.next_mark) if self.next_mark else ""

    @property
    def newest(self) -> str:
        """Address of the beginning; empty there."""
        return self._address() if self.before else ""

    @property
    def state(self) -> dict[str, str]:
        """The filters, for addresses of files, forms and views."""
        return dict(self.filters)

    def as_file(self, form: str) -> str:
        """Address of all of the list as a file."""
        return self._address(file=form)

    def begin(self, view: int | None = None) -> str:
        """Address of the list as a saved view says, or of all of it."""
        return beginning(self.view, view)

    def direction(self, _column: str) -> str:
        """Tell how it is sorted by a column: such a list has one order."""
        return ""

    def without(self, name: str) -> str:
        """Address of the list without one of its filters."""
        return self._address(**{name: ""})

    def _address(self, **changes: str) -> str:
        said: dict[str, Any] = {n: v for n, v in {**self.filters, **changes}.items() if v}
        if self.view:
            said["view"] = self.view
        return url_for(request.endpoint or "", **(request.view_args or {}), **said)


def on_from(
    cursor: Cursor, items: Sequence[Any], asked: Asked, *, view: str = ""
) -> CursorPage:
    """Make a page of its rows and the one after them, which says that there is more."""
    shown = items[: cursor.shown]
    last = shown[-1] if len(items) > len(shown) else None
    record = last[0] if isinstance(last, Row) else last
    return CursorPage(
        items=shown,
        filters=asked.texts,
        before=cursor.mark_of(asked.before) if asked.before else "",
        next_mark=cursor.mark(record) if record is not None else "",
        view=view,
    )
