"""What was scrapped of a build: it took components too."""

from alembic import op

revision = "0157"
down_revision = "0156"
branch_labels = None
depends_on = None

NAME = "ck_build_scrapped"


def upgrade() -> None:
    column = "scrapped numeric(14, 3) NOT NULL DEFAULT '0'"
    op.execute(f"ALTER TABLE build ADD COLUMN IF NOT EXISTS {column}")
    op.execute(f"ALTER TABLE build DROP CONSTRAINT IF EXISTS {NAME}")
    op.execute(f"ALTER TABLE build ADD CONSTRAINT {NAME} CHECK (scrapped >= 0)")


def downgrade() -> None:
    op.drop_column("build", "scrapped")
