"""The months of a partitioned table are made as rows come: no model says them, none is missing."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from sqlalchemy import Connection, text

PARTITIONS = "SELECT relname FROM pg_class WHERE relispartition AND relkind IN ('r', 'p')"


def without_partitions(connection: Connection) -> Callable[..., bool]:
    """Give what Alembic asks (`include_name`) about each table that it finds: is it compared?"""

    @cache
    def made() -> set[str]:
        return set(connection.scalars(text(PARTITIONS)))

    def is_compared(name: str | None, kind: str, _parents: Mapping[str, Any]) -> bool:
        return kind != "table" or name not in made()

    return is_compared
