"""Renaming a table with everything that bears its name."""

import sqlalchemy as sa
from alembic import op

CONSTRAINTS = """SELECT conname FROM pg_constraint
WHERE conrelid = CAST(:table AS regclass) AND strpos(conname, :old) > 0 ORDER BY conname"""
INDEXES = """SELECT relname FROM pg_class JOIN pg_index ON indexrelid = pg_class.oid
WHERE indrelid = CAST(:table AS regclass) AND strpos(relname, :old) > 0 ORDER BY relname"""
SEQUENCE = "SELECT pg_get_serial_sequence(:table, 'id')"


def rename_table(old: str, new: str) -> None:
    """Rename a table, its constraints, its indexes and the sequence of its ids.

    Only names change, so it takes a moment at any size. What the models are compared with
    finds a forgotten name.
    """
    op.rename_table(old, new)
    for name in _names(CONSTRAINTS, new, old):
        op.execute(f"ALTER TABLE {new} RENAME CONSTRAINT {name} TO {name.replace(old, new)}")
    for name in _names(INDEXES, new, old):  # those of constraints have followed already
        op.execute(f"ALTER INDEX {name} RENAME TO {name.replace(old, new)}")
    for name in _names(SEQUENCE, new, old):
        op.execute(f"ALTER SEQUENCE {name} RENAME TO {new}_id_seq")


def _names(query: str, table: str, old: str) -> list[str]:
    parameters = {"table": table} | ({"old": old} if ":old" in query else {})
    return [*op.get_bind().scalars(sa.text(query), parameters)]
