"""Built-in roles know what releases have given them, so that later ones can give more."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "role",
        sa.Column("offered", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
    )
    # Whatever a role lacks of the first release's permissions somebody has taken away.
    first = (
        "products.view", "products.edit", "products.import", "customers.view",
        "customers.edit", "customers.import", "vendors.view", "vendors.edit", "vendors.import",
        "stock.view", "stock.adjust", "stock.transfer", "stock.reserve", "stock.reverse",
        "stock.import", "locations.edit", "jobs.view", "jobs.manage", "audit.view", "*",
    )  # fmt: skip
    role = sa.table("role", sa.column("offered"), sa.column("is_built_in"))
    op.execute(
        role.update()
        .where(role.c.is_built_in)
        .values(offered=sa.cast(list(first), postgresql.ARRAY(sa.Text())))
    )


def downgrade() -> None:
    op.drop_column("role", "offered")
