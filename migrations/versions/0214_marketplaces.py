"""What marketplaces keep of ours: stock, ledger, reimbursements, returns, removals, shipments."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision = "0214"
down_revision = "0213"
branch_labels = None
depends_on = None

NOW = sa.text("now()")
MONEY, SIZE = sa.Numeric(14, 4), sa.Numeric(14, 3)
MOMENT = sa.DateTime(timezone=True)
CURRENCY = "currency ~ '^[A-Z]{3}$'"
TABLES = (
    *("stock", "event", "day", "reimbursement", "return", "removal", "shipment"),
    *("shipment_line", "fee"),
)


def upgrade() -> None:
    _create_stock()
    _create_events()
    _create_days()
    _create_reimbursements()
    _create_returns()
    _create_removals()
    _create_shipments()
    _create_fees()


def downgrade() -> None:
    for name in reversed(TABLES):
        op.drop_table(f"marketplace_{name}")


def _create_stock() -> None:
    numbers = (
        *("fulfillable", "reserved", "unsellable", "researching", "inbound", "receiving"),
        "total",
    )
    product = sa.ForeignKeyConstraint(
        ["product_id"], ["product.id"], name="fk_marketplace_stock_product_id",
        ondelete="SET NULL",
    )  # fmt: skip
    _create(
        "stock",
        *_texts("sku", "fnsku", "asin", "name", "condition"),
        *_numbers(*numbers),
        sa.Column("changed_at", MOMENT, nullable=True),
        sa.Column("product_id", sa.BigInteger(), nullable=True),
        product,
    )
    _index("stock", "sku", ["sku", "id"])
    _index("stock", "product", ["product_id"])


def _create_events() -> None:
    _create(
        "event",
        _day(),
        *_texts("sku", "fnsku", "asin", "name", "event", "reference"),
        *_numbers("quantity"),
        *_texts("warehouse", "disposition", "reason", "country"),
        sa.Column("reconciled", sa.BigInteger(), nullable=True),
        sa.Column("unreconciled", sa.BigInteger(), nullable=True),
    )
    _index("event", "day", ["day", "id"])
    _index("event", "fnsku", ["connection_id", "fnsku", "day"])


def _create_days() -> None:
    numbers = (
        *("opening", "in_transit", "receipts", "shipments", "returns", "removals"),
        *("transfers", "found", "lost", "damaged", "disposed", "other", "unknown", "closing"),
    )
    texts = _texts("sku", "fnsku", "disposition", "country")
    _create("day", _day(), *texts, *_numbers(*numbers))
    _index("day", "day", ["day", "id"])
    _index("day", "fnsku", ["connection_id", "fnsku", "day"])


def _create_reimbursements() -> None:
    _create(
        "reimbursement",
        _day(),
        *_texts("number", "case_number", "order_number", "reason", "sku", "fnsku", "asin"),
        *_texts("name", "currency"),
        sa.Column("unit_amount", MONEY, nullable=True),
        sa.Column("amount", MONEY, nullable=False),
        *_numbers("paid_quantity", "given_quantity"),
        *_texts("original_number"),
        has_currency=True,
    )
    _index("reimbursement", "day", ["day", "id"])
    _index("reimbursement", "number", ["number"])


def _create_returns() -> None:
    _create(
        "return",
        _day(),
        *_texts("order_number", "sku", "fnsku", "asin", "name"),
        *_numbers("quantity"),
        *_texts("warehouse", "disposition", "reason", "status", "plate", "comment"),
    )
    _index("return", "day", ["day", "id"])
    _index("return", "order", ["order_number"])


def _create_removals() -> None:
    _create(
        "removal",
        _day(),
        *_texts("order_number", "kind", "status", "sku", "fnsku", "disposition"),
        *_numbers("requested", "cancelled", "disposed", "shipped", "in_process"),
        sa.Column("fee", MONEY, nullable=True),
        *_texts("currency"),
    )
    _index("removal", "day", ["day", "id"])


def _create_shipments() -> None:
    _create("shipment", *_texts("name", "warehouse", "status"))
    _index("shipment", "external_id", ["external_id"])
    _create(
        "shipment_line", *_texts("shipment", "sku", "fnsku"), *_numbers("shipped", "received")
    )
    _index("shipment_line", "shipment", ["connection_id", "shipment"])


def _create_fees() -> None:
    figures = [
        *((name, MONEY) for name in ("price", "total", "referral", "fulfilment")),
        *((name, SIZE) for name in ("longest_side", "median_side", "shortest_side", "weight")),
    ]
    _create(
        "fee",
        *_texts("sku", "fnsku", "asin", "name", "currency"),
        *(sa.Column(name, kind, nullable=True) for name, kind in figures),
        *_texts("unit_of_size", "unit_of_weight", "size_tier"),
        has_currency=True,
    )
    _index("fee", "sku", ["sku", "id"])


def _create(short: str, *columns: sa.schema.SchemaItem, has_currency: bool = False) -> None:
    name = f"marketplace_{short}"
    rules: Sequence[sa.schema.SchemaItem] = (
        [sa.CheckConstraint(CURRENCY, name=op.f(f"ck_{name}_currency"))] if has_currency else []
    )
    op.create_table(
        name,
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("connection_id", sa.BigInteger(), nullable=False),
        *_texts("external_id"),
        *columns,
        sa.Column("created_at", MOMENT, server_default=NOW, nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        sa.UniqueConstraint(
            "connection_id", "external_id", name=f"uq_{name}_connection_id_external_id"
        ),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["connection.id"], name=f"fk_{name}_connection_id"
        ),
        *rules,
    )


def _index(short: str, name: str, columns: list[str]) -> None:
    op.create_index(f"ix_marketplace_{short}_{name}", f"marketplace_{short}", columns)


def _texts(*names: str) -> list[sa.schema.SchemaItem]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _numbers(*names: str) -> list[sa.schema.SchemaItem]:
    return [sa.Column(name, sa.BigInteger(), nullable=False) for name in names]


def _day() -> sa.schema.SchemaItem:
    return sa.Column("day", sa.Date(), nullable=False)
