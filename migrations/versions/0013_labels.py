"""Labels: formats, printers, and what was printed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "label_format",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("page_width", sa.Numeric(precision=7, scale=2), nullable=False),
        sa.Column("page_height", sa.Numeric(precision=7, scale=2), nullable=False),
        sa.Column("columns", sa.BigInteger(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("label_width", sa.Numeric(precision=7, scale=2), nullable=False),
        sa.Column("label_height", sa.Numeric(precision=7, scale=2), nullable=False),
        sa.Column("margin_left", sa.Numeric(precision=7, scale=2), nullable=False),
        sa.Column("margin_top", sa.Numeric(precision=7, scale=2), nullable=False),
        sa.Column("pitch_x", sa.Numeric(precision=7, scale=2), nullable=False),
        sa.Column("pitch_y", sa.Numeric(precision=7, scale=2), nullable=False),
        sa.Column("dpi", sa.BigInteger(), nullable=False),
        sa.Column("symbology", sa.Text(), nullable=False),
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
        sa.CheckConstraint("kind IN ('sheet', 'roll')", name=op.f("ck_label_format_kind")),
        sa.CheckConstraint("name <> ''", name=op.f("ck_label_format_name")),
        sa.CheckConstraint(
            "symbology IN ('code128', 'ean13', 'qr', 'datamatrix')",
            name=op.f("ck_label_format_symbology"),
        ),
        sa.CheckConstraint(
            "(columns = 1 OR pitch_x >= label_width) AND (rows = 1 OR pitch_y >= label_height)",
            name=op.f("ck_label_format_pitch"),
        ),
        sa.CheckConstraint(
            "columns BETWEEN 1 AND 50 AND rows BETWEEN 1 AND 100",
            name=op.f("ck_label_format_grid"),
        ),
        sa.CheckConstraint("dpi IN (203, 300, 600)", name=op.f("ck_label_format_dpi")),
        sa.CheckConstraint(
            "label_width >= 10 AND label_height >= 8", name=op.f("ck_label_format_size")
        ),
        sa.CheckConstraint(
            "margin_left + (columns - 1) * pitch_x + label_width <= page_width AND margin_top + (rows - 1) * pitch_y + label_height <= page_height",
            name=op.f("ck_label_format_inside"),
        ),
        sa.CheckConstraint(
            "margin_left >= 0 AND margin_top >= 0", name=op.f("ck_label_format_margins")
        ),
        sa.CheckConstraint(
            "page_width <= 1000 AND page_height <= 1000", name=op.f("ck_label_format_page")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_label_format")),
    )
    op.create_index(
        "uq_label_format_name", "label_format", [sa.text("lower(name)")], unique=True
    )
    op.create_table(
        "label_printer",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("dpi", sa.BigInteger(), nullable=False),
        sa.Column(
            "nudge_x", sa.Numeric(precision=5, scale=2), server_default="0", nullable=False
        ),
        sa.Column(
            "nudge_y", sa.Numeric(precision=5, scale=2), server_default="0", nullable=False
        ),
        sa.Column("format", sa.Text(), server_default="", nullable=False),
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
        sa.CheckConstraint("name <> ''", name=op.f("ck_label_printer_name")),
        sa.CheckConstraint(
            "abs(nudge_x) <= 10 AND abs(nudge_y) <= 10", name=op.f("ck_label_printer_nudge")
        ),
        sa.CheckConstraint("dpi IN (203, 300, 600)", name=op.f("ck_label_printer_dpi")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_label_printer")),
    )
    op.create_index(
        "uq_label_printer_name",
        "label_printer",
        [sa.text("lower(name)")],
        unique=True,
    )
    op.create_table(
        "label_batch",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("format_name", sa.Text(), nullable=False),
        sa.Column("layout", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("symbology", sa.Text(), nullable=False),
        sa.Column("dpi", sa.BigInteger(), nullable=False),
        sa.Column("nudge_x", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("nudge_y", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("printer_id", sa.BigInteger(), nullable=True),
        sa.Column("start_cell", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("has_price", sa.Boolean(), nullable=False),
        sa.Column("asked", sa.BigInteger(), nullable=False),
        sa.Column("labels", sa.BigInteger(), nullable=False),
        sa.Column("pages", sa.BigInteger(), nullable=False),
        sa.Column("failed", sa.BigInteger(), nullable=False),
        sa.Column("is_drawn", sa.Boolean(), nullable=False),
        sa.Column("repeats_id", sa.BigInteger(), nullable=True),
        sa.Column("job_id", sa.BigInteger(), nullable=True),
        sa.Column("file_id", sa.BigInteger(), nullable=True),
        sa.Column("preview_id", sa.BigInteger(), nullable=True),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("code IN ('sku', 'barcode')", name=op.f("ck_label_batch_code")),
        sa.CheckConstraint(
            "symbology IN ('code128', 'ean13', 'qr', 'datamatrix')",
            name=op.f("ck_label_batch_symbology"),
        ),
        sa.CheckConstraint("asked BETWEEN 1 AND 10000", name=op.f("ck_label_batch_asked")),
        sa.CheckConstraint("dpi IN (203, 300, 600)", name=op.f("ck_label_batch_dpi")),
        sa.CheckConstraint("labels BETWEEN 0 AND asked", name=op.f("ck_label_batch_labels")),
        sa.CheckConstraint("start_cell >= 1", name=op.f("ck_label_batch_start_cell")),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["user_account.id"], name=op.f("fk_label_batch_actor_id")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"],
            ["stored_file.id"],
            name=op.f("fk_label_batch_file_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["job_id"], ["job_run.id"], name=op.f("fk_label_batch_job_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["preview_id"],
            ["stored_file.id"],
            name=op.f("fk_label_batch_preview_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["printer_id"],
            ["label_printer.id"],
            name=op.f("fk_label_batch_printer_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["repeats_id"], ["label_batch.id"], name=op.f("fk_label_batch_repeats_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_label_batch")),
    )
    op.create_index("ix_label_batch_actor_id", "label_batch", ["actor_id", "id"], unique=False)
    op.create_index("ix_label_batch_file_id", "label_batch", ["file_id"], unique=False)
    op.create_index(
        "ix_label_batch_format_name", "label_batch", ["format_name", "id"], unique=False
    )
    op.create_index("ix_label_batch_job_id", "label_batch", ["job_id"], unique=False)
    op.create_index("ix_label_batch_preview_id", "label_batch", ["preview_id"], unique=False)
    op.create_index("ix_label_batch_printer_id", "label_batch", ["printer_id"], unique=False)
    op.create_index("ix_label_batch_repeats_id", "label_batch", ["repeats_id"], unique=False)
    op.create_table(
        "label_item",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("copies", sa.BigInteger(), nullable=False),
        sa.Column(
            "face", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True
        ),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("copies BETWEEN 1 AND 10000", name=op.f("ck_label_item_copies")),
        sa.CheckConstraint("position >= 1", name=op.f("ck_label_item_position")),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["label_batch.id"],
            name=op.f("fk_label_item_batch_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_label_item")),
        sa.UniqueConstraint(
            "batch_id", "position", name=op.f("uq_label_item_batch_id_position")
        ),
    )
    op.create_index(
        "ix_label_item_asked",
        "label_item",
        ["asked"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"asked": "gin_trgm_ops"},
        postgresql_with={"gin_pending_list_limit": 256},
    )
    op.create_index(
        "ix_label_item_errors",
        "label_item",
        ["batch_id", "position"],
        unique=False,
        postgresql_where=sa.text("error IS NOT NULL"),
    )


def downgrade() -> None:
    for table in ("label_item", "label_batch", "label_printer", "label_format"):
        op.drop_table(table)
