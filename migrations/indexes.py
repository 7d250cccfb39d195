"""Indexes of tables that people use: built and dropped while they go on working."""

from typing import Any

from alembic import op
from sqlalchemy import text

from migrations.session import unhurried

INVALID = "SELECT 1 FROM pg_index WHERE indexrelid = to_regclass(:name) AND NOT indisvalid"


def create_index(name: str, table: str, columns: list[Any], **options: Any) -> None:
    """Build an index without keeping anybody from writing.

    It cannot be part of a transaction: what the migration did before is committed. If it is
    interrupted it leaves an index that serves nobody, and the next start begins anew.
    """
    with op.get_context().autocommit_block(), unhurried(op.get_bind()):
        if op.get_bind().scalar(text(INVALID), {"name": name}):
            op.drop_index(name, table, postgresql_concurrently=True)
        op.create_index(
            name, table, columns, postgresql_concurrently=True, if_not_exists=True, **options
        )


def drop_index(name: str, table: str) -> None:
    """Drop an index without keeping anybody waiting; it may be gone already."""
    with op.get_context().autocommit_block(), unhurried(op.get_bind()):
        op.drop_index(name, table, postgresql_concurrently=True, if_exists=True)
