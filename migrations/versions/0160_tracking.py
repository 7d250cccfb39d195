"""A product says whether its goods are tracked by lot or serial number, and when they expire."""

from alembic import op

from migrations.session import unhurried

revision = "0160"
down_revision = "0157"
branch_labels = None
depends_on = None

COLUMNS = ("tracking text NOT NULL DEFAULT 'none'", "has_expiry boolean NOT NULL DEFAULT false")
RULES = {
    "ck_product_tracking": "CHECK (tracking IN ('none', 'lot', 'serial'))",
    "ck_product_has_expiry": "CHECK (NOT has_expiry OR tracking <> 'none')",
}


def upgrade() -> None:
    for column in COLUMNS:
        op.execute(f"ALTER TABLE product ADD COLUMN IF NOT EXISTS {column}")
    for name, rule in RULES.items():
        op.execute(f"ALTER TABLE product DROP CONSTRAINT IF EXISTS {name}")
        op.execute(f"ALTER TABLE product ADD CONSTRAINT {name} {rule} NOT VALID")
    with op.get_context().autocommit_block(), unhurried(op.get_bind()):
        for name in RULES:
            op.execute(f"ALTER TABLE product VALIDATE CONSTRAINT {name}")


def downgrade() -> None:
    op.drop_column("product", "has_expiry")
    op.drop_column("product", "tracking")
