"""Several connections of a system: none is the only one, and each shop numbers its orders."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

# An order and what was split from it have one number, which one link tells the shop of.
FIND_SHOPS = """
UPDATE sales_order SET channel_account = shop.account
FROM (
    SELECT root.external_number, connection.account
    FROM record_link AS link
    JOIN connection ON connection.id = link.connection_id AND connection.system = 'magento'
    JOIN sales_order AS root ON root.id = link.record_id
    WHERE link.kind = 'order'
    ORDER BY connection.id
) AS shop
WHERE sales_order.source = 'magento'
AND sales_order.external_number = shop.external_number
"""


def upgrade() -> None:
    op.drop_index("uq_connection_live", "connection")
    op.drop_constraint(op.f("uq_webhook_event_system_event_id"), "webhook_event")
    op.create_unique_constraint(
        op.f("uq_webhook_event_system_account_event_id"),
        "webhook_event",
        ["system", "account", "event_id"],
    )
    op.add_column(
        "sales_order",
        sa.Column("channel_account", sa.Text(), server_default="", nullable=False),
    )
    op.execute(FIND_SHOPS)
    make_unique("source", "channel_account", "external_number")


def downgrade() -> None:
    """Fails while two accounts of a system are connected: somebody has to end one."""
    make_unique("source", "external_number")
    op.drop_column("sales_order", "channel_account")
    op.drop_constraint(op.f("uq_webhook_event_system_account_event_id"), "webhook_event")
    op.create_unique_constraint(
        op.f("uq_webhook_event_system_event_id"), "webhook_event", ["system", "event_id"]
    )
    op.create_index(
        "uq_connection_live",
        "connection",
        ["system"],
        unique=True,
        postgresql_where=sa.text("state <> 'disconnected'"),
    )


def make_unique(*columns: str) -> None:
    """Beside those who write orders; the old rule holds until the new one does."""
    name, new = "uq_sales_order_external", "uq_sales_order_external_new"
    with op.get_context().autocommit_block():
        op.drop_index(new, "sales_order", if_exists=True)  # of a try that was broken off
        op.create_index(
            new,
            "sales_order",
            [*columns],
            unique=True,
            postgresql_where=sa.text("split_from_id IS NULL"),
            postgresql_concurrently=True,
        )
        op.drop_index(name, "sales_order", postgresql_concurrently=True)
        op.execute(f"ALTER INDEX {new} RENAME TO {name}")
