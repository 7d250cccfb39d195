"""A cause of counts: the plan of a warehouse."""

from migrations.words import change_words

revision = "0175"
down_revision = "0174"
branch_labels = None
depends_on = None

BEFORE = ("hand", "oldest", "short", "not_empty")


def upgrade() -> None:
    change_words("count_task", "cause", (*BEFORE, "plan"))


def downgrade() -> None:
    change_words("count_task", "cause", BEFORE)
