"""The words that a column may hold, changed while people go on working.

    def upgrade() -> None:
        change_words("stock_movement", "reason", (*WORDS, "eaten"))

    def downgrade() -> None:
        change_words("stock_movement", "reason", WORDS)

A migration writes its words out: those of the models are today's.
"""

from collections.abc import Collection

from alembic import op
from alembic.util import CommandError
from sqlalchemy import ColumnClause, func, select
from sqlalchemy import column as named
from sqlalchemy import table as of

from migrations.session import unhurried


def change_words(
    table: str, column: str, words: Collection[str], *, constraint: str = ""
) -> None:
    """Let a column hold these words and no others; for a migration that does nothing else.

    The constraint is exchanged at once, without a look at the rows: what is written from
    then on keeps it. Only then are the old rows read, which takes long and locks nobody out.
    The first step is committed before the second; a second start does both again.

    Raises:
        CommandError: Rows hold other words.
    """
    name = constraint or f"ck_{table}_{column}"
    with unhurried(op.get_bind()):
        refuse_others(table, column, words)
    op.execute(_exchange(table, column, words, name))
    with op.get_context().autocommit_block(), unhurried(op.get_bind()):
        refuse_others(table, column, words)  # written while the constraint was exchanged
        op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}")


def refuse_others(table: str, column: str, words: Collection[str]) -> None:
    """Refuse, with their number, rows whose word would not be allowed any more."""
    word: ColumnClause[str] = named(column)
    others = select(word, func.count()).select_from(of(table)).where(word.not_in([*words]))
    found = op.get_bind().execute(others.group_by(word).order_by(word)).all()
    if found:
        counts = ", ".join(f"{count:,} with {one!r}" for one, count in found)
        raise CommandError(
            f"{table}.{column} still has rows with words that go: {counts}. "
            "Give them another word, then start again."
        )


def _exchange(table: str, column: str, words: Collection[str], name: str) -> str:
    quoted = ", ".join("'" + word.replace("'", "''") + "'" for word in words)
    return (
        f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}, "
        f"ADD CONSTRAINT {name} CHECK ({column} IN ({quoted})) NOT VALID"
    )
