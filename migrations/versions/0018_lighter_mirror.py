"""The mirror of outside systems: what a row costs to write, and nobody asked for, goes."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_external_record_present", "external_record")
    op.drop_constraint(op.f("fk_external_record_connection_id"), "external_record")


def downgrade() -> None:
    op.create_foreign_key(
        op.f("fk_external_record_connection_id"),
        "external_record",
        "connection",
        ["connection_id"],
        ["id"],
    )
    op.create_index(
        "ix_external_record_present",
        "external_record",
        ["connection_id", "kind", "id"],
        postgresql_where=sa.text("gone_at IS NULL"),
    )
