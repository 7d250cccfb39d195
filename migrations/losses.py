"""A downgrade takes tables and columns away: with what is in them only if told so.

flask db downgrade -x drop-data
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic import context
from alembic.util import CommandError
from sqlalchemy import Connection, event, text

NAME = r'(?:IF EXISTS\s+)?(?:ONLY\s+)?((?:"[^"]+"|\w+)(?:\.(?:"[^"]+"|\w+))?)'
TABLE = re.compile(rf"\bDROP\s+TABLE\s+{NAME}", re.IGNORECASE)
OF_TABLE = re.compile(rf"\bALTER\s+TABLE\s+{NAME}", re.IGNORECASE)
COLUMN = re.compile(r"\bDROP\s+(?:COLUMN\s+)(?:IF EXISTS\s+)?(\"[^\"]+\"|\w+)", re.IGNORECASE)
ROWS = re.compile(rf"\b(?:DELETE\s+FROM|TRUNCATE(?:\s+TABLE)?)\s+{NAME}", re.IGNORECASE)
OWN = "alembic_version"  # says where a database is; going back changes it

# The default of a column, as an expression; NULL where there is none.
DEFAULT = """
SELECT coalesce(pg_get_expr(d.adbin, d.adrelid), 'NULL') AS default,
       a.attgenerated <> '' OR a.attidentity <> '' AS is_made
FROM pg_attribute a LEFT JOIN pg_attrdef d ON (d.adrelid, d.adnum) = (a.attrelid, a.attnum)
WHERE a.attrelid = to_regclass(:table) AND a.attname = trim(BOTH '"' FROM :column)
"""


@contextmanager
def guarded(connection: Connection, *, may_drop: bool) -> Iterator[None]:
    """Look at each statement of a downgrade before it runs, unless data may be dropped.

    Raises:
        CommandError: It would drop data.
    """

    def look(on: Connection, _cursor: Any, statement: str, *_more: Any) -> None:
        if _goes_down():
            for loss in losses(on, statement):
                raise CommandError(
                    f"This downgrade would drop {loss}. Nothing of it is done. "
                    "Make a backup; flask db downgrade -x drop-data then does it all the same."
                )

    if may_drop:
        yield
        return
    event.listen(connection, "before_cursor_execute", look)
    try:
        yield
    finally:
        event.remove(connection, "before_cursor_execute", look)


def losses(connection: Connection, statement: str) -> Iterator[str]:
    """Say what a statement would drop that holds something."""
    for table in [*TABLE.findall(statement), *ROWS.findall(statement)]:
        if table != OWN and _has(connection, table, "true"):
            yield f"the rows of {table}"
    for table in OF_TABLE.findall(statement):
        for column in COLUMN.findall(statement):
            if _holds(connection, table, column):
                yield f"the values of {table}.{column}"


def _holds(connection: Connection, table: str, column: str) -> bool:
    """Tell whether a column says anywhere more than its default, and is not made of others."""
    about = connection.execute(text(DEFAULT), {"table": table, "column": column}).one_or_none()
    if about is None or about.is_made:
        return False
    return _has(connection, table, f"{column} IS DISTINCT FROM ({about.default})")


def _has(connection: Connection, table: str, condition: str) -> bool:
    known = text("SELECT to_regclass(:table) IS NOT NULL")
    if not connection.scalar(known, {"table": table}):
        return False
    query = f"SELECT EXISTS (SELECT 1 FROM {table} WHERE {condition})"  # noqa: S608
    return bool(connection.scalar(text(query.replace(":", r"\:"))))


def _goes_down() -> bool:
    """Tell whether the migration that is running is a downgrade."""
    return bool(context.get_context().opts["fn"].__name__ == "downgrade")
