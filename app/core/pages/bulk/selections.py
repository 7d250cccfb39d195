"""Which rows are meant: those ticked, or all that the filters let through."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Select, func, select

from app.core.db import db

if TYPE_CHECKING:
    from app.core.pages.lists import ListPage

AT_ONCE = 500
NOTHING: Mapping[str, Any] = MappingProxyType({})


class Selection(NamedTuple):
    """Ids that were ticked; None means all rows that the filters let through.

    `about` names the record that the list stands below: no row of another one is meant.
    """

    ids: Sequence[int] | None
    filters: Mapping[str, str]
    zone: str = "UTC"
    about: Mapping[str, Any] = NOTHING


class Selected(NamedTuple):
    """One row of a selection: what it is called, nothing if it is not there any more."""

    id: int
    name: str | None


def count(page: "ListPage", selection: Selection) -> int:
    """Count what is meant."""
    if selection.ids is not None:
        return len(selection.ids)
    matching = _matching(page, selection)
    return db.session.scalar(select(func.count()).select_from(matching.subquery())) or 0


def selected(page: "ListPage", selection: Selection) -> Iterator[list[Selected]]:
    """Give what is meant in the order of the ids, some hundred at a time.

    All matching are looked up anew each time, after the last one: acting on some may take
    them out of what the filters let through.
    """
    yield from _ticked(page, selection) if selection.ids is not None else _all(page, selection)


def _ticked(page: "ListPage", selection: Selection) -> Iterator[list[Selected]]:
    ids = sorted(set(selection.ids or ()))
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        query = _whole(page, selection).where(page.row_id.in_(some))
        names: dict[int, Any] = dict(db.session.execute(query).all())
        yield [Selected(number, _text(names.get(number))) for number in some]


def _all(page: "ListPage", selection: Selection) -> Iterator[list[Selected]]:
    last = 0
    while True:
        query = _matching(page, selection).where(page.row_id > last)
        rows = db.session.execute(query.order_by(page.row_id).limit(AT_ONCE)).all()
        if not rows:
            return
        last = rows[-1][0]
        yield [Selected(number, _text(name)) for number, name in rows]


def _whole(page: "ListPage", selection: Selection) -> Select[Any]:
    """The rows that may be ticked, whatever the filters say by now."""
    if not selection.about:
        return select(page.row_id, page.row_name)
    return _matching(page, selection._replace(filters={}))


def _matching(page: "ListPage", selection: Selection) -> Select[Any]:
    asked = {"zone": selection.zone, "about": selection.about}
    query = page.query(page.read_args(selection.filters, **asked))
    assert isinstance(query, Select)  # noqa: S101  (only lists of the database have actions)
    columns = (page.row_id, page.row_name)
    return query.order_by(None).with_only_columns(*columns, maintain_column_froms=True)


def _text(name: Any) -> str | None:
    return None if name is None else str(name)
