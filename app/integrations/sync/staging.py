"""Records on their way into the mirror, by COPY.

COPY costs a third of what the same records cost as parameters of a statement.
"""

import io
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy.orm import Session

from app.integrations.hub.decoding import PartlyRead

# JSON holds no control character, so with these as quote and delimiter nothing needs escaping.
FORMAT = "FROM STDIN (FORMAT csv, DELIMITER e'\\x02', QUOTE e'\\x01', NULL '')"
COPY = f"COPY incoming (connection_id, kind, external_id, changed_at, payload) {FORMAT}"
COPY_NEW = COPY.replace("incoming", "external_record")
# In small pieces, each would wait for the thread that reads the next page (the GIL).
AT_ONCE = 1 << 24
CREATE = """
CREATE TEMPORARY TABLE IF NOT EXISTS incoming (
    connection_id bigint, kind text, external_id text, changed_at timestamptz, payload jsonb
) ON COMMIT DELETE ROWS;
DELETE FROM incoming
"""

# Figures are Decimals: they are written as they were sent, digit for digit.
_encode = msgspec.json.Encoder(decimal_format="number").encode


class StagedRecords:
    """Records of one kind of a connection, each as its `row`."""

    def __init__(self, connection_id: int, kind: str, rows: Iterable[bytes]) -> None:
        begin = f"{connection_id}\x02{kind}\x02".encode()
        self._lines = b"\n".join(begin + one for one in rows)

    def stage(self, session: Session) -> None:
        """Fill the table `incoming`, which only this transaction sees.

        Raises:
            DataError: PostgreSQL cannot keep a record (it holds NUL).
        """
        cursor: Any = session.connection().connection.cursor()  # psycopg2's own
        cursor.execute(CREATE)
        cursor.copy_expert(COPY, io.BytesIO(self._lines), size=AT_ONCE)

    def add(self, session: Session) -> int:
        """Put them into the mirror, where none of them may be yet; give how many there are.

        Raises:
            DataError: As above.
            UniqueViolation: One is there.
        """
        cursor: Any = session.connection().connection.cursor()
        cursor.copy_expert(COPY_NEW, io.BytesIO(self._lines), size=AT_ONCE)
        return int(cursor.rowcount)


def row(external_id: str, changed_at: datetime | None, payload: Any) -> bytes:
    """Write a record as COPY reads it.

    Raises:
        UnicodeEncodeError: It holds half a character (a lone surrogate).
    """
    moment = changed_at.isoformat() if changed_at else ""
    text = payload.text if isinstance(payload, PartlyRead) else _encode(payload)
    return f"{external_id}\x02{moment}\x02".encode() + text
