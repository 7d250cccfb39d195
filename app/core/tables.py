"""Pages of a sorted, filtered list, whose state lives in the address."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from flask import abort, request, url_for
from sqlalchemy import Select, SQLColumnExpression, UnaryExpression, func, literal, select

from app.core.db import db

T = TypeVar("T")

PER_PAGE = 50
COUNTED = 2_000  # a page says "more than" beyond this: counting on costs as much as the page

Sorts = Mapping[str, SQLColumnExpression[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """One page of a list, and the addresses of the others."""

    items: Sequence[T]
    page: int
    per_page: int
    has_next: bool
    counted: int  # up to one more than COUNTED
    sort: str
    default_sort: str
    filters: Mapping[str, str]  # those that are set

    @property
    def total(self) -> int:
        """How many items the list has; if `is_more`, at least as many."""
        return min(self.counted, COUNTED)

    @property
    def is_more(self) -> bool:
        """Tell whether the list is longer than what was counted."""
        return self.counted > COUNTED

    @property
    def first(self) -> int:
        """Number of the first item shown, from 1."""
        return (self.page - 1) * self.per_page + 1 if self.items else 0

    @property
    def last(self) -> int:
        """Number of the last item shown."""
        return self.first + len(self.items) - 1 if self.items else 0

    @property
    def has_prev(self) -> bool:
        """Tell whether there is an earlier page."""
        return self.page > 1

    def url(self, page: int) -> str:
        """Address of another page of the same list."""
        return self._address({**self.filters, "page": page, "sort": self.sort})

    def direction(self, column: str) -> str:
        """Tell how the list is sorted by a column, as `aria-sort` says it; "" if it is not."""
        return {column: "ascending", f"-{column}": "descending"}.get(self.sort, "")

    def sort_url(self, column: str) -> str:
        """Address of the list sorted by a column; the other way round if it is already."""
        sort = f"-{column}" if self.direction(column) == "ascending" else column
        return self._address({**self.filters, "sort": sort})

    def without(self, name: str) -> str:
        """Address of the list without one of its filters."""
        rest = {key: value for key, value in self.filters.items() if key != name}
        return self._address({**rest, "sort": self.sort})

    @property
    def here(self) -> str:
        """Address of this very page."""
        return self.url(self.page)

    def _address(self, state: Mapping[str, Any]) -> str:
        """Leave out what goes without saying: the first page, the usual order."""
        usual = {"page": 1, "sort": self.default_sort}
        said = {name: value for name, value in state.items() if value != usual.get(name)}
        return url_for(request.endpoint or "", **(request.view_args or {}), **said)


def paginate(
    query: Select[Any],
    *,
    sorts: Sorts,
    default: str,
    filters: Mapping[str, str] | None = None,
    per_page: int = PER_PAGE,
    rows: bool = False,
) -> Page[Any]:
    """Fetch the page that the address asks for with `page` and `sort`.

    `sorts` maps what `sort=` may name to a column; `default` is one of them, with a minus for
    the other direction. Rows that are equal keep one order by id. With `rows` the items are
    rows of several columns, else the first column of each.
    """
    number = request.args.get("page", 1, type=int)
    if not 0 < number < 2**31:
        abort(404)
    sort = request.args.get("sort") or default
    sort = sort if sort.removeprefix("-") in sorts else default
    ordered = query.order_by(None).order_by(*_order(sort, sorts))
    one_more = ordered.limit(per_page + 1).offset((number - 1) * per_page)
    result = db.session.execute(one_more)
    found = result.all() if rows else result.unique().scalars().all()
    has_next = len(found) > per_page
    return Page(
        items=found[:per_page],
        page=number,
        per_page=per_page,
        has_next=has_next,
        counted=_count(query) if has_next or number > 1 else len(found),
        sort=sort,
        default_sort=default,
        filters={name: value for name, value in (filters or {}).items() if value},
    )


def _order(sort: str, sorts: Sorts) -> list[UnaryExpression[Any]]:
    column = sorts[sort.removeprefix("-")]
    key = next(iter(sorts.values()))  # the first sort is unique: it settles ties
    if sort.startswith("-"):
        return [column.desc(), key.desc()]
    return [column.asc(), key.asc()]


def _count(query: Select[Any]) -> int:
    """Count the list, up to one more than what a page shows."""
    some = query.order_by(None).with_only_columns(literal(1), maintain_column_froms=True)
    return (
        db.session.scalar(select(func.count()).select_from(some.limit(COUNTED + 1).subquery()))
        or 0
    )
