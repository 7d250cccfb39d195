"""Pages of a sorted, filtered list, whose state lives in the address."""

from collections.abc import Mapping, Sequence
from typing import Any, Generic, TypeVar

from flask import abort, request, url_for
from sqlalchemy import ColumnElement, Select, func, literal, select

from app.core.db import db

T = TypeVar("T")

PER_PAGE = 50
COUNTED = 10_000  # a page says "more than" beyond this: counting a million rows helps nobody

Sorts = Mapping[str, ColumnElement[Any]]


class Page(Generic[T]):
    """One page of a list, and the addresses of the others."""

    def __init__(
        self,
        items: Sequence[T],
        *,
        page: int,
        total: int,
        sort: str = "",
        default_sort: str = "",
        filters: Mapping[str, str] | None = None,
        per_page: int = PER_PAGE,
    ) -> None:
        self.items, self.page, self.per_page = items, page, per_page
        self.total, self.is_more = min(total, COUNTED), total > COUNTED
        self.sort, self.default_sort = sort, default_sort or sort
        self.filters = {name: value for name, value in (filters or {}).items() if value}

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

    @property
    def has_next(self) -> bool:
        """Tell whether there is a later page."""
        return self.is_more or self.last < self.total

    def url(self, page: int) -> str:
        """Address of another page of the same list."""
        return self._url(page=page, sort=self.sort)

    def direction(self, column: str) -> str:
        """Tell how the list is sorted by a column, as `aria-sort` says it; "" if it is not."""
        sorted_by = self.sort or self.default_sort
        return {column: "ascending", f"-{column}": "descending"}.get(sorted_by, "")

    def sort_url(self, column: str) -> str:
        """Address of the list sorted by a column; the other way round if it is already."""
        return self._url(sort=f"-{column}" if self.direction(column) == "ascending" else column)

    def without(self, name: str) -> str:
        """Address of the list without one of its filters."""
        rest = {key: value for key, value in self.filters.items() if key != name}
        return self._address(rest | {"sort": self.sort})

    @property
    def here(self) -> str:
        """Address of this very page."""
        return self.url(self.page)

    def _url(self, **state: Any) -> str:
        return self._address({**self.filters, **state})

    def _address(self, state: Mapping[str, Any]) -> str:
        given = {name: value for name, value in state.items() if value and value != 1}
        return url_for(request.endpoint or "", **(request.view_args or {}), **given)


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
    limited = ordered.limit(per_page).offset((number - 1) * per_page)
    result = db.session.execute(limited)
    items = result.all() if rows else result.unique().scalars().all()
    shown = sort if sort != default else ""
    return Page(
        items,
        page=number,
        total=_count(query, number, per_page, len(items)),
        sort=shown,
        default_sort=default,
        filters=filters,
        per_page=per_page,
    )


def _order(sort: str, sorts: Sorts) -> list[ColumnElement[Any]]:
    column = sorts[sort.removeprefix("-")]
    key = next(iter(sorts.values()))  # the first sort is unique: it settles ties
    if sort.startswith("-"):
        return [column.desc(), key.desc()]
    return [column.asc(), key.asc()]


def _count(query: Select[Any], page: int, per_page: int, shown: int) -> int:
    """Count the list, up to what a page shows; a first page that is not full is the list."""
    if page == 1 and shown < per_page:
        return shown
    some = query.order_by(None).with_only_columns(literal(1), maintain_column_froms=True)
    return (
        db.session.scalar(select(func.count()).select_from(some.limit(COUNTED + 1).subquery()))
        or 0
    )
