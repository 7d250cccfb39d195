"""What a system says of money, into our tables: set-based, the same again changes nothing.

The rows of a statement are one parameter, as JSON: a thousand parameters take PostgreSQL as
long as what they say.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.core.db import transaction
from app.integrations.money.matching import match_sales

Row = Mapping[str, Any]

MANY = 1000
# Of a table that it has not looked at the planner takes it that a connection has a row or two:
# it would go through all that is written for each row that there is.
LOOK = text("ANALYZE (SKIP_LOCKED) money_transaction")

TYPES = {
    "amount": "numeric", "fee": "numeric", "net": "numeric", "charged_amount": "numeric",
    "available": "numeric", "pending": "numeric",
    "made_at": "timestamptz", "due_at": "timestamptz", "said_at": "timestamptz",
    "available_on": "date", "arrives_on": "date",
    "is_pending": "boolean", "is_automatic": "boolean", "is_told": "boolean",
    "position": "bigint",
}  # fmt: skip
PAYOUTS = (
    *("external_id", "amount", "currency", "state", "is_automatic", "is_told", "made_at"),
    *("arrives_on", "bank", "trace", "problem"),
)
TRANSACTIONS = (
    *("external_id", "role", "kind", "amount", "fee", "net", "currency", "made_at"),
    *("available_on", "is_pending", "source", "description"),
)
DISPUTES = (
    *("external_id", "source", "amount", "currency", "reason", "state", "made_at", "due_at"),
)
BALANCES = ("currency", "available", "pending", "said_at")
FEES = ("transaction", "position", "kind", "amount", "currency", "description")

OF_TRANSACTIONS = """
FROM money_transaction one WHERE one.connection_id = :connection_id
AND one.external_id = ANY(CAST(:ids AS text[]))
"""
FORGET_FEES = text(f"""
DELETE FROM money_fee WHERE transaction_id IN (SELECT one.id {OF_TRANSACTIONS})
""")  # noqa: S608  (no word of it comes from outside, here and below)
ADD_FEES = """
INSERT INTO money_fee (transaction_id, position, kind, amount, currency, description)
SELECT one.id, row.position, row.kind, row.amount, row.currency, row.description
FROM {rows} JOIN money_transaction one
    ON one.connection_id = :connection_id AND one.external_id = row.transaction
"""
LINK_PAYOUTS = """
UPDATE money_transaction one SET payout_id = payout.id
FROM {rows} JOIN money_payout payout
    ON payout.connection_id = :connection_id AND payout.external_id = row.payout
WHERE one.connection_id = :connection_id AND one.external_id = row.external_id
AND one.payout_id IS DISTINCT FROM payout.id
"""
DESCRIBE = """
UPDATE money_transaction one
SET reference = row.reference, charged_amount = row.charged_amount,
    charged_currency = row.charged_currency,
    description = coalesce(nullif(row.description, ''), one.description)
FROM {rows}
WHERE one.connection_id = :connection_id AND one.source = row.source AND one.role = 'sale'
RETURNING one.id
"""


def write_payouts(connection_id: int, rows: Sequence[Row], *, gone: Sequence[str] = ()) -> None:
    """Keep payouts by their ids; those that are gone are forgotten."""
    _upsert("money_payout", PAYOUTS, connection_id, rows)
    _forget("money_payout", connection_id, gone)


def write_transactions(
    connection_id: int, rows: Sequence[Row], fees: Sequence[Row], *, gone: Sequence[str] = ()
) -> None:
    """Keep transactions, each with all of its fees, whose `transaction` is its id."""
    with transaction() as session:
        _upsert("money_transaction", TRANSACTIONS, connection_id, rows)
        _forget("money_transaction", connection_id, gone)
        ids = {"connection_id": connection_id, "ids": [row["external_id"] for row in rows]}
        session.execute(FORGET_FEES, ids)
        if fees:
            session.execute(_with_rows(ADD_FEES, FEES), _given(connection_id, fees))
        if len(rows) >= MANY:
            session.execute(LOOK)


def write_disputes(
    connection_id: int, rows: Sequence[Row], *, gone: Sequence[str] = ()
) -> None:
    """Keep disputes by their ids."""
    _upsert("money_dispute", DISPUTES, connection_id, rows)
    _forget("money_dispute", connection_id, gone)


def write_balances(connection_id: int, rows: Sequence[Row]) -> None:
    """Keep what a system holds, one row a currency; one it does not name is held no more."""
    with transaction() as session:
        _upsert("money_balance", BALANCES, connection_id, rows, key="currency")
        named = {"connection_id": connection_id, "named": [row["currency"] for row in rows]}
        session.execute(text(
            "DELETE FROM money_balance WHERE connection_id = :connection_id "
            "AND NOT currency = ANY(CAST(:named AS text[]))"
        ), named)  # fmt: skip


def link_payouts(connection_id: int, rows: Sequence[Row]) -> None:
    """Say which payout has settled transactions: `external_id` and `payout` of each."""
    _execute(LINK_PAYOUTS, ("external_id", "payout"), connection_id, rows)


def describe_sales(connection_id: int, rows: Sequence[Row]) -> None:
    """Say what sales are for, by their `source`, and look for the orders and invoices."""
    names = ("source", "reference", "charged_amount", "charged_currency", "description")
    with transaction() as session:
        if not rows:
            return
        found = session.execute(_with_rows(DESCRIBE, names), _given(connection_id, rows))
        match_sales([row.id for row in found])


def _upsert(
    table: str, names: Sequence[str], connection_id: int, rows: Sequence[Row],
    *, key: str = "external_id",
) -> None:  # fmt: skip
    columns = ", ".join(names)
    changed = ", ".join(f"{name} = excluded.{name}" for name in names if name != key)
    statement = (
        f"INSERT INTO {table} (connection_id, {columns}) "  # noqa: S608
        f"SELECT :connection_id, {', '.join(f'row.{name}' for name in names)} FROM {{rows}} "
        f"ON CONFLICT (connection_id, {key}) DO UPDATE SET {changed}"
    )
    _execute(statement, names, connection_id, rows)


def _forget(table: str, connection_id: int, gone: Sequence[str]) -> None:
    if not gone:
        return
    with transaction() as session:
        session.execute(
            text(
                f"DELETE FROM {table} WHERE connection_id = :connection_id "  # noqa: S608
                "AND external_id = ANY(CAST(:ids AS text[]))"
            ),
            {"connection_id": connection_id, "ids": [*gone]},
        )


def _execute(
    statement: str, names: Sequence[str], connection_id: int, rows: Sequence[Row]
) -> None:
    if not rows:
        return
    with transaction() as session:
        _run(session, statement, names, _given(connection_id, rows))


def _run(session: Session, statement: str, names: Sequence[str], given: Row) -> None:
    session.execute(_with_rows(statement, names), given)


def _with_rows(statement: str, names: Sequence[str]) -> Any:
    """Put in what PostgreSQL is to read of the JSON."""
    columns = ", ".join(f"{name} {TYPES.get(name, 'text')}" for name in names)
    rows = f"jsonb_to_recordset(CAST(:rows AS jsonb)) AS row ({columns})"
    return text(statement.format(rows=rows))


def _given(connection_id: int, rows: Sequence[Row]) -> Row:
    """Decimals are written as they are, digit for digit."""
    return {"connection_id": connection_id, "rows": msgspec.json.encode(rows).decode()}
