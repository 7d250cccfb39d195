"""Which columns of an imported file were left out because who imports may not see the field."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0053"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "import_run", sa.Column("left_out", JSONB(), server_default="{}", nullable=False)
    )


def downgrade() -> None:
    op.drop_column("import_run", "left_out")
