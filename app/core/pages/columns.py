"""The columns of a list: where a cell takes its value from, and how it is written."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, SQLColumnExpression

from app.core.permissions import may

Getter = Callable[[Any], Any]
# How a cell is written: see `table_cells`.
Kind = Literal["text", "code", "badge", "number", "quantity", "money", "moment", "day", "cell"]

AT_THE_END = frozenset({"number", "quantity", "money"})  # kinds whose digits stand in line
PLACES = ("name", "code", "meta", "figure", "status", "action", "desk", "wide", "wrap")


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column. Its name stands in addresses, saved views and preferences.

    `kind` is text, code, badge, number, quantity, money, moment, day, or cell: then a macro
    writes it, `cell` being "template.html:macro". `value` is an attribute of the row, by path,
    or a function; it is also what files hold, unless `export` gives something else.

    `place` says where the cell stands on a phone (see tables.css): words of PLACES; `wide`
    ones are left out on narrow desks too, `roomy` ones on tablets held upright. One without a
    place has a line of its own, behind its `label`.
    """

    name: str
    title: str
    kind: Kind = "text"
    value: str | Getter = ""
    unit: str = ""  # attribute with the unit of a quantity or the currency of an amount
    live: str = ""  # id of what the websocket replaces: "product-{0.id}-available"
    cell: str = ""
    place: str = ""
    label: str = ""
    tone: Getter | None = None  # one more class, which differs from row to row
    sort: SQLColumnExpression[Any] | str | None = None  # a text names a column of the query
    adds: Sequence[ColumnElement[Any]] = ()  # what the query must select for it
    export: Getter | None = None
    is_exported: bool = True
    is_link: bool = False  # opens the record; its cell is the heading of the row
    is_shown: bool = True
    is_required: bool = False
    is_short: bool = True  # of moments: this year goes without saying
    is_unseen: bool = False  # its title is for screen readers only
    permission: str = ""

    @cached_property
    def get(self) -> Getter:
        """Give the value of a row."""
        return self.value if callable(self.value) else attrgetter(self.value or self.name)

    @cached_property
    def get_unit(self) -> Getter | None:
        """Give the unit of a row."""
        return attrgetter(self.unit) if self.unit else None

    @cached_property
    def css(self) -> str:
        """Classes of its cells."""
        end = ["num"] if self.kind in AT_THE_END else []
        own = [self.kind] if self.kind in {"code", "day"} else []
        return " ".join([*end, *own, *self.place.split()])

    @cached_property
    def head_css(self) -> str:
        """Classes of its heading."""
        kept = {"num", "wide", "roomy", "status", "wrap"}
        return " ".join(word for word in self.css.split() if word in kept)

    @cached_property
    def phone_label(self) -> str:
        """What stands before the value on a phone; nothing where its place says enough."""
        is_placed = bool({*self.place.split()} & {*PLACES} - {"figure", "wrap"})
        return (
            "" if is_placed or self.is_link or self.kind == "code" else self.label or self.title
        )

    @property
    def is_open(self) -> bool:
        """Tell whether the person asking may see it."""
        return not self.permission or may(self.permission)

    def order(self, query: Select[Any]) -> SQLColumnExpression[Any]:
        """Give what the database sorts by."""
        assert self.sort is not None  # noqa: S101  (its callers ask only what sorts)
        return query.selected_columns[self.sort] if isinstance(self.sort, str) else self.sort

    def exported(self, row: Any) -> Any:
        """Give what a file holds of a row."""
        return self.export(row) if self.export else self.get(row)


def chosen(columns: Sequence[Column], names: Sequence[str]) -> list[Column]:
    """Give the columns somebody has chosen, in their order; without a choice the usual ones.

    Required ones that are missing stand first: an address may be older than the list.
    """
    known = {column.name: column for column in columns if column.is_open}
    if not (found := [known[name] for name in dict.fromkeys(names) if name in known]):
        return [column for column in known.values() if column.is_shown or column.is_required]
    missing = [c for c in known.values() if c.is_required and c not in found]
    return [*missing, *found]
