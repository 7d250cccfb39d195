"""Documents of vendors keep whether they differ from our orders, so that lists can ask for it."""

import sqlalchemy as sa
from alembic import op

revision = "0201"
down_revision = "0200"
branch_labels = None
depends_on = None

TABLE = "vendor_document"
DIFFERENT, UNCOMPARED = f"ix_{TABLE}_different", f"ix_{TABLE}_uncompared"


def upgrade() -> None:
    op.add_column(TABLE, sa.Column("is_different", sa.Boolean(), nullable=True))
    op.create_index(
        DIFFERENT, TABLE, ["document_date", "id"], postgresql_where=sa.text("is_different")
    )
    op.create_index(UNCOMPARED, TABLE, ["id"], postgresql_where=sa.text("is_different IS NULL"))


def downgrade() -> None:
    op.drop_index(UNCOMPARED, TABLE)
    op.drop_index(DIFFERENT, TABLE)
    op.drop_column(TABLE, "is_different")
