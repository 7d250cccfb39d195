"""Documents by e-mail: to whom they went, with which words, and the file itself."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

NOW = sa.text("now()")


def upgrade() -> None:
    op.create_table(
        "sent_document",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("document_type", sa.Text(), nullable=False),
        sa.Column("document_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), server_default="", nullable=False),
        sa.Column("file_id", sa.BigInteger(), nullable=False),
        sa.Column("sender_id", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.Text(), server_default="queued", nullable=False),
        sa.Column("error", sa.Text(), server_default="", nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.CheckConstraint(
            "state IN ('queued', 'sent', 'failed', 'given_up')",
            name=op.f("ck_sent_document_state"),
        ),
        sa.CheckConstraint(
            "(state = 'sent') = (sent_at IS NOT NULL)", name=op.f("ck_sent_document_sent_at")
        ),
        sa.CheckConstraint(
            "recipient <> '' AND subject <> ''", name=op.f("ck_sent_document_words")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_sent_document_file_id")
        ),
        sa.ForeignKeyConstraint(
            ["sender_id"], ["user_account.id"], name=op.f("fk_sent_document_sender_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sent_document")),
    )
    op.create_index(
        "ix_sent_document_document",
        "sent_document",
        ["document_type", "document_id", "id"],
        unique=False,
    )
    op.create_index("ix_sent_document_file", "sent_document", ["file_id"], unique=False)


def downgrade() -> None:
    op.drop_table("sent_document")
