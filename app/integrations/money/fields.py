"""What calls about money give."""

from typing import Any

import marshmallow as ma

from app.core.api import PageQuery, Sort, page_schema
from app.integrations.money import queries
from app.integrations.money.models import DISPUTE_STATES, PAYOUT_STATES, ROLES
from app.invoices.api import Amount

FROM = {"description": "Of this moment or later"}
TO = {"description": "Before this moment"}


class Named(ma.fields.Str):
    """The number of an order or an invoice, where there is one."""

    def _serialize(self, value: Any, *_rest: Any, **_more: Any) -> str | None:
        return None if value is None else str(value)


class BalanceSchema(ma.Schema):
    """What a system holds for us in one currency."""

    currency = ma.fields.Str()
    available = Amount()
    pending = Amount()
    said_at = ma.fields.AwareDateTime()


class TransactionSchema(ma.Schema):
    """What changed a balance: `net` is what is left of `amount` after the fee."""

    id = ma.fields.Int()
    connection_id = ma.fields.Int()
    external_id = ma.fields.Str()
    role = ma.fields.Str(validate=ma.validate.OneOf([*ROLES]))
    kind = ma.fields.Str(metadata={"description": "As the system calls it"})
    amount = Amount()
    fee = Amount()
    net = Amount()
    currency = ma.fields.Str()
    made_at = ma.fields.AwareDateTime()
    available_on = ma.fields.Date()
    is_pending = ma.fields.Bool()
    source = ma.fields.Str(metadata={"description": "What caused it there"})
    description = ma.fields.Str()
    reference = ma.fields.Str(metadata={"description": "What the payment says it is for"})
    charged_amount = Amount(allow_none=True)
    charged_currency = ma.fields.Str(allow_none=True)
    payout_id = ma.fields.Int(allow_none=True)
    payout = Named(allow_none=True)
    order_id = ma.fields.Int(allow_none=True)
    order = Named(allow_none=True)
    invoice_id = ma.fields.Int(allow_none=True)
    invoice = Named(allow_none=True)


TransactionPageSchema = page_schema(TransactionSchema)  # one, for all calls that list them


class PayoutSchema(ma.Schema):
    """Money sent to the bank."""

    id = ma.fields.Int()
    connection_id = ma.fields.Int()
    external_id = ma.fields.Str()
    amount = Amount()
    currency = ma.fields.Str()
    state = ma.fields.Str(validate=ma.validate.OneOf([*PAYOUT_STATES]))
    is_automatic = ma.fields.Bool()
    is_told = ma.fields.Bool(
        metadata={"description": "The system says in full what it settles"}
    )
    made_at = ma.fields.AwareDateTime()
    arrives_on = ma.fields.Date()
    bank = ma.fields.Str()
    trace = ma.fields.Str(metadata={"description": "What the bank calls it"})
    problem = ma.fields.Str()


class DisputeSchema(ma.Schema):
    """A disputed payment."""

    id = ma.fields.Int()
    connection_id = ma.fields.Int()
    external_id = ma.fields.Str()
    source = ma.fields.Str(metadata={"description": "The payment"})
    amount = Amount()
    currency = ma.fields.Str()
    reason = ma.fields.Str()
    state = ma.fields.Str(validate=ma.validate.OneOf([*DISPUTE_STATES]))
    made_at = ma.fields.AwareDateTime()
    due_at = ma.fields.AwareDateTime(allow_none=True)


class TransactionQuery(PageQuery):
    """Filters of transactions."""

    sort = Sort(queries.TRANSACTION_SORTS, default="-made")
    role = ma.fields.Str(load_default="", validate=ma.validate.OneOf(["", *ROLES]))
    currency = ma.fields.Str(load_default="", validate=ma.validate.Length(max=3))
    connection_id = ma.fields.Int(data_key="connection", load_default=None)
    payout_id = ma.fields.Int(data_key="payout", load_default=None)
    since = ma.fields.AwareDateTime(data_key="from", load_default=None, metadata=FROM)
    until = ma.fields.AwareDateTime(data_key="to", load_default=None, metadata=TO)
    unmatched = ma.fields.Bool(
        load_default=False,
        metadata={"description": "Sales without an order or invoice of ours"},
    )
