"""A reason of movements: goods go back to their vendor."""

from migrations.words import change_words

revision = "0155"
down_revision = "0154"
branch_labels = None
depends_on = None

BEFORE = (
    *("opening", "counted", "received", "returned", "shipped", "moved", "transferred"),
    *("damaged", "lost", "expired", "stolen", "used", "found", "assembled"),
)


def upgrade() -> None:
    change_words("stock_movement", "reason", (*BEFORE, "sent_back", "reversed"))


def downgrade() -> None:
    change_words("stock_movement", "reason", (*BEFORE, "reversed"))
