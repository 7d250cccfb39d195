"""Indexes that searching stands on.

`search_text` folds case and accents, `code_key` also drops what is neither letter nor digit;
both are SQL functions of the first migration. A leading blank lets `% word%` find the
beginning of any word by trigrams.
"""

from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import mapped_column


def trigram_index(table: str, column: str, suffix: str = "") -> Index:
    """Serve `LIKE '%part%'`."""
    return Index(
        f"ix_{table}_{column}{suffix}",
        column,
        postgresql_using="gin",
        postgresql_ops={column: "gin_trgm_ops"},
    )


def prefix_index(table: str, column: str) -> Index:
    """Serve `LIKE 'beginning%'` and equality."""
    return Index(f"ix_{table}_{column}", column, postgresql_ops={column: "text_pattern_ops"})


def twin() -> Any:
    """Number the rows that had one code before that was forbidden; 0 of all others.

    It is part of the unique index of the code. A trigger takes it off with a new code.
    """
    return mapped_column(server_default="0", default=0)
