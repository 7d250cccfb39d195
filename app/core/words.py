"""How what a person types is looked for in a column of search text."""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import InstrumentedAttribute

from app.core.db import Model
from app.core.texts import tidy_search

LONGEST_SEARCH = 100
MOST_WORDS = 8
TRIGRAM = 3


def has_words(column: InstrumentedAttribute[str], search: str) -> ColumnElement[bool]:
    """Tell whether a column of search text holds every word.

    A word of one or two letters has no trigram of its own, so it must begin a word.
    """
    words = tidy_search(search)[:LONGEST_SEARCH].split()[:MOST_WORDS]
    return and_(True, *(column.like(func.search_text(_pattern(word))) for word in words))  # noqa: FBT003


def beginning(text: str) -> str:
    """Give the LIKE pattern of whatever begins with a text."""
    return f"{_escaped(text)}%"


def values_in_use(column: InstrumentedAttribute[str]) -> Select[str]:
    """The different values of an indexed column, in order, without the empty one.

    One probe of the index for each value, however many rows hold it: PostgreSQL has no
    such scan of its own (its wiki calls this one a loose index scan).
    """
    known = _next_after(column, "").cte("known", recursive=True)
    following = _next_after(column, known.c.value).scalar_subquery()
    known = known.union_all(select(following).where(known.c.value.is_not(None)))
    return select(known.c.value).where(known.c.value.is_not(None))


def matching(
    entity: type[Model], filters: dict[str, Any], *, updated_since: Any
) -> list[ColumnElement[bool]]:
    """Conditions for filters that are equalities, and for changes since a moment."""
    columns: Any = entity
    given = [
        getattr(columns, n) == value for n, value in filters.items() if value not in (None, "")
    ]
    if updated_since is not None:
        given.append(columns.updated_at >= updated_since)
    return given


def _next_after(column: InstrumentedAttribute[str], value: Any) -> Select[str]:
    return select(func.min(column).label("value")).where(column > value)


def _pattern(word: str) -> str:
    blank = " " if len(word) < TRIGRAM else ""
    return f"%{blank}{_escaped(word)}%"


def _escaped(text: str) -> str:
    """Take the meaning from LIKE's own characters, and out what PostgreSQL cannot hold."""
    plain = text.replace("\0", "").replace("\\", "\\\\")
    return plain.replace("%", r"\%").replace("_", r"\_")
