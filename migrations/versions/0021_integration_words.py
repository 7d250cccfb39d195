"""Integrations in the field's words: outbox, rejected records, published stock, precedence."""

from collections.abc import Mapping

import sqlalchemy as sa
from alembic import op

from migrations.renaming import rename_table

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

TABLES = {
    "set_aside_record": "rejected_record",
    "outbound_write": "outbox_message",
    "told_stock": "published_stock",
}
COLUMNS = {  # after the tables: table -> old -> new
    "published_stock": ("told_at", "published_at"),
    "connection": ("winners", "field_precedence"),
    "sync_run": ("vanished", "deletions"),
}
STAGES = {"follow": "apply"}
JOBS = {  # rows that wait, or may be retried, name their job by its path
    "app.integrations.jobs:project": "app.integrations.jobs:apply_changes",
    "app.integrations.jobs:tell": "app.integrations.jobs:deliver_outbox",
    "app.integrations.jobs:note_shipped": "app.integrations.systems.magento.jobs:queue_shipments",
    "app.integrations.jobs:tell_stocks": "app.integrations.systems.magento.jobs:publish_stocks",
    "app.integrations.jobs:sync_shops": "app.integrations.jobs:sync_urgent",
    "app.integrations.jobs:forget_old": "app.integrations.jobs:cleanup",
}
SCHEDULE = {
    "sync-shops": "sync-urgent",
    "tell-stock": "publish-stock",
    "forget-webhooks": "clean-up-syncs",
}
ALERT_KEYS = {":vanished": ":deletions"}
ALERT_LINKS = {"/outbound": "/outbox"}


def upgrade() -> None:
    for old, new in TABLES.items():
        rename_table(old, new)
    for table, (old, new) in COLUMNS.items():
        op.alter_column(table, old, new_column_name=new)
    rename_values(STAGES, JOBS, SCHEDULE, ALERT_KEYS, ALERT_LINKS)


def downgrade() -> None:
    back = (turned(names) for names in (STAGES, JOBS, SCHEDULE, ALERT_KEYS, ALERT_LINKS))
    rename_values(*back)
    for table, (old, new) in COLUMNS.items():
        op.alter_column(table, new, new_column_name=old)
    for old, new in TABLES.items():
        rename_table(new, old)


def rename_values(
    stages: Mapping[str, str],
    jobs: Mapping[str, str],
    schedule: Mapping[str, str],
    keys: Mapping[str, str],
    links: Mapping[str, str],
) -> None:
    replace("rejected_record", "stage", stages)
    replace("job_run", "job", jobs)
    replace("schedule_entry", "name", schedule)
    replace_endings("key", keys)
    replace_endings("href", links)


def replace(table: str, column: str, names: Mapping[str, str]) -> None:
    statement = sa.text(f"UPDATE {table} SET {column} = :new WHERE {column} = :old")  # noqa: S608
    for old, new in names.items():
        op.get_bind().execute(statement, {"old": old, "new": new})


def replace_endings(column: str, endings: Mapping[str, str]) -> None:
    """Of the alerts of connections."""
    statement = sa.text(
        f"UPDATE alert SET {column} = left({column}, -length(:old)) || :new "  # noqa: S608
        f"WHERE key LIKE 'connection:%' AND right({column}, length(:old)) = :old"
    )
    for old, new in endings.items():
        op.get_bind().execute(statement, {"old": old, "new": new})


def turned(names: Mapping[str, str]) -> dict[str, str]:
    return {new: old for old, new in names.items()}
