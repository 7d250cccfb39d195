"""What an outside record stands for costs less to write: doubts alone are looked up by state.

Nearly all links are no doubts, and were in an index that is asked for doubts only. And that a
connection is there was asked once for each of its links; connections stay.
"""

import sqlalchemy as sa
from alembic import op

from migrations.indexes import create_index, drop_index

revision = "0132"
down_revision = "0131"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_constraint("fk_record_link_connection_id", "record_link", type_="foreignkey")
    create_index(
        "ix_record_link_doubtful",
        "record_link",
        ["connection_id", "id"],
        postgresql_where=sa.text("state = 'doubtful'"),
    )
    drop_index("ix_record_link_state", "record_link")


def downgrade() -> None:
    create_index("ix_record_link_state", "record_link", ["connection_id", "state", "id"])
    drop_index("ix_record_link_doubtful", "record_link")
    op.create_foreign_key(
        "fk_record_link_connection_id", "record_link", "connection", ["connection_id"], ["id"]
    )
