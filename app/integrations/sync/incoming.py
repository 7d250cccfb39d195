"""Records on their way into the mirror: one COPY into a table that only this transaction sees.

COPY costs a third of what the same records cost as parameters of a statement.
"""

import io
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy.orm import Session

# JSON holds no control character, so with these as quote and delimiter nothing needs escaping.
COPY = "COPY incoming FROM STDIN (FORMAT csv, DELIMITER e'\\x02', QUOTE e'\\x01', NULL '')"
CREATE = """
CREATE TEMPORARY TABLE IF NOT EXISTS incoming
    (external_id text, changed_at timestamptz, payload jsonb) ON COMMIT DELETE ROWS;
DELETE FROM incoming
"""

# Figures are Decimals: they are written as they were sent, digit for digit.
_encode = msgspec.json.Encoder(decimal_format="number").encode

Incoming = tuple[str, datetime | None, Any]


def bring_in(session: Session, records: Iterable[Incoming]) -> None:
    """Fill the table `incoming`: id, moment and the record itself.

    Raises:
        DataError: PostgreSQL cannot keep a record (it holds NUL).
        UnicodeEncodeError: A record holds half a character (a lone surrogate).
    """
    lines = b"\n".join(map(_line, records))
    cursor = session.connection().connection.cursor()
    cursor.execute(CREATE)
    cursor.copy_expert(COPY, io.BytesIO(lines))


def _line(record: Incoming) -> bytes:
    external_id, changed_at, payload = record
    moment = changed_at.isoformat() if changed_at else ""
    return f"{external_id}\x02{moment}\x02".encode() + _encode(payload)
