"""Records of books as they came, without anybody to ask: into the mirror, and on to ours."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from app.core.db import db, transaction
from app.integrations.hub.connector import Batch
from app.integrations.hub.models import Connection
from app.integrations.inbound.applying import apply_changes
from app.integrations.sync.mirror import sort_batch, write_batch
from app.integrations.sync.models import RejectedRecord
from app.integrations.systems.quickbooks.connector import QuickBooks

BOOKS = QuickBooks()


def books(account: str = "1") -> Connection:
    """A connection to a company that nobody will ask."""
    made = Connection(
        system="quickbooks",
        account=account,
        name=f"Company {account}",
        environment="sandbox",
        connected_at=datetime.now(UTC),
    )
    with transaction() as session:
        session.add(made)
    return made


def came(connection: Connection, kind: str, *records: Any) -> None:
    """Let records come in, and ours follow."""
    _keep(connection, kind, records)
    apply_changes(connection.id)


def _keep(connection: Connection, kind: str, records: Sequence[Any]) -> None:
    write_batch(connection.id, sort_batch(BOOKS.stream(kind), Batch(kind, records)))


def reasons(connection: Connection) -> list[str]:
    """Why records of a connection are rejected at present."""
    query = select(RejectedRecord.reason).where(
        RejectedRecord.connection_id == connection.id, RejectedRecord.resolved_at.is_(None)
    )
    return [*db.session.scalars(query.order_by(RejectedRecord.id))]


def invoice(number: str, *lines: Any, **values: Any) -> dict[str, Any]:
    """An invoice of so many lines."""
    return {
        "Id": number,
        "DocNumber": number,
        "TxnDate": "2024-03-10",
        "TotalAmt": 45.0,
        "Balance": 45.0,
        "CustomerRef": {"value": "1", "name": "Acme"},
        "Line": list(lines),
    } | values
