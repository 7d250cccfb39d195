"""Connections to outside systems, the mirror of what they hold, and invoices."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "integration_app",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("system", sa.Text(), nullable=False),
        sa.Column("environment", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("client_secret", sa.Text(), nullable=False),
        sa.Column("webhook_secret", sa.Text(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_integration_app")),
        sa.UniqueConstraint("system", name=op.f("uq_integration_app_system")),
    )
    op.create_table(
        "webhook_event",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("system", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("operation", sa.Text(), server_default="", nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.Text(), server_default="pending", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "state IN ('pending', 'done', 'ignored')", name=op.f("ck_webhook_event_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_event")),
        sa.UniqueConstraint(
            "system", "event_id", name=op.f("uq_webhook_event_system_event_id")
        ),
    )
    op.create_index(
        "ix_webhook_event_created_at", "webhook_event", ["created_at"], unique=False
    )
    op.create_index(
        "ix_webhook_event_pending",
        "webhook_event",
        ["system", "account", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_table(
        "connection",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("system", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("environment", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("scopes", sa.Text(), server_default="", nullable=False),
        sa.Column("access_token", sa.Text(), nullable=True),
        sa.Column("refresh_token", sa.Text(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refresh_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hard_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refreshes", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("connected_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("connected_by_id", sa.BigInteger(), nullable=True),
        sa.Column("disconnected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_synced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("problem_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "winners",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default="{}",
            nullable=False,
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "state IN ('connected', 'reconnect', 'disconnected')",
            name=op.f("ck_connection_state"),
        ),
        sa.ForeignKeyConstraint(
            ["connected_by_id"], ["user_account.id"], name=op.f("fk_connection_connected_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_connection")),
        sa.UniqueConstraint("system", "account", name=op.f("uq_connection_system_account")),
    )
    op.create_index(
        "uq_connection_live",
        "connection",
        ["system"],
        unique=True,
        postgresql_where=sa.text("state <> 'disconnected'"),
    )
    op.create_table(
        "integration_sign_in",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("state_hash", sa.Text(), nullable=False),
        sa.Column("system", sa.Text(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("verifier", sa.Text(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_integration_sign_in_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_integration_sign_in")),
        sa.UniqueConstraint("state_hash", name=op.f("uq_integration_sign_in_state_hash")),
    )
    op.create_table(
        "external_record",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("connection_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("projected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["connection.id"], name=op.f("fk_external_record_connection_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_external_record")),
        sa.UniqueConstraint(
            "connection_id",
            "kind",
            "external_id",
            name=op.f("uq_external_record_connection_id_kind_external_id"),
        ),
    )
    op.create_index(
        "ix_external_record_dirty",
        "external_record",
        ["connection_id", "kind", "id"],
        unique=False,
        postgresql_where=sa.text("projected_at IS NULL"),
    )
    op.create_index(
        "ix_external_record_present",
        "external_record",
        ["connection_id", "kind", "id"],
        unique=False,
        postgresql_where=sa.text("gone_at IS NULL"),
    )
    op.create_table(
        "invoice",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("connection_id", sa.BigInteger(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("customer_ref", sa.Text(), nullable=False),
        sa.Column("customer_name", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=True),
        sa.Column("customer_po", sa.Text(), nullable=False),
        sa.Column("invoice_date", sa.Date(), nullable=False),
        sa.Column("due_date", sa.Date(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("total", sa.Numeric(precision=14, scale=4), nullable=False),
        sa.Column("balance", sa.Numeric(precision=14, scale=4), nullable=False),
        sa.Column("is_void", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "search",
            sa.Text(),
            sa.Computed(
                "' ' || search_text(number || ' ' || customer_name || ' ' || customer_po)",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.Column(
            "po_search",
            sa.Text(),
            sa.Computed("' ' || search_text(customer_po)", persisted=True),
            nullable=False,
        ),
        sa.Column(
            "number_key",
            sa.Text(),
            sa.Computed("code_key(number)", persisted=True),
            nullable=False,
        ),
        sa.Column(
            "po_key",
            sa.Text(),
            sa.Computed("code_key(customer_po)", persisted=True),
            nullable=False,
        ),
        sa.Column(
            "po_name",
            sa.Text(),
            sa.Computed("search_text(customer_po)", persisted=True),
            nullable=False,
        ),
        sa.Column(
            "name_key",
            sa.Text(),
            sa.Computed("search_text(customer_name)", persisted=True),
            nullable=False,
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["connection.id"], name=op.f("fk_invoice_connection_id")
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_invoice_customer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice")),
        sa.UniqueConstraint(
            "connection_id", "external_id", name=op.f("uq_invoice_connection_id_external_id")
        ),
    )
    op.create_index(
        "ix_invoice_customer", "invoice", ["customer_id", "invoice_date"], unique=False
    )
    op.create_index(
        "ix_invoice_customer_name", "invoice", ["customer_name", "id"], unique=False
    )
    op.create_index(
        "ix_invoice_customer_ref", "invoice", ["connection_id", "customer_ref"], unique=False
    )
    op.create_index("ix_invoice_due_date", "invoice", ["due_date", "id"], unique=False)
    op.create_index("ix_invoice_invoice_date", "invoice", ["invoice_date", "id"], unique=False)
    op.create_index(
        "ix_invoice_name_key",
        "invoice",
        ["name_key"],
        unique=False,
        postgresql_ops={"name_key": "text_pattern_ops"},
    )
    op.create_index("ix_invoice_number", "invoice", ["number", "id"], unique=False)
    op.create_index(
        "ix_invoice_number_key",
        "invoice",
        ["number_key"],
        unique=False,
        postgresql_ops={"number_key": "text_pattern_ops"},
    )
    op.create_index(
        "ix_invoice_po_key",
        "invoice",
        ["po_key"],
        unique=False,
        postgresql_ops={"po_key": "text_pattern_ops"},
    )
    op.create_index(
        "ix_invoice_po_name",
        "invoice",
        ["po_name"],
        unique=False,
        postgresql_ops={"po_name": "text_pattern_ops"},
    )
    op.create_index(
        "ix_invoice_po_search",
        "invoice",
        ["po_search"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"po_search": "gin_trgm_ops"},
        postgresql_with={"gin_pending_list_limit": 256},
    )
    op.create_index(
        "ix_invoice_search",
        "invoice",
        ["search"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"search": "gin_trgm_ops"},
        postgresql_with={"gin_pending_list_limit": 256},
    )
    op.create_index("ix_invoice_total", "invoice", ["total", "id"], unique=False)
    op.create_index(
        "ix_invoice_unpaid",
        "invoice",
        ["due_date", "id"],
        unique=False,
        postgresql_where=sa.text("balance > 0"),
    )
    op.create_table(
        "record_link",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("connection_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("record_id", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "record_id IS NOT NULL OR state IN ('separate', 'ignored')",
            name=op.f("ck_record_link_record"),
        ),
        sa.CheckConstraint(
            "state IN ('linked', 'doubtful', 'separate', 'ignored')",
            name=op.f("ck_record_link_state"),
        ),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["connection.id"], name=op.f("fk_record_link_connection_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_link")),
        sa.UniqueConstraint(
            "connection_id",
            "kind",
            "external_id",
            name=op.f("uq_record_link_connection_id_kind_external_id"),
        ),
    )
    op.create_index(
        "ix_record_link_state", "record_link", ["connection_id", "state", "id"], unique=False
    )
    op.create_index(
        "uq_record_link_ours",
        "record_link",
        ["connection_id", "kind", "record_id"],
        unique=True,
        postgresql_where=sa.text("state = 'linked'"),
    )
    op.create_table(
        "set_aside_record",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("connection_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), server_default="read", nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("excerpt", sa.Text(), server_default="", nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["connection.id"], name=op.f("fk_set_aside_record_connection_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_set_aside_record")),
    )
    op.create_index(
        "ix_set_aside_record_connection",
        "set_aside_record",
        ["connection_id", "id"],
        unique=False,
    )
    op.create_index(
        "uq_set_aside_record_open",
        "set_aside_record",
        ["connection_id", "kind", "external_id", "stage"],
        unique=True,
        postgresql_where=sa.text("resolved_at IS NULL"),
    )
    op.create_table(
        "sync_run",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("connection_id", sa.BigInteger(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("job_run_id", sa.BigInteger(), nullable=True),
        sa.Column("actor", sa.Text(), server_default="system", nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expected", sa.BigInteger(), nullable=True),
        sa.Column("pages", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("rows_in", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("rows_changed", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("rows_failed", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("rows_gone", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column(
            "throttled_seconds",
            sa.Numeric(precision=14, scale=3),
            server_default="0",
            nullable=False,
        ),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column(
            "log", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False
        ),
        sa.Column(
            "vanished",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default="{}",
            nullable=False,
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "mode IN ('full', 'changes', 'objects')", name=op.f("ck_sync_run_mode")
        ),
        sa.CheckConstraint(
            "state IN ('queued', 'running', 'waiting', 'succeeded', 'failed', 'cancelled', 'asking')",
            name=op.f("ck_sync_run_state"),
        ),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["connection.id"], name=op.f("fk_sync_run_connection_id")
        ),
        sa.ForeignKeyConstraint(
            ["job_run_id"],
            ["job_run.id"],
            name=op.f("fk_sync_run_job_run_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sync_run")),
    )
    op.create_index("ix_sync_run_connection", "sync_run", ["connection_id", "id"], unique=False)
    op.create_index(
        "uq_sync_run_active",
        "sync_run",
        ["connection_id", "mode"],
        unique=True,
        postgresql_where=sa.text("state IN ('queued', 'running', 'waiting')"),
    )
    op.create_table(
        "stream_state",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("connection_id", sa.BigInteger(), nullable=False),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("cursor", sa.DateTime(timezone=True), nullable=True),
        sa.Column("run_id", sa.BigInteger(), nullable=True),
        sa.Column("position", sa.Text(), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expected", sa.BigInteger(), nullable=True),
        sa.Column("is_done", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("tries", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("passed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["connection.id"], name=op.f("fk_stream_state_connection_id")
        ),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["sync_run.id"],
            name=op.f("fk_stream_state_run_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stream_state")),
        sa.UniqueConstraint(
            "connection_id", "stream", name=op.f("uq_stream_state_connection_id_stream")
        ),
    )
    op.create_table(
        "sync_page",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("position", sa.Text(), nullable=False),
        sa.Column("external_ids", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["sync_run.id"], name=op.f("fk_sync_page_run_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sync_page")),
        sa.UniqueConstraint(
            "run_id", "stream", "position", name=op.f("uq_sync_page_run_id_stream_position")
        ),
    )


def downgrade() -> None:
    op.drop_table("sync_page")
    op.drop_table("stream_state")
    op.drop_index(
        "uq_sync_run_active",
        table_name="sync_run",
        postgresql_where=sa.text("state IN ('queued', 'running', 'waiting')"),
    )
    op.drop_index("ix_sync_run_connection", table_name="sync_run")
    op.drop_table("sync_run")
    op.drop_index(
        "uq_set_aside_record_open",
        table_name="set_aside_record",
        postgresql_where=sa.text("resolved_at IS NULL"),
    )
    op.drop_index("ix_set_aside_record_connection", table_name="set_aside_record")
    op.drop_table("set_aside_record")
    op.drop_index(
        "uq_record_link_ours",
        table_name="record_link",
        postgresql_where=sa.text("state = 'linked'"),
    )
    op.drop_index("ix_record_link_state", table_name="record_link")
    op.drop_table("record_link")
    op.drop_index(
        "ix_invoice_unpaid", table_name="invoice", postgresql_where=sa.text("balance > 0")
    )
    op.drop_index("ix_invoice_total", table_name="invoice")
    op.drop_index(
        "ix_invoice_search",
        table_name="invoice",
        postgresql_using="gin",
        postgresql_ops={"search": "gin_trgm_ops"},
        postgresql_with={"gin_pending_list_limit": 256},
    )
    op.drop_index(
        "ix_invoice_po_search",
        table_name="invoice",
        postgresql_using="gin",
        postgresql_ops={"po_search": "gin_trgm_ops"},
        postgresql_with={"gin_pending_list_limit": 256},
    )
    op.drop_index(
        "ix_invoice_po_name",
        table_name="invoice",
        postgresql_ops={"po_name": "text_pattern_ops"},
    )
    op.drop_index(
        "ix_invoice_po_key", table_name="invoice", postgresql_ops={"po_key": "text_pattern_ops"}
    )
    op.drop_index(
        "ix_invoice_number_key",
        table_name="invoice",
        postgresql_ops={"number_key": "text_pattern_ops"},
    )
    op.drop_index("ix_invoice_number", table_name="invoice")
    op.drop_index(
        "ix_invoice_name_key",
        table_name="invoice",
        postgresql_ops={"name_key": "text_pattern_ops"},
    )
    op.drop_index("ix_invoice_invoice_date", table_name="invoice")
    op.drop_index("ix_invoice_due_date", table_name="invoice")
    op.drop_index("ix_invoice_customer_ref", table_name="invoice")
    op.drop_index("ix_invoice_customer_name", table_name="invoice")
    op.drop_index("ix_invoice_customer", table_name="invoice")
    op.drop_table("invoice")
    op.drop_index(
        "ix_external_record_present",
        table_name="external_record",
        postgresql_where=sa.text("gone_at IS NULL"),
    )
    op.drop_index(
        "ix_external_record_dirty",
        table_name="external_record",
        postgresql_where=sa.text("projected_at IS NULL"),
    )
    op.drop_table("external_record")
    op.drop_table("integration_sign_in")
    op.drop_index(
        "uq_connection_live",
        table_name="connection",
        postgresql_where=sa.text("state <> 'disconnected'"),
    )
    op.drop_table("connection")
    op.drop_index(
        "ix_webhook_event_pending",
        table_name="webhook_event",
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.drop_index("ix_webhook_event_created_at", table_name="webhook_event")
    op.drop_table("webhook_event")
    op.drop_table("integration_app")
