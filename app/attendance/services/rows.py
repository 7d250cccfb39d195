"""Rows are written as one JSON text: a statement for each would cost twenty times as much."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session


def write_rows(session: Session, statement: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write many rows in one statement, which finds them as the table of its `:rows`."""
    if rows:
        session.execute(text(statement), {"rows": as_json(rows)})


def as_json(rows: Sequence[Mapping[str, Any]]) -> str:
    """Write rows as PostgreSQL reads them."""
    return json.dumps(rows, default=_written)


def _written(value: datetime | date | Decimal) -> str:
    return str(value) if isinstance(value, Decimal) else value.isoformat()
