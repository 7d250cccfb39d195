"""Stripe for programs, by the names of the hub before ours; money has calls of its own."""

from datetime import datetime
from typing import Any, NamedTuple

import marshmallow as ma

from app.core.api import Blueprint, page_of
from app.core.db import db
from app.core.permissions import requires
from app.core.web import one_or_404
from app.integrations.hub import queries as hub
from app.integrations.hub.models import Connection
from app.integrations.money import queries
from app.integrations.money.fields import BalanceSchema, TransactionPageSchema, TransactionQuery
from app.integrations.money.models import MoneyBalance
from app.integrations.systems.stripe.connector import Stripe

bp = Blueprint(
    "stripe_api",
    __name__,
    url_prefix="/api/v1/stripe",
    description="Accounts of Stripe: what they hold, and what has changed it",
)


class StripeAccountQuery(ma.Schema):
    """Which account."""

    connection_id = ma.fields.Int(
        data_key="connection",
        load_default=None,
        metadata={"description": "Its connection; without, the one connected first"},
    )


class StripeAccountSchema(ma.Schema):
    """An account, as it was when it was asked last."""

    connection_id = ma.fields.Int()
    account = ma.fields.Str(metadata={"description": "Its number; of tests it ends in /test"})
    name = ma.fields.Str()
    status = ma.fields.Str()
    last_synced_at = ma.fields.AwareDateTime(allow_none=True)
    balances = ma.fields.List(ma.fields.Nested(BalanceSchema))


class Account(NamedTuple):
    """What is shown of an account."""

    connection_id: int
    account: str
    name: str
    status: str
    last_synced_at: datetime | None
    balances: list[MoneyBalance]


@bp.get("/account")
@requires("money.view")
@bp.arguments(StripeAccountQuery, location="query")
@bp.response(200, StripeAccountSchema)
@bp.alt_response(404, description="No account is connected, or not by this connection")
def show_account(query: dict[str, Any]) -> Account:
    """Show a connected account: what it holds, and how old that is."""
    found = hub.live_connections(Stripe.system)
    if query["connection_id"] is not None:
        found = found.where(Connection.id == query["connection_id"])
    one = one_or_404(found.limit(1))
    held = db.session.scalars(queries.balances(one.id)).all()
    return Account(one.id, one.account, one.name, one.status, one.last_synced_at, [*held])


@bp.get("/transactions")
@requires("money.view")
@bp.arguments(TransactionQuery, location="query")
@bp.response(200, TransactionPageSchema)
def list_transactions(query: dict[str, Any]) -> dict[str, Any]:
    """List the transactions of all accounts, the newest first."""
    wanted = {name: value for name, value in query.items() if name in FILTERS}
    found = queries.of_system(queries.transactions(**wanted), Stripe.system)
    return page_of(found, query, sorts=queries.TRANSACTION_SORTS)


FILTERS = frozenset(
    {"role", "currency", "connection_id", "payout_id", "since", "until", "unmatched"}
)
