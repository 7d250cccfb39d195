"""Money at outside systems: payouts, the transactions that they settle, fees and balances.

All of it is derived from the mirror and can be made again. Amounts are in major units, with
the sign that they have for the account: what it gives away is negative, a fee is positive.
"""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Model, Money
from app.integrations.hub.models import Connection
from app.invoices.models import Invoice
from app.orders.models import SalesOrder

ROLES = {
    "sale": "Sale",
    "refund": "Refund",
    "dispute": "Dispute",
    "fee": "Fee",
    "payout": "Payout",
    "other": "Other",
}
PAYOUT_STATES = {
    "pending": "Pending",
    "in_transit": "On its way",
    "paid": "Paid",
    "failed": "Failed",
    "canceled": "Cancelled",
}
DISPUTE_STATES = {
    "needs_answer": "Needs an answer",
    "under_review": "Under review",
    "won": "Won",
    "lost": "Lost",
    "closed": "Closed",
}
CURRENCY = "currency ~ '^[A-Z]{3}$'"


class Payout(Model):
    """Money sent to the bank.

    `is_told`: the system says in full what it settles; of one made by hand it never does.
    """

    __tablename__ = "money_payout"
    __table_args__ = (
        UniqueConstraint("connection_id", "external_id"),
        CheckConstraint(f"state IN {tuple(PAYOUT_STATES)}", "state"),
        CheckConstraint(CURRENCY, "currency"),
        Index("ix_money_payout_arrives_on", "arrives_on", "id"),
    )

    connection_id: Mapped[int] = mapped_column(ForeignKey(Connection.id))
    external_id: Mapped[str]
    amount: Mapped[Decimal] = mapped_column(Money)
    currency: Mapped[str]
    state: Mapped[str]
    is_automatic: Mapped[bool]
    is_told: Mapped[bool]
    made_at: Mapped[datetime]
    arrives_on: Mapped[date]
    bank: Mapped[str] = mapped_column(server_default="", default="")  # the account it goes to
    trace: Mapped[str] = mapped_column(server_default="", default="")  # what the bank calls it
    problem: Mapped[str] = mapped_column(server_default="", default="")

    connection: Mapped[Connection] = relationship(lazy="raise")

    def __str__(self) -> str:
        return self.external_id


class MoneyTransaction(Model):
    """What changed a balance: `net` = `amount` - `fee`.

    `charged_*` is what the buyer paid, in the buyer's currency. `reference` is what the sale
    is said to be for; `order` or `invoice` is ours, once it is known which.
    """

    __tablename__ = "money_transaction"
    __table_args__ = (
        UniqueConstraint("connection_id", "external_id"),
        CheckConstraint(f"role IN {tuple(ROLES)}", "role"),
        CheckConstraint(CURRENCY, "currency"),
        CheckConstraint("net = amount - fee", "net"),
        Index("ix_money_transaction_made_at", "made_at", "id"),
        Index("ix_money_transaction_payout", "payout_id"),
        Index("ix_money_transaction_source", "connection_id", "source"),
        Index("ix_money_transaction_order", "order_id"),
        Index("ix_money_transaction_invoice", "invoice_id"),
        Index(
            "ix_money_transaction_unmatched", "made_at", "id",
            postgresql_where=text(
                "role = 'sale' AND order_id IS NULL AND invoice_id IS NULL"
            ),
        ),
    )  # fmt: skip

    connection_id: Mapped[int] = mapped_column(ForeignKey(Connection.id))
    external_id: Mapped[str]
    role: Mapped[str]
    kind: Mapped[str]  # as the system calls it
    amount: Mapped[Decimal] = mapped_column(Money)
    fee: Mapped[Decimal] = mapped_column(Money)
    net: Mapped[Decimal] = mapped_column(Money)
    currency: Mapped[str]
    made_at: Mapped[datetime]
    available_on: Mapped[date]
    is_pending: Mapped[bool]
    source: Mapped[str] = mapped_column(server_default="", default="")  # what caused it there
    description: Mapped[str] = mapped_column(server_default="", default="")
    payout_id: Mapped[int | None] = mapped_column(ForeignKey(Payout.id, ondelete="SET NULL"))
    reference: Mapped[str] = mapped_column(server_default="", default="")
    charged_amount: Mapped[Decimal | None] = mapped_column(Money)
    charged_currency: Mapped[str | None]
    order_id: Mapped[int | None] = mapped_column(ForeignKey(SalesOrder.id, ondelete="SET NULL"))
    invoice_id: Mapped[int | None] = mapped_column(ForeignKey(Invoice.id, ondelete="SET NULL"))

    connection: Mapped[Connection] = relationship(lazy="raise")
    payout: Mapped[Payout | None] = relationship(lazy="raise")
    order: Mapped[SalesOrder | None] = relationship(lazy="raise")
    invoice: Mapped[Invoice | None] = relationship(lazy="raise")

    def __str__(self) -> str:
        return self.external_id


class MoneyFee(Model):
    """A part of what a transaction cost; together they are its fee, or a fee charged alone."""

    __tablename__ = "money_fee"
    __table_args__ = (
        UniqueConstraint("transaction_id", "position"),
        CheckConstraint(CURRENCY, "currency"),
    )

    transaction_id: Mapped[int] = mapped_column(
        ForeignKey(MoneyTransaction.id, ondelete="CASCADE")
    )
    position: Mapped[int]
    kind: Mapped[str]
    amount: Mapped[Decimal] = mapped_column(Money)
    currency: Mapped[str]
    description: Mapped[str] = mapped_column(server_default="", default="")


class MoneyBalance(Model):
    """What a system said last that it holds for us, in one currency, available or not yet."""

    __tablename__ = "money_balance"
    __table_args__ = (
        UniqueConstraint("connection_id", "currency"),
        CheckConstraint(CURRENCY, "currency"),
    )

    connection_id: Mapped[int] = mapped_column(ForeignKey(Connection.id))
    currency: Mapped[str]
    available: Mapped[Decimal] = mapped_column(Money)
    pending: Mapped[Decimal] = mapped_column(Money)
    said_at: Mapped[datetime]


class MoneyDispute(Model):
    """A buyer wants money back by way of the bank; an answer is due at a moment."""

    __tablename__ = "money_dispute"
    __table_args__ = (
        UniqueConstraint("connection_id", "external_id"),
        CheckConstraint(f"state IN {tuple(DISPUTE_STATES)}", "state"),
        CheckConstraint(CURRENCY, "currency"),
        Index("ix_money_dispute_due_at", "due_at", "id"),
    )

    connection_id: Mapped[int] = mapped_column(ForeignKey(Connection.id))
    external_id: Mapped[str]
    source: Mapped[str]  # the payment that is disputed
    amount: Mapped[Decimal] = mapped_column(Money)
    currency: Mapped[str]
    reason: Mapped[str]
    state: Mapped[str]
    made_at: Mapped[datetime]
    due_at: Mapped[datetime | None]

    connection: Mapped[Connection] = relationship(lazy="raise")

    def __str__(self) -> str:
        return self.external_id
