"""Selects over money at outside systems."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select, true
from sqlalchemy.orm import joinedload

from app.integrations.hub.models import Connection
from app.integrations.money.models import (
    MoneyBalance,
    MoneyDispute,
    MoneyTransaction,
    Payout,
)

TRANSACTION_SORTS = {"made": MoneyTransaction.made_at, "id": MoneyTransaction.id}
PAYOUT_SORTS = {"arrives": Payout.arrives_on, "id": Payout.id}
DISPUTE_SORTS = {"due": MoneyDispute.due_at, "id": MoneyDispute.id}
IS_UNMATCHED = and_(
    MoneyTransaction.role == "sale",
    MoneyTransaction.order_id.is_(None),
    MoneyTransaction.invoice_id.is_(None),
)


def transactions(  # noqa: PLR0913  (a filter each)
    *, role: str = "", currency: str = "", connection_id: int | None = None,
    payout_id: int | None = None, since: datetime | None = None,
    until: datetime | None = None, unmatched: bool = False,
) -> Select[MoneyTransaction]:  # fmt: skip
    """Transactions that all the filters given let through; `until` is not among them."""
    every: ColumnElement[bool] = true()
    return (
        select(MoneyTransaction)
        .options(
            joinedload(MoneyTransaction.connection),
            joinedload(MoneyTransaction.payout),
            joinedload(MoneyTransaction.order),
            joinedload(MoneyTransaction.invoice),
        )
        .where(
            MoneyTransaction.role == role if role else every,
            MoneyTransaction.currency == currency if currency else every,
            _of(MoneyTransaction.connection_id, connection_id),
            _of(MoneyTransaction.payout_id, payout_id),
            MoneyTransaction.made_at >= since if since else every,
            MoneyTransaction.made_at < until if until else every,
            IS_UNMATCHED if unmatched else every,
        )
    )


def of_system(query: Select[Any], system: str) -> Select[Any]:
    """Those of the connections of one system."""
    mine = select(Connection.id).where(Connection.system == system)
    return query.where(MoneyTransaction.connection_id.in_(mine))


def payouts(
    *, state: str = "", currency: str = "", connection_id: int | None = None,
    since: date | None = None, until: date | None = None, differs: bool = False,
) -> Select[Payout]:  # fmt: skip
    """Payouts by the day they arrive on; those that `differ` do not add up."""
    every: ColumnElement[bool] = true()
    return (
        select(Payout)
        .options(joinedload(Payout.connection))
        .where(
            Payout.state == state if state else every,
            Payout.currency == currency if currency else every,
            _of(Payout.connection_id, connection_id),
            Payout.arrives_on >= since if since else every,
            Payout.arrives_on <= until if until else every,
            and_(Payout.is_told, Payout.amount != _settled_sum()) if differs else every,
        )
    )


def _settled_sum() -> ColumnElement[Decimal]:
    settled = select(func.coalesce(func.sum(MoneyTransaction.net), 0))
    return settled.where(MoneyTransaction.payout_id == Payout.id).scalar_subquery()


def payout(payout_id: int) -> Select[Payout]:
    """One payout."""
    return payouts().where(Payout.id == payout_id)


def settled(payout_ids: Sequence[int]) -> Select[int | None, int, Decimal, Decimal]:
    """Of payouts: how many transactions they settle, their net amount and their fees."""
    return (
        select(
            MoneyTransaction.payout_id,
            func.count(),
            func.sum(MoneyTransaction.net),
            func.sum(MoneyTransaction.fee),
        )
        .where(MoneyTransaction.payout_id.in_(payout_ids))
        .group_by(MoneyTransaction.payout_id)
    )


def disputes(*, state: str = "") -> Select[MoneyDispute]:
    """Disputes."""
    query = select(MoneyDispute).options(joinedload(MoneyDispute.connection))
    return query.where(MoneyDispute.state == state) if state else query


def balances(connection_id: int) -> Select[MoneyBalance]:
    """What a system holds for us by one connection."""
    mine = select(MoneyBalance).where(MoneyBalance.connection_id == connection_id)
    return mine.order_by(MoneyBalance.currency)


def money_connections() -> Select[Connection]:
    """Connections that money has come from."""
    named = select(MoneyTransaction.connection_id).distinct()
    return select(Connection).where(Connection.id.in_(named)).order_by(Connection.id)


def _of(column: Any, number: int | None) -> ColumnElement[bool]:
    return true() if number is None else column == number
