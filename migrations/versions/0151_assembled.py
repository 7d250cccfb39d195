"""A reason of movements: components become what is built of them."""

from migrations.words import change_words

revision = "0151"
down_revision = "0150"
branch_labels = None
depends_on = None

BEFORE = (
    *("opening", "counted", "received", "returned", "shipped", "moved", "transferred"),
    *("damaged", "lost", "expired", "stolen", "used", "found"),
)


def upgrade() -> None:
    change_words("stock_movement", "reason", (*BEFORE, "assembled", "reversed"))


def downgrade() -> None:
    change_words("stock_movement", "reason", (*BEFORE, "reversed"))
