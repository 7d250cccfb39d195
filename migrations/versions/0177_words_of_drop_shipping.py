"""What vendors deliver to customers: a reason of movements, and a channel of purchase orders."""

from migrations.words import change_words

revision = "0177"
down_revision = "0176"
branch_labels = None
depends_on = None

REASONS = (
    *("opening", "counted", "received", "returned", "shipped", "moved", "transferred"),
    *("damaged", "lost", "expired", "stolen", "used", "found", "assembled", "sent_back"),
)
CHANNELS = ("hand", "api", "import", "reorder")


def upgrade() -> None:
    change_words("stock_movement", "reason", (*REASONS, "drop_shipped", "reversed"))
    change_words("purchase_order", "channel", (*CHANNELS, "drop_ship"))


def downgrade() -> None:
    change_words("purchase_order", "channel", CHANNELS)
    change_words("stock_movement", "reason", (*REASONS, "reversed"))
