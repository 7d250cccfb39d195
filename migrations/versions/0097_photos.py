"""Photos of employees."""

import sqlalchemy as sa
from alembic import op

revision = "0097"
down_revision = "0096"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("employee", sa.Column("photo_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_employee_photo_id"), "employee", "stored_file", ["photo_id"], ["id"]
    )


def downgrade() -> None:
    op.drop_column("employee", "photo_id")
