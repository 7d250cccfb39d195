"""Alerts name their kind as a slice declares it; what was called kind is their severity."""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

# The keys that there are, and what they tell of. `%` stands for any letters, as in LIKE.
KINDS = {
    "backup": "backup.missing",
    "catalog:twins": "codes.twins",
    "connection:%:deletions": "connection.deletions",
    "connection:%:expires:%": "connection.expires",
    "connection:%:failed": "connection.failed",
    "connection:%:reconnect": "connection.reconnect",
    "connection:%:refused": "connection.refused",
    "connection:%:rejected": "connection.rejected",
    "job:%": "job.failed",
    "sent_document:%": "document.unsent",
    "webhook:%": "webhook.failed",
}


def upgrade() -> None:
    op.alter_column("alert", "kind", new_column_name="severity")
    op.execute("ALTER TABLE alert RENAME CONSTRAINT ck_alert_kind TO ck_alert_severity")
    op.add_column("alert", sa.Column("kind", sa.Text(), nullable=True))
    fill = sa.text("UPDATE alert SET kind = :kind WHERE key LIKE :keys AND kind IS NULL")
    for keys, kind in KINDS.items():
        op.execute(fill.bindparams(kind=kind, keys=keys.replace("_", r"\_")))
    op.execute("UPDATE alert SET kind = split_part(key, ':', 1) WHERE kind IS NULL")
    op.alter_column("alert", "kind", nullable=False)


def downgrade() -> None:
    op.drop_column("alert", "kind")
    op.execute("ALTER TABLE alert RENAME CONSTRAINT ck_alert_severity TO ck_alert_kind")
    op.alter_column("alert", "severity", new_column_name="kind")
