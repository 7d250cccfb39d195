"""A step of costs: goods went back to their vendor, at what they had cost on average."""

from migrations.words import change_words

revision = "0174"
down_revision = "0173"
branch_labels = None
depends_on = None

BEFORE = ("receipt", "undone", "landed", "built", "unbuilt")


def upgrade() -> None:
    change_words("cost_entry", "kind", (*BEFORE, "sent_back", "taken_back"))


def downgrade() -> None:
    change_words("cost_entry", "kind", BEFORE)
