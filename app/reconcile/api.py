"""Money for programs: accounts that roll, fees, payouts, transactions, disputes."""

from typing import Any

import marshmallow as ma

from app.core.api import Blueprint, PageQuery, Sort, page_of, page_schema
from app.core.permissions import requires
from app.core.web import one_or_404
from app.integrations.money import queries
from app.integrations.money.fields import (
    DisputeSchema,
    PayoutSchema,
    TransactionPageSchema,
    TransactionQuery,
)
from app.integrations.money.models import DISPUTE_STATES, PAYOUT_STATES
from app.invoices.api import Amount
from app.reconcile import figures
from app.reconcile.lists import with_settled
from app.reconcile.periods import period

VIEW = "money.view"
bp = Blueprint(
    "money_api",
    __name__,
    url_prefix="/api/v1/money",
    description="Money at outside systems: what came in, what it cost, what was paid out",
)


class PeriodQuery(ma.Schema):
    """A span of days in UTC; without one, this month and the two before."""

    since = ma.fields.Date(data_key="from", load_default=None)
    until = ma.fields.Date(data_key="to", load_default=None)


class FeesQuery(PeriodQuery):
    """A span of days, and a currency."""

    currency = ma.fields.Str(required=True, validate=ma.validate.Length(equal=3))


class ClearingSchema(ma.Schema):
    """An account in one currency: opening + activity - payouts = closing."""

    connection_id = ma.fields.Int()
    connection = ma.fields.Str()
    currency = ma.fields.Str()
    opening = Amount()
    sales = Amount()
    refunds = Amount()
    disputes = Amount()
    other = Amount()
    fees = Amount(metadata={"description": "What was taken, as a positive number"})
    activity = Amount(metadata={"description": "All of these, less the fees"})
    payouts = Amount()
    closing = Amount()
    held = Amount(allow_none=True, metadata={"description": "As the system said last"})
    said_at = ma.fields.AwareDateTime(allow_none=True)
    variance = Amount(
        allow_none=True,
        metadata={"description": "What it holds, less all that it has told until then"},
    )


class FeeSchema(ma.Schema):
    """What was taken in a month, of one kind."""

    month = ma.fields.Date(metadata={"description": "Its first day"})
    kind = ma.fields.Str()
    amount = Amount()


class SettledPayoutSchema(PayoutSchema):
    """A payout with what it settles."""

    transactions = ma.fields.Int()
    settled = Amount(
        allow_none=True,
        metadata={"description": "The sum of what it settles; null: the system does not say"},
    )
    difference = Amount(allow_none=True)


class PayoutQuery(PageQuery):
    """Filters of payouts."""

    sort = Sort(queries.PAYOUT_SORTS, default="-arrives")
    state = ma.fields.Str(load_default="", validate=ma.validate.OneOf(["", *PAYOUT_STATES]))
    currency = ma.fields.Str(load_default="", validate=ma.validate.Length(max=3))
    connection_id = ma.fields.Int(data_key="connection", load_default=None)
    since = ma.fields.Date(data_key="from", load_default=None)
    until = ma.fields.Date(data_key="to", load_default=None)
    differs = ma.fields.Bool(
        load_default=False, metadata={"description": "What they settle does not add up"}
    )


class DisputeQuery(PageQuery):
    """Filters of disputes."""

    sort = Sort(queries.DISPUTE_SORTS, default="due")
    state = ma.fields.Str(load_default="", validate=ma.validate.OneOf(["", *DISPUTE_STATES]))


@bp.get("/clearing")
@requires(VIEW)
@bp.arguments(PeriodQuery, location="query")
@bp.response(200, ClearingSchema(many=True))
def list_clearing(query: dict[str, Any]) -> list[figures.Clearing]:
    """Roll each account from one day to another, with its variance."""
    return figures.clearing(*period(query["since"], query["until"]))


@bp.get("/fees")
@requires(VIEW)
@bp.arguments(FeesQuery, location="query")
@bp.response(200, FeeSchema(many=True))
def list_fees(query: dict[str, Any]) -> list[figures.Fee]:
    """Add up fees by month and kind."""
    days = period(query["since"], query["until"])
    return figures.fees(*days, query["currency"].upper())


@bp.get("/payouts")
@requires(VIEW)
@bp.arguments(PayoutQuery, location="query")
@bp.response(200, page_schema(PayoutSchema))
def list_payouts(query: dict[str, Any]) -> dict[str, Any]:
    """List payouts, the newest first."""
    names = ("state", "currency", "connection_id", "since", "until", "differs")
    found = queries.payouts(**{name: query[name] for name in names})
    return page_of(found, query, sorts=queries.PAYOUT_SORTS)


@bp.get("/payouts/<int:payout_id>")
@requires(VIEW)
@bp.response(200, SettledPayoutSchema)
def show_payout(payout_id: int) -> dict[str, Any]:
    """Show a payout, and whether what it settles adds up to it."""
    [one] = with_settled([one_or_404(queries.payout(payout_id))])
    shown = {name: getattr(one.payout, name) for name in PayoutSchema().fields}
    sums = {"transactions": one.number, "settled": one.settled, "difference": one.difference}
    return shown | sums


@bp.get("/transactions")
@requires(VIEW)
@bp.arguments(TransactionQuery, location="query")
@bp.response(200, TransactionPageSchema)
def list_transactions(query: dict[str, Any]) -> dict[str, Any]:
    """List transactions of all systems, the newest first."""
    names = (
        *("role", "currency", "connection_id", "payout_id", "since", "until"),
        "unmatched",
    )
    found = queries.transactions(**{name: query[name] for name in names})
    return page_of(found, query, sorts=queries.TRANSACTION_SORTS)


@bp.get("/disputes")
@requires(VIEW)
@bp.arguments(DisputeQuery, location="query")
@bp.response(200, page_schema(DisputeSchema))
def list_disputes(query: dict[str, Any]) -> dict[str, Any]:
    """List disputes, first those whose answer is due first."""
    return page_of(queries.disputes(state=query["state"]), query, sorts=queries.DISPUTE_SORTS)
