"""What may be forgotten: people who left long ago, and what the history tells of them."""

import sqlalchemy as sa
from alembic import op

revision = "0095"
down_revision = "0092"
branch_labels = None
depends_on = None

FORGETTING = """
CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('opsroom.retention', true) = 'on' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% is append-only: reverse a mistake, do not rewrite it', TG_TABLE_NAME;
END $$;
DROP TRIGGER append_only ON audit_entry;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();
"""
KEEPING = """
DROP TRIGGER append_only ON audit_entry;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
DROP FUNCTION refuse_audit_change();
"""


def upgrade() -> None:
    op.add_column(
        "employee", sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column("time_account", sa.Column("kept_from", sa.Date(), nullable=True))
    op.execute(FORGETTING)


def downgrade() -> None:
    op.execute(KEEPING)
    op.drop_column("time_account", "kept_from")
    op.drop_column("employee", "forgotten_at")
