"""A list: declared by a slice, shown, filtered, sorted, paged and exported here."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from flask import Blueprint, abort, current_app, request
from flask_login import current_user
from sqlalchemy import Select, SQLColumnExpression
from werkzeug import Response

from app.core.db import db
from app.core.pages import asked as asking
from app.core.pages.asked import Asked
from app.core.pages.bulk.actions import BulkAction
from app.core.pages.columns import Column, chosen
from app.core.pages.cursors import Cursor, CursorPage, on_from
from app.core.pages.exports import asked_file, sent
from app.core.pages.filters import Filter
from app.core.pages.links import Link, Nothing
from app.core.pages.paging import Order, Page, paginate
from app.core.pages.saved_views.state import ListState, list_state
from app.core.pages.table_cells import cell_of
from app.core.permissions import may, requires
from app.core.sheets import Format
from app.core.web import render, wants_fragment

Rows = Sequence[Any]
Found = Select[Any] | Rows | None


class Known(NamedTuple):
    """A list and where it is."""

    page: "ListPage"
    endpoint: str


@dataclass(frozen=True, kw_only=True)
class ListPage:
    """One list of the application.

    `query` makes a Select of what is asked for, or gives rows that come from elsewhere, or
    None if nothing can match. `key` is a unique column that settles ties. With `is_joined`
    the items are rows of several columns, else the first column of each. `prepare` adds to
    the items what one more query knows of all of them.

    `events` of the page make the list fetch itself again, `topic` shows who looks at it too,
    `sockets` are topics that are only listened to.
    """

    name: str
    title: str
    permission: str
    query: Callable[[Asked], Found]
    columns: Sequence[Column]
    nothing: Nothing
    unmatched: Nothing | None = None
    sort: str = ""
    key: SQLColumnExpression[Any] | None = None
    cursor: Cursor | None = None
    filters: Sequence[Filter] = ()
    is_joined: bool = False
    prepare: Callable[[Rows], Rows] | None = None
    href: Callable[[Any], str | None] = lambda _row: None
    nouns: tuple[str, str] = ("row", "rows")  # what one is called, and several
    row_id: Any = None  # with actions: the column of a record's id,
    row_name: Any = None  # and the one of what people call it
    is_live: Callable[[Asked], bool] = lambda _asked: True
    subtitle: str = ""
    links: Sequence[Link] = ()
    tools: Sequence[Link] = ()  # pages about the rows that are shown: they get the filters
    importer: str = ""  # kind of the importer that reads and writes these records
    events: Sequence[str] = ()
    topic: str = ""
    topic_permission: str = ""  # where it takes another one than the list
    sockets: str = ""
    actions: Sequence[BulkAction] = ()  # they need `row_id` and `row_name`
    tick: Callable[[Any], tuple[int, str]] = lambda row: (row.id, row.name)  # both of an item
    css: str = ""
    above: str = ""  # templates that are included: above the card,
    notes: str = ""  # above the table, also where it is empty,
    below: str = ""  # below the table,
    first_steps: str = ""  # and below what an empty list says
    crumbs: Callable[[Mapping[str, Any]], Sequence[tuple[str, str]]] = lambda _about: ()
    context: Callable[[Rows], Mapping[str, Any]] = field(default=lambda _rows: {})

    sums: Callable[[Select[Any]], Mapping[str, Any]] | None = None  # of all that is found
    # A job writes files of many rows: only where the rows are the same for all who may see it.
    has_large_files: bool = False

    def add_to(self, blueprint: Blueprint, rule: str = "", endpoint: str = "index") -> None:
        """Give the list its address, and make it known to views, files and bulk actions."""
        blueprint.add_url_rule(rule, endpoint, requires(self.permission)(self._view()))
        known = Known(self, f"{blueprint.name}.{endpoint}")
        blueprint.record_once(
            lambda setup: setup.app.extensions.setdefault("lists", {}).update(
                {self.name: known}
            )
        )

    def _view(self) -> Callable[..., Response]:
        """Make a view: Flask keeps on the function what is declared of it."""

        def index(**_about: Any) -> Response:
            return self.answer()

        index.__doc__ = f"List {self.title.lower()}; htmx receives only the results."
        return index

    def answer(self) -> Response:
        """Show the list; as a file, if the address asks for one."""
        found = list_state(self.name, self.state_names, request.args.to_dict())
        asked = self.read(found)
        if form := asked_file(request.args.get("file", "")):
            return self._sent(asked, form)
        page = self.fetch(asked, found)
        rows = self.prepare(page.items) if self.prepare else page.items
        columns, is_live = chosen(self.columns, asked.columns), self.is_live(asked)
        return render(
            "pages/list.html",
            fragment="results",
            list=self,
            title=self.title,
            crumbs=self.crumbs(asked.about),
            page=page,
            asked=asked,
            rows=rows,
            columns=columns,
            cells=[cell_of(column, is_live=is_live) for column in columns],
            actions=self.open_actions(asked.about),
            chips=self.chips(asked, page),
            state=found,
            views=[] if wants_fragment() else found.views(),
            **self.context(rows),
            **self._sums(asked),
        )

    def _sent(self, asked: Asked, form: Format) -> Response:
        """Answer with the rows as a file; many rows are written by a job, where that may be."""
        if self.has_large_files:
            from app.core.pages import large_files  # noqa: PLC0415  (its job needs the lists)

            if large_files.is_large(self, asked):
                return large_files.begin_list_file(self, asked, form)
        return sent(self, asked, form)

    @property
    def state_names(self) -> list[str]:
        """Parameters of an address that say what is wanted: filters and order."""
        return [*(one.name for one in self.filters), "sort"]

    @property
    def sorts(self) -> dict[str, Column]:
        """Columns that the list may be sorted by."""
        return {column.name: column for column in self.columns if column.sort is not None}

    def read(self, found: ListState) -> Asked:
        """Read what is asked for, in the zone of the person asking."""
        return self.read_args(
            found.args,
            columns=found.columns,
            zone=current_user.time_zone or "UTC",
            about=request.view_args or {},
            before=self.cursor.read(request.args.get("before", "")) if self.cursor else None,
            limit=self.cursor.shown + 1 if self.cursor else None,
        )

    def read_args(self, args: Mapping[str, str], **more: Any) -> Asked:
        """Read filters and order out of what an address or a view says."""
        sort = args.get("sort", "")
        is_known = sort.removeprefix("-") in self.sorts
        return asking.read(self.filters, args, sort=sort if is_known else self.sort, **more)

    def select(self, asked: Asked) -> Found:
        """Make the query with what the chosen columns need."""
        query = self.query(asked)
        if not isinstance(query, Select):
            return query
        adds = [one for column in chosen(self.columns, asked.columns) for one in column.adds]
        return query.add_columns(*adds) if adds else query

    def in_order(self, asked: Asked, *, limit: int) -> Found:
        """Make the query of all rows in the order asked for, at most `limit`."""
        if self.cursor:
            asked = replace(asked, limit=limit, before=None)
            query = self.select(asked)
            return self.cursor.apply(query, asked) if isinstance(query, Select) else ()
        query = self.select(asked)
        if not isinstance(query, Select):
            return query or ()
        return query.order_by(None).order_by(*self._order(query, asked).columns).limit(limit)

    def fetch(self, asked: Asked, found: ListState) -> Page[Any] | CursorPage:
        """Fetch the page that is asked for."""
        query = self.select(asked)
        if self.cursor:
            items = (
                self._items(self.cursor.apply(query, asked))
                if isinstance(query, Select)
                else ()
            )
            return on_from(self.cursor, items, asked, view=found.view)
        if not isinstance(query, Select):
            return Page.of(query or (), filters=asked.texts, view=found.view)
        return paginate(
            query,
            self._order(query, asked),
            filters=asked.texts,
            rows=self.is_joined,
            view=found.view,
        )

    def chips(self, asked: Asked, page: Page[Any] | CursorPage) -> list[tuple[str, str]]:
        """Give the filters that are on, by name, and the addresses of the list without each."""
        said = [
            (one.says(asked.texts[one.name], asked[one.name]), page.without(one.name))
            for one in self.filters
            if one.name in asked.texts
        ]
        return [(label, href) for label, href in said if label]

    @property
    def trigger(self) -> str:
        """What makes the results fetch themselves again, as htmx says it."""
        events = (*self.events, "lists:changed", "opsroom:back")
        return ", ".join([*(f"{event} from:body" for event in events), "opsroom:news"])

    def open_actions(self, about: Mapping[str, Any]) -> list[BulkAction]:
        """Give the actions that the person asking may take here."""
        return [one for one in self.actions if one.is_open and one.is_offered(about)]

    def action(self, name: str) -> BulkAction:
        """Find one of the actions."""
        return next((one for one in self.actions if one.name == name), None) or abort(404)

    def counted(self, number: int) -> str:
        """Say how many rows: "1 product", "1,200 products"."""
        return f"{number:,} {self.nouns[number != 1]}"

    @property
    def is_followed(self) -> bool:
        """Tell whether the page shows who looks at it too."""
        return bool(self.topic) and may(self.topic_permission or self.permission)

    @property
    def is_imported(self) -> bool:
        """Tell whether the person asking may import and export these records."""
        return bool(self.importer) and may(f"{self.importer}.import")

    def _sums(self, asked: Asked) -> Mapping[str, Any]:
        """Add up all that the filters let through, not only what the page shows."""
        query = self.query(asked) if self.sums else None
        return self.sums(query) if self.sums and isinstance(query, Select) else {}

    def _order(self, query: Select[Any], asked: Asked) -> Order:
        sorts = {name: column.order(query) for name, column in self.sorts.items()}
        return Order(sorts, self.sort, self.key, asked.sort)

    def _items(self, query: Select[Any]) -> Rows:
        result = db.session.execute(query)
        return result.all() if self.is_joined else result.scalars().all()


def lists() -> Mapping[str, Known]:
    """Every list of the application, by name."""
    known: Mapping[str, Known] = current_app.extensions["lists"]
    return known
