"""Payouts, transactions, fees, balances and disputes of systems that hold money for us."""

import sqlalchemy as sa
from alembic import op

revision = "0200"
down_revision = "0191"
branch_labels = None
depends_on = None

NOW = sa.text("now()")
MONEY = sa.Numeric(14, 4)
MOMENT = sa.DateTime(timezone=True)
PAYOUT_STATES = ("pending", "in_transit", "paid", "failed", "canceled")
ROLES = ("sale", "refund", "dispute", "fee", "payout", "other")
DISPUTE_STATES = ("needs_answer", "under_review", "won", "lost", "closed")


def upgrade() -> None:
    _create_payouts()
    _create_transactions()
    _create_fees()
    _create_balances()
    _create_disputes()


def downgrade() -> None:
    for name in ("dispute", "balance", "fee", "transaction", "payout"):
        op.drop_table(f"money_{name}")


def _create_payouts() -> None:
    name = "money_payout"
    op.create_table(
        name,
        *_begin(),
        *_money("amount"),
        _text("state", default=False),
        sa.Column("is_automatic", sa.Boolean(), nullable=False),
        sa.Column("is_told", sa.Boolean(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("arrives_on", sa.Date(), nullable=False),
        *(_text("bank"), _text("trace"), _text("problem")),
        *_end(name),
        _check(name, f"state IN {PAYOUT_STATES}", "state"),
    )
    op.create_index(f"ix_{name}_arrives_on", name, ["arrives_on", "id"])


def _create_transactions() -> None:
    name = "money_transaction"
    op.create_table(
        name,
        *_begin(),
        *(_text("role", default=False), _text("kind", default=False)),
        *_money("amount", "fee", "net"),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("available_on", sa.Date(), nullable=False),
        sa.Column("is_pending", sa.Boolean(), nullable=False),
        *(_text("source"), _text("description")),
        sa.Column("payout_id", sa.BigInteger(), nullable=True),
        _text("reference"),
        sa.Column("charged_amount", MONEY, nullable=True),
        sa.Column("charged_currency", sa.Text(), nullable=True),
        sa.Column("order_id", sa.BigInteger(), nullable=True),
        sa.Column("invoice_id", sa.BigInteger(), nullable=True),
        *_end(name),
        _check(name, f"role IN {ROLES}", "role"),
        _check(name, "net = amount - fee", "net"),
        _refers(name, "payout_id", "money_payout", "SET NULL"),
        _refers(name, "order_id", "sales_order", "SET NULL"),
        _refers(name, "invoice_id", "invoice", "SET NULL"),
    )
    op.create_index(f"ix_{name}_made_at", name, ["made_at", "id"])
    op.create_index(f"ix_{name}_payout", name, ["payout_id"])
    op.create_index(f"ix_{name}_source", name, ["connection_id", "source"])
    op.create_index(f"ix_{name}_order", name, ["order_id"])
    op.create_index(f"ix_{name}_invoice", name, ["invoice_id"])
    op.create_index(
        f"ix_{name}_unmatched",
        name,
        ["made_at", "id"],
        postgresql_where=sa.text("role = 'sale' AND order_id IS NULL AND invoice_id IS NULL"),
    )


def _create_fees() -> None:
    name = "money_fee"
    op.create_table(
        name,
        _id(),
        sa.Column("transaction_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        _text("kind", default=False),
        *_money("amount"),
        _text("description"),
        _created(),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        sa.UniqueConstraint(
            "transaction_id", "position", name=f"uq_{name}_transaction_id_position"
        ),
        _currency(name),
        _refers(name, "transaction_id", "money_transaction", "CASCADE"),
    )


def _create_balances() -> None:
    name = "money_balance"
    op.create_table(
        name,
        _id(),
        sa.Column("connection_id", sa.BigInteger(), nullable=False),
        *_money("available", "pending"),
        sa.Column("said_at", MOMENT, nullable=False),
        *_end(name, key="currency"),
    )


def _create_disputes() -> None:
    name = "money_dispute"
    op.create_table(
        name,
        *_begin(),
        _text("source", default=False),
        *_money("amount"),
        *(_text("reason", default=False), _text("state", default=False)),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=True),
        *_end(name),
        _check(name, f"state IN {DISPUTE_STATES}", "state"),
    )
    op.create_index(f"ix_{name}_due_at", name, ["due_at", "id"])


def _begin() -> list[sa.Column[object]]:
    connection: sa.Column[object] = sa.Column("connection_id", sa.BigInteger(), nullable=False)
    return [_id(), connection, _text("external_id", default=False)]


def _end(name: str, key: str = "external_id") -> list[sa.schema.SchemaItem]:
    return [
        _created(),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        sa.UniqueConstraint("connection_id", key, name=f"uq_{name}_connection_id_{key}"),
        _currency(name),
        _refers(name, "connection_id", "connection"),
    ]


def _id() -> sa.Column[object]:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False)


def _created() -> sa.Column[object]:
    return sa.Column("created_at", MOMENT, server_default=NOW, nullable=False)


def _text(name: str, *, default: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.Text(), server_default="" if default else None, nullable=False)


def _money(*names: str) -> list[sa.Column[object]]:
    columns: list[sa.Column[object]] = [sa.Column(one, MONEY, nullable=False) for one in names]
    return [*columns, _text("currency", default=False)]


def _currency(table: str) -> sa.CheckConstraint:
    return _check(table, "currency ~ '^[A-Z]{3}$'", "currency")


def _check(table: str, rule: str, name: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def _refers(
    table: str, column: str, target: str, ondelete: str | None = None
) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=f"fk_{table}_{column}", ondelete=ondelete
    )
