"""Indexes that searching stands on.

`search_text` folds case and accents, `code_key` also drops what is neither letter nor digit;
both are SQL functions of the first migration. A leading blank lets `% word%` find the
beginning of any word by trigrams.
"""

from typing import Any

from sqlalchemy import ARRAY, BigInteger, Column, Index, Table, Text
from sqlalchemy.orm import mapped_column

from app.core.db import Model

# The words of each text that is searched, and some rows that have them. Triggers learn them,
# and the functions that search look for parts of words here (`migrations/search_words.py`).
search_word = Table(
    "search_word",
    Model.metadata,
    Column("source", Text, nullable=False),  # table.column
    Column("word", Text, nullable=False),
    Column("hints", ARRAY(BigInteger), nullable=False),
    Index("ix_search_word_word", "source", "word", postgresql_ops={"word": "text_pattern_ops"}),
    Index(
        "ix_search_word_inside",
        "word",
        postgresql_using="gin",
        postgresql_ops={"word": "gin_trgm_ops"},
    ),
)


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
