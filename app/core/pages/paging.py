"""Pages of a sorted, filtered list, whose state lives in the address."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

from flask import abort, request, url_for
from sqlalchemy import Select, SQLColumnExpression, UnaryExpression

from app.core.db import db
from app.core.totals import Total, count_rows

T = TypeVar("T")

PER_PAGE = 50

Sorts = Mapping[str, SQLColumnExpression[Any]]


class Order(NamedTuple):
    """How a list may be sorted, and how it is.

    `sorts` maps what `sort=` may name to a column; `default` is one of them, with a minus for
    the other direction. `key` is a unique column that settles ties; without one the first of
    the sorts does.
    """

    sorts: Sorts
    default: str = ""
    key: SQLColumnExpression[Any] | None = None
    asked: str = ""

    def asked_for(self, sort: str) -> "Order":
        """Sort as an address says, unless that is settled or there is no such order."""
        is_known = sort.removeprefix("-") in self.sorts
        return self if self.asked or not is_known else self._replace(asked=sort)

    @property
    def columns(self) -> list[UnaryExpression[Any]]:
        """What the database sorts by."""
        sort = self.asked or self.default
        key = next(iter(self.sorts.values())) if self.key is None else self.key
        column = self.sorts.get(sort.removeprefix("-"), key)
        if sort.startswith("-"):
            return [column.desc(), key.desc()]
        return [column.asc(), key.asc()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """One page of a list, and the addresses of the others."""

    items: Sequence[T]
    page: int
    per_page: int
    has_next: bool
    counted: int  # as `count_rows` does
    sort: str
    default_sort: str
    filters: Mapping[str, str]  # those that are set
    view: str = ""  # the saved view that the list began with

    @classmethod
    def of(cls, items: Sequence[T], *, filters: Mapping[str, str], view: str = "") -> "Page[T]":
        """Make the one page of a list that is not in the database."""
        return cls(
            items=items,
            page=1,
            per_page=max(len(items), 1),
            has_next=False,
            counted=len(items),
            sort="",
            default_sort="",
            filters=filters,
            view=view,
        )

    @property
    def total(self) -> int:
        """How many items the list has; if `is_more`, at least as many."""
        return Total.of(self.counted).total

    @property
    def is_more(self) -> bool:
        """Tell whether the list is longer than what was counted."""
        return not Total.of(self.counted).is_exact

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

    @property
    def state(self) -> dict[str, str]:
        """The filters and the order, as a saved view or a bulk action keeps them."""
        return {**self.filters, "sort": self.sort}

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

    def as_file(self, form: str) -> str:
        """Address of all of the list as a file."""
        return self._address({**self.state, "file": form})

    def begin(self, view: int | None = None) -> str:
        """Address of the list as a saved view says, or of all of it."""
        return beginning(self.view, view)

    def _address(self, state: Mapping[str, Any]) -> str:
        """Leave out what goes without saying: the first page, the usual order.

        Beside a saved view the order is always said: without a word of its own the address
        would mean what the view says.
        """
        usual = {"page": 1} if self.view else {"page": 1, "sort": self.default_sort}
        said = {name: value for name, value in state.items() if value != usual.get(name)}
        view: dict[str, Any] = {"view": self.view} if self.view else {}
        return url_for(request.endpoint or "", **(request.view_args or {}), **said, **view)


def beginning(present: str, view: int | None) -> str:
    """Address of a list as a view says; without one, past the view that it begins with."""
    said = str(view) if view else "all" if present else None
    return url_for(request.endpoint or "", **(request.view_args or {}), view=said)


def paginate(
    query: Select[Any],
    order: Order,
    *,
    filters: Mapping[str, str] | None = None,
    per_page: int = PER_PAGE,
    rows: bool = False,
    view: str = "",
) -> Page[Any]:
    """Fetch the page that the address asks for with `page`, and with `sort`.

    With `rows` the items are rows of several columns, else the first column of each.
    """
    number = request.args.get("page", 1, type=int)
    if not 0 < number < 2**31:
        abort(404)
    order = order.asked_for(request.args.get("sort", ""))
    ordered = query.order_by(None).order_by(*order.columns)
    one_more = ordered.limit(per_page + 1).offset((number - 1) * per_page)
    result = db.session.execute(one_more)
    found = result.all() if rows else result.unique().scalars().all()
    has_next = len(found) > per_page
    return Page(
        items=found[:per_page],
        page=number,
        per_page=per_page,
        has_next=has_next,
        counted=count_rows(query) if has_next or number > 1 else len(found),
        sort=order.asked or order.default,
        default_sort=order.default,
        filters={name: value for name, value in (filters or {}).items() if value},
        view=view,
    )
