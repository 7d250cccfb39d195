"""Where somebody stands in a list: what its address says, and what a saved view adds to it.

A view gives filters and order as long as the address says nothing of them, and the columns.
`view=all` is the list without a view, also for somebody whose list begins with one.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from flask_login import current_user

from app.core.db import db
from app.core.pages.saved_views import queries
from app.core.pages.saved_views.models import SavedView

if TYPE_CHECKING:
    from app.core.pages.lists import ListPage

WITHOUT = "all"


@dataclass(frozen=True)
class ListState:
    """What is asked for: the parameters in effect, the columns chosen, and the view."""

    list_name: str
    args: Mapping[str, str]
    columns: list[str]
    current: SavedView | None = None
    default_id: int | None = None
    is_changed: bool = False  # the address says something else than the view

    @property
    def view(self) -> str:
        """What addresses say of the view; nothing where there is none."""
        if self.current:
            return str(self.current.id)
        return WITHOUT if self.default_id else ""

    def state_of(self, names: Collection[str]) -> dict[str, str]:
        """Give what a view keeps of it: filters and order that are set."""
        return _state(self.args, names)

    def views(self) -> list[SavedView]:
        """Fetch the views to choose from."""
        usable = queries.visible(current_user.id, current_user.role_id)
        of_list = usable.where(SavedView.list_name == self.list_name)
        return list(db.session.scalars(of_list))


def list_state(list_name: str, names: Collection[str], args: Mapping[str, str]) -> ListState:
    """Find out what is asked for; `names` are the parameters that say it."""
    query = queries.chosen(current_user.id, current_user.role_id, list_name)
    columns, default = db.session.execute(query).one_or_none() or ([], None)
    is_said = any(name in args for name in names)
    current = _current(list_name, args, default, is_said=is_said)
    return ListState(
        list_name,
        args if is_said or current is None else {**args, **current.state},
        (current.columns if current else []) or columns,
        current=current,
        default_id=default.id if default else None,
        is_changed=is_said and current is not None and _state(args, names) != current.state,
    )


def list_state_at(page: "ListPage", here: str) -> ListState:
    """Find out what the address of a list asks for."""
    args = dict(parse_qsl(urlsplit(here).query))
    return list_state(page.name, page.state_names, args)


def _state(args: Mapping[str, str], names: Collection[str]) -> dict[str, str]:
    return {name: args[name] for name in names if args.get(name)}


def _current(
    list_name: str, args: Mapping[str, str], default: SavedView | None, *, is_said: bool
) -> SavedView | None:
    """The view that the address names, or that the list begins with if it says nothing."""
    asked = args.get("view", "")
    if not asked:
        return None if is_said else default
    if not (asked.isascii() and asked.isdecimal() and len(asked) < 18):  # noqa: PLR2004
        return None
    usable = queries.visible(current_user.id, current_user.role_id)
    found = usable.where(SavedView.id == int(asked), SavedView.list_name == list_name)
    return db.session.scalars(found).one_or_none()
