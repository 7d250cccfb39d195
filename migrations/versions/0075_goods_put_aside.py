"""A kind of location for goods that are put aside: on hand, and never available."""

from alembic import op

from migrations.words import change_words

revision = "0075"
down_revision = "0074"
branch_labels = None
depends_on = None

BEFORE = ("warehouse", "zone", "bin", "tote", "staging")
BEHIND = ("transit", "supplier", "customer", "adjustment")


def upgrade() -> None:
    change_words("location", "kind", (*BEFORE, "quarantine", *BEHIND))


def downgrade() -> None:
    op.execute("UPDATE location SET kind = 'staging' WHERE kind = 'quarantine'")
    change_words("location", "kind", (*BEFORE, *BEHIND))
