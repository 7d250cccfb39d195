"""Devices, what people punch with, and the punches themselves, which nobody edits."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB, ExcludeConstraint

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None

NOW = sa.text("now()")
APPEND_ONLY = """
CREATE FUNCTION refuse_punch_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('opsroom.retention', true) = 'on' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'punch is append-only: correct a mistake, do not rewrite it';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON punch
    FOR EACH ROW EXECUTE FUNCTION refuse_punch_change();
"""


def identity() -> sa.Column[Any]:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False)


def created() -> sa.Column[Any]:
    return moment("created_at", default=NOW)


def moment(
    name: str, *, default: sa.TextClause | None = None, needed: bool = True
) -> sa.Column[Any]:
    zoned = sa.DateTime(timezone=True)
    return sa.Column(name, zoned, server_default=default, nullable=not needed)


def text(name: str, default: str | None = None) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), server_default=default, nullable=False)


def number(name: str, default: str | None = None, *, needed: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger(), server_default=default, nullable=not needed)


def seconds(name: str, *, needed: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Numeric(14, 3), nullable=not needed)


def flag(name: str, default: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Boolean(), server_default=default, nullable=False)


def versions() -> list[sa.Column[Any]]:
    return [number("version", "1"), moment("updated_at", default=NOW)]


def refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{table}_{column}")


def check(table: str, name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def make(table: str, *parts: sa.schema.SchemaItem) -> None:
    key = sa.PrimaryKeyConstraint("id", name=f"pk_{table}")
    op.create_table(table, identity(), *parts, created(), key)


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    make("attendance_key", text("key"))
    op.create_index("uq_attendance_key_one", "attendance_key", [sa.text("(true)")], unique=True)
    table = "attendance_device"
    make(
        table,
        text("name"),
        text("kind"),
        text("place", ""),
        text("time_zone", ""),
        flag("is_active", "true"),
        number("token_id", needed=False),
        *versions(),
        refers(table, "token_id", "api_token"),
        check(table, "kind", "kind IN ('bridge', 'kiosk', 'web')"),
    )
    op.create_index("uq_attendance_device_name", table, [sa.text("lower(name)")], unique=True)
    op.create_index("uq_attendance_device_token_id", table, ["token_id"], unique=True)
    op.create_index(
        "uq_attendance_device_web", table, ["kind"], unique=True,
        postgresql_where=sa.text("kind = 'web'"),
    )  # fmt: skip
    table = "attendance_device_state"
    make(
        table,
        number("device_id"),
        moment("seen_at"),
        moment("watermark", needed=False),
        seconds("skew"),
        number("queued", "0"),
        text("program", ""),
        refers(table, "device_id", "attendance_device"),
        sa.UniqueConstraint("device_id", name="uq_attendance_device_state_device_id"),
    )
    table = "attendance_device_boot"
    make(
        table,
        number("device_id"),
        text("boot_id"),
        seconds("skew", needed=True),
        moment("measured_at"),
        refers(table, "device_id", "attendance_device"),
    )
    op.create_index("uq_attendance_device_boot", table, ["device_id", "boot_id"], unique=True)
    table = "attendance_reader"
    make(
        table,
        number("device_id"),
        text("name"),
        text("kind", ""),
        flag("is_present", "true"),
        number("refused_frames", "0"),
        moment("seen_at"),
        refers(table, "device_id", "attendance_device"),
    )
    op.create_index("uq_attendance_reader_name", table, ["device_id", "name"], unique=True)
    table = "attendance_capture"
    make(
        table,
        number("reader_id"),
        number("employee_id", needed=False),
        text("kind", "card"),
        text("name", ""),
        moment("expires_at"),
        text("state", "waiting"),
        text("credential_hash", ""),
        text("message", ""),
        refers(table, "reader_id", "attendance_reader"),
        refers(table, "employee_id", "employee"),
        check(table, "kind", "kind IN ('card', 'finger')"),
        check(table, "state", "state IN ('waiting', 'captured', 'cancelled', 'failed')"),
        check(table, "captured", "(state = 'captured') = (credential_hash <> '')"),
    )
    op.create_index(
        "ix_attendance_capture_waiting", table, ["reader_id", "expires_at"],
        postgresql_where=sa.text("state = 'waiting'"),
    )  # fmt: skip
    table = "attendance_command"
    make(
        table,
        number("device_id"),
        number("reader_id"),
        text("command"),
        number("slot"),
        number("capture_id", needed=False),
        number("credential_id", needed=False),
        moment("expires_at", needed=False),
        text("state", "pending"),
        text("message", ""),
        refers(table, "device_id", "attendance_device"),
        refers(table, "reader_id", "attendance_reader"),
        refers(table, "capture_id", "attendance_capture"),
        check(table, "command", "command IN ('enroll_finger', 'delete_finger')"),
        check(table, "state", "state IN ('pending', 'done', 'failed', 'expired')"),
    )
    op.create_index("ix_attendance_command_state", table, ["device_id", "state"])
    _credentials()
    _punches()


def _credentials() -> None:
    table = "credential"
    make(
        table,
        number("employee_id"),
        text("kind"),
        text("name", ""),
        text("credential_hash"),
        number("reader_id", needed=False),
        number("slot", needed=False),
        moment("valid_from"),
        moment("valid_until", needed=False),
        text("end_reason", ""),
        flag("is_template_deleted", "false"),
        *versions(),
        refers(table, "employee_id", "employee"),
        refers(table, "reader_id", "attendance_reader"),
        check(table, "kind", "kind IN ('card', 'finger')"),
        check(table, "end_reason", "end_reason IN ('', 'lost', 'revoked', 'left')"),
        check(table, "ended", "(valid_until IS NULL) = (end_reason = '')"),
        check(table, "reader", "(kind = 'finger') = (reader_id IS NOT NULL)"),
        check(table, "slot", "(kind = 'finger') = (slot IS NOT NULL)"),
        ExcludeConstraint(
            (sa.text("credential_hash"), "="),
            (sa.text("tstzrange(valid_from, valid_until)"), "&&"),
            name="ex_credential_one_person",
            using="gist",
        ),
    )
    op.create_index("ix_credential_employee_id", table, ["employee_id"])
    op.create_index("ix_credential_hash", table, ["credential_hash", "valid_from"])


def _punches() -> None:
    table = "punch"
    make(
        table,
        number("device_id"),
        text("boot_id"),
        number("device_seq"),
        number("reader_id", needed=False),
        text("kind"),
        text("credential_hash", ""),
        number("employee_id", needed=False),
        moment("at"),
        moment("device_time"),
        number("device_offset"),
        moment("received_at"),
        seconds("clock_skew"),
        flag("is_unsure", "false"),
        text("intent", ""),
        text("note", ""),
        text("content_hash"),
        number("capture_id", needed=False),
        refers(table, "device_id", "attendance_device"),
        refers(table, "reader_id", "attendance_reader"),
        refers(table, "employee_id", "employee"),
        refers(table, "capture_id", "attendance_capture"),
        check(table, "kind", "kind IN ('card', 'finger', 'pin', 'web')"),
        check(table, "intent", "intent IN ('', 'in', 'out', 'break', 'resume')"),
        check(table, "whose", "(credential_hash <> '') <> (employee_id IS NOT NULL)"),
        check(table, "device_seq", "device_seq >= 1"),
    )
    key = ["device_id", "boot_id", "device_seq"]
    op.create_index("uq_punch_key", table, key, unique=True)
    op.create_index("ix_punch_at", table, ["at", "id"])
    op.create_index("ix_punch_credential", table, ["credential_hash", "at"])
    op.create_index(
        "ix_punch_employee", table, ["employee_id", "at"],
        postgresql_where=sa.text("employee_id IS NOT NULL"),
    )  # fmt: skip
    op.execute(APPEND_ONLY)
    op.execute("CREATE SEQUENCE web_punch_seq")
    table = "punch_conflict"
    make(
        table,
        number("punch_id"),
        text("content_hash"),
        text("kind"),
        text("credential_hash"),
        text("reader"),
        moment("device_time"),
        refers(table, "punch_id", "punch"),
    )
    content = ["punch_id", "content_hash"]
    op.create_index("uq_punch_conflict_content", table, content, unique=True)
    table = "punch_verdict"
    make(
        table,
        number("punch_id"),
        number("employee_id", needed=False),
        moment("at"),
        text("outcome"),
        text("direction", ""),
        refers(table, "punch_id", "punch"),
        refers(table, "employee_id", "employee"),
        check(
            table,
            "outcome",
            "outcome IN ('accepted', 'duplicate', 'repeated', 'stray', 'unknown', 'unsure',"
            " 'inactive', 'revoked', 'captured', 'void')",
        ),
        check(table, "direction", "direction IN ('', 'in', 'out', 'break', 'resume')"),
    )
    op.create_index("uq_punch_verdict_punch_id", table, ["punch_id"], unique=True)
    op.create_index("ix_punch_verdict_employee", table, ["employee_id", "at"])
    op.create_index(
        "ix_punch_verdict_open", table, ["outcome", "at"],
        postgresql_where=sa.text("outcome IN ('unknown', 'unsure', 'stray', 'revoked')"),
    )  # fmt: skip
    table = "work_session"
    make(
        table,
        number("employee_id"),
        sa.Column("day", sa.Date(), nullable=False),
        text("zone"),
        number("shift_id", needed=False),
        moment("planned_begin", needed=False),
        moment("planned_end", needed=False),
        moment("begin_at"),
        number("begin_key"),
        moment("end_at", needed=False),
        number("end_key", needed=False),
        sa.Column("breaks", JSONB(), server_default="[]", nullable=False),
        number("break_seconds", "0"),
        number("seconds", needed=False),
        moment("closes_until"),
        refers(table, "employee_id", "employee"),
        check(table, "order", "end_at >= begin_at"),
        check(table, "seconds", "(end_at IS NULL) = (seconds IS NULL)"),
    )
    op.create_index("uq_work_session_begin", table, ["employee_id", "begin_at"], unique=True)
    op.create_index("ix_work_session_day", table, ["day", "employee_id"])
    op.create_index("ix_work_session_employee_day", table, ["employee_id", "day"])
    op.create_index(
        "ix_work_session_open", table, ["closes_until", "employee_id"],
        postgresql_where=sa.text("end_at IS NULL"),
    )  # fmt: skip


def downgrade() -> None:
    for table in (
        *("work_session", "punch_verdict", "punch_conflict", "punch", "credential"),
        *("attendance_command", "attendance_capture", "attendance_reader"),
        *("attendance_device_boot", "attendance_device_state", "attendance_device"),
        "attendance_key",
    ):
        op.drop_table(table)
    op.execute("DROP SEQUENCE web_punch_seq")
    op.execute("DROP FUNCTION refuse_punch_change")
