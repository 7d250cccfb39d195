"""The lists of payouts, transactions and disputes."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from flask import url_for

from app.core.db import db
from app.core.pages import Asked, Choice, Column, Day, Link, ListPage, Nothing
from app.core.pages.filters import Reference
from app.integrations.money import queries
from app.integrations.money.models import (
    DISPUTE_STATES,
    PAYOUT_STATES,
    ROLES,
    MoneyDispute,
    MoneyTransaction,
    Payout,
)
from app.reconcile import figures

VIEW = "money.view"
DAYS = (Day(name="from", label="From"), Day(name="to", label="To"))
ROWS = {"unmatched": "Sales without an order"}
SUMS = {"differs": "Does not add up"}


class SettledPayout(NamedTuple):
    """A payout with what it settles."""

    payout: Payout
    number: int  # of transactions
    settled: Decimal | None  # None: the system does not say it in full

    @property
    def difference(self) -> Decimal | None:
        """How much of it nobody has explained."""
        return None if self.settled is None else self.payout.amount - self.settled


def with_settled(payouts: Sequence[Payout]) -> list[SettledPayout]:
    """Say of payouts what they settle."""
    found = db.session.execute(queries.settled([one.id for one in payouts]))
    sums = {payout_id: (count, net) for payout_id, count, net, _fee in found}
    return [
        SettledPayout(one, count, net if one.is_told else None)
        for one in payouts
        for count, net in [sums.get(one.id, (0, Decimal(0)))]
    ]


def _currencies() -> list[tuple[Any, str]]:
    return [(code, code) for code in figures.currencies()]


def _connections() -> list[tuple[Any, str]]:
    return [(one.id, one.name) for one in db.session.scalars(queries.money_connections())]


CURRENCY = Choice(name="currency", label="Currency", options=_currencies)
ACCOUNT = Reference(
    name="connection", label="Account", options=_connections, chip="One account",
    shows=lambda _number: "One account",
)  # fmt: skip


def _payouts(asked: Asked) -> Any:
    return queries.payouts(
        state=asked["state"], currency=asked["currency"], connection_id=asked["connection"],
        since=asked["from"], until=asked["to"], differs=asked["sum"] == "differs",
    )  # fmt: skip


def _transactions(asked: Asked) -> Any:
    since, until = asked["from"], asked["to"]
    return queries.transactions(
        role=asked["role"], currency=asked["currency"], connection_id=asked["connection"],
        payout_id=asked["payout"], unmatched=asked["match"] == "unmatched",
        since=datetime.combine(since, time(), UTC) if since else None,
        until=datetime.combine(until + timedelta(days=1), time(), UTC) if until else None,
    )  # fmt: skip


def _disputes(asked: Asked) -> Any:
    return queries.disputes(state=asked["state"])


NO_MONEY = Nothing(
    title="No money yet.",
    advice="Connect an account that pays out to you; its money appears here.",
    link=Link(
        label="Connections", endpoint="connections.index", permission="integrations.view"
    ),
    icon="file",
)


def _unmatched(action: str) -> Nothing:
    return Nothing(title="Nothing matches.", advice="Try another filter.", action=action)


def crumbs(_about: Any) -> list[tuple[str, str]]:
    """Lead back to the page of money."""
    return [("Money", url_for("money.index"))]


PAYOUTS = ListPage(
    name="payouts",
    title="Payouts",
    subtitle="What was sent to the bank, and whether what it settles adds up to it.",
    permission=VIEW,
    query=_payouts,
    key=Payout.id,
    sort="-arrives",
    crumbs=crumbs,
    prepare=with_settled,
    href=lambda row: url_for("payouts.show", payout_id=row.payout.id),
    filters=(
        Choice(name="state", label="State", options=PAYOUT_STATES),
        Choice(name="sum", label="Sum", options=SUMS),
        CURRENCY, ACCOUNT, *DAYS,
    ),
    columns=(
        Column(
            name="arrives", title="Arrives", kind="day", value="payout.arrives_on",
            sort=Payout.arrives_on, place="meta",
        ),
        Column(
            name="number", title="Payout", value="payout.external_id", place="name",
            is_link=True, is_required=True,
        ),
        Column(name="account", title="Account", value="payout.connection.name", place="meta"),
        Column(
            name="state", title="State", place="status",
            value=lambda row: PAYOUT_STATES[row.payout.state],
        ),
        Column(
            name="amount", title="Amount", kind="money", value="payout.amount",
            unit="payout.currency", sort=Payout.amount, place="figure",
        ),
        Column(
            name="number_settled", title="Settles", kind="number", value="number",
            label="Transactions",
        ),
        Column(name="settled", title="Their sum", kind="money", unit="payout.currency"),
        Column(name="difference", title="Difference", kind="money", unit="payout.currency"),
        Column(
            name="currency", title="Currency", value="payout.currency", is_shown=False,
            place="desk",
        ),
        Column(name="trace", title="At the bank", value="payout.trace", place="desk"),
    ),
    nothing=NO_MONEY,
    unmatched=_unmatched("Show all payouts"),
)  # fmt: skip

TRANSACTIONS = ListPage(
    name="money-transactions",
    title="Transactions",
    subtitle="All that has changed what systems hold for us.",
    permission=VIEW,
    query=_transactions,
    key=MoneyTransaction.id,
    sort="-made",
    crumbs=crumbs,
    filters=(
        Choice(name="role", label="Kind", options=ROLES),
        Choice(name="match", label="Match", options=ROWS),
        CURRENCY, ACCOUNT,
        Reference(
            name="payout", label="Payout",
            shows=lambda number: getattr(db.session.get(Payout, number), "external_id", ""),
        ),
        *DAYS,
    ),
    columns=(
        Column(
            name="made", title="When", kind="moment", value="made_at",
            sort=MoneyTransaction.made_at, place="meta",
        ),
        Column(
            name="number", title="Transaction", value="external_id", place="desk",
            is_shown=False,
        ),
        Column(
            name="what", title="What", place="name", is_required=True, is_link=True,
            value=lambda row: row.description or row.kind,
        ),
        Column(name="role", title="Kind", value=lambda row: ROLES[row.role], place="status"),
        Column(
            name="order", title="For", kind="cell", cell="money/_cells.html:matched",
            export=lambda row: str(row.order or row.invoice or ""),
        ),
        Column(name="amount", title="Amount", kind="money", unit="currency", place="figure"),
        Column(name="fee", title="Fee", kind="money", unit="currency"),
        Column(name="net", title="Net", kind="money", unit="currency"),
        Column(name="currency", title="Currency", is_shown=False, place="desk"),
        Column(
            name="payout", title="Payout", kind="cell", cell="money/_cells.html:payout",
            export=lambda row: str(row.payout or ""), place="desk",
        ),
    ),
    nothing=NO_MONEY,
    unmatched=_unmatched("Show all transactions"),
)  # fmt: skip

DISPUTES = ListPage(
    name="disputes",
    title="Disputes",
    subtitle="Payments that a buyer's bank asks back. Answer them where they were paid.",
    permission=VIEW,
    query=_disputes,
    key=MoneyDispute.id,
    sort="due",
    crumbs=crumbs,
    filters=(Choice(name="state", label="State", options=DISPUTE_STATES),),
    columns=(
        Column(
            name="number", title="Dispute", value="external_id", place="name",
            is_link=True, is_required=True,
        ),
        Column(name="account", title="Account", value="connection.name", place="meta"),
        Column(name="reason", title="Reason", value=lambda row: figures.words(row.reason)),
        Column(
            name="state", title="State", place="status",
            value=lambda row: DISPUTE_STATES[row.state],
        ),
        Column(name="amount", title="Amount", kind="money", unit="currency", place="figure"),
        Column(
            name="due", title="Answer until", kind="moment", value="due_at",
            sort=MoneyDispute.due_at, place="meta",
        ),
        Column(name="source", title="Payment", place="desk"),
    ),
    nothing=Nothing(
        title="Nothing is disputed.", advice="A disputed payment appears here.", icon="check"
    ),
    unmatched=_unmatched("Show all disputes"),
)  # fmt: skip
