"""Steps of costs that builds have caused."""

from migrations.words import change_words

revision = "0152"
down_revision = "0151"
branch_labels = None
depends_on = None

BEFORE = ("receipt", "undone", "landed")


def upgrade() -> None:
    change_words("cost_entry", "kind", (*BEFORE, "built", "unbuilt"))


def downgrade() -> None:
    change_words("cost_entry", "kind", BEFORE)
