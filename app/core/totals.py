"""How long a list is, counted as far as anybody looks: to count on costs more than the page.

Whoever shows a total says with it whether it is exact. A list of a million rows would be
counted in a tenth of a second, its page read in a few thousandths.
"""

from typing import Any, NamedTuple

from sqlalchemy import Select, func, literal, select

from app.core.db import db

COUNTED = 10_000
EXACT = f"False where there are more than {COUNTED:,}: `total` is so many then"
UNCOUNTED = {"total": None, "total_is_exact": None}


class Total(NamedTuple):
    """How many rows a list has; where `is_exact` is not true, more than that."""

    total: int
    is_exact: bool

    @classmethod
    def of(cls, counted: int) -> "Total":
        """Read what was counted up to one more than COUNTED."""
        return cls(min(counted, COUNTED), counted <= COUNTED)

    @property
    def shown(self) -> dict[str, Any]:
        """The total as the envelope of a list shows it."""
        return {"total": self.total, "total_is_exact": self.is_exact}


def count_rows(query: Select[Any]) -> int:
    """Count what a query selects, up to one more than COUNTED."""
    some = query.order_by(None).limit(COUNTED + 1)
    if not query._distinct:  # noqa: SLF001  (nothing public says whether rows are folded)
        some = some.with_only_columns(literal(1), maintain_column_froms=True)
    return db.session.scalar(select(func.count()).select_from(some.subquery())) or 0


def total_of(query: Select[Any], *, before: int, some: int, most: int) -> Total:
    """Say how long a list is of which a page holds `some` rows of at most `most`.

    One that is not full ends the list, which then needs no counting: `before` are those of the
    pages before it.
    """
    if some < most and (some or not before):
        return Total.of(before + some)
    return Total.of(count_rows(query))
