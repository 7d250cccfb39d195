"""What a new installation holds: the ground that every test finds, whatever was committed."""

import io
from typing import Any

from sqlalchemy import Connection, Engine

from app.core.db import db, retried

# No triggers, no foreign keys: some tables keep their rows for good.
UNGUARDED = "SET LOCAL session_replication_role = replica"
# A test that migrates back and forth makes tables anew, which count from 1.
BEYOND = """
SELECT setval(counter, greatest((SELECT max(id) FROM {table}), pg_sequence_last_value(counter)))
FROM (SELECT pg_get_serial_sequence('{table}', 'id')::regclass AS counter) one
"""


class Ground:
    """The rows of an installation at the moment this is made."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.tables = [f'"{table.name}"' for table in db.metadata.sorted_tables]
        probes = [f"(SELECT '{table}' FROM {table} LIMIT 1)" for table in self.tables]  # noqa: S608
        self.probe = " UNION ALL ".join(probes)
        with engine.begin() as connection:
            self.rows = {
                table: _copied(connection, table) for table in self._filled(connection)
            }

    @retried  # a browser that has just been closed may have left a request behind
    def restore(self) -> None:
        """Put back what was there, and nothing else.

        TRUNCATE would make a new file for each table, and most are empty.
        """
        with self.engine.begin() as connection:
            # Waits, as TRUNCATE does, for whoever is still writing.
            locked = f"LOCK TABLE {', '.join(self.tables)} IN EXCLUSIVE MODE"
            connection.exec_driver_sql(f"{locked}; {UNGUARDED}")
            filled = self._filled(connection)
            deleted = "; ".join(f"DELETE FROM {table}" for table in filled)  # noqa: S608
            if deleted:
                connection.exec_driver_sql(deleted)
            for table, rows in self.rows.items():
                _cursor(connection).copy_expert(f"COPY {table} FROM STDIN", io.BytesIO(rows))
                connection.exec_driver_sql(BEYOND.format(table=table))

    def _filled(self, connection: Connection) -> list[str]:
        return [row[0] for row in connection.exec_driver_sql(self.probe)]


def _copied(connection: Connection, table: str) -> bytes:
    rows = io.BytesIO()
    _cursor(connection).copy_expert(f"COPY {table} TO STDOUT", rows)
    return rows.getvalue()


def _cursor(connection: Connection) -> Any:
    return connection.connection.cursor()
