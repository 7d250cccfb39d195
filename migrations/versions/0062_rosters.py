"""Shifts, rosters, corrections of punches, and days that are locked."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None

NOW = sa.text("now()")


def identity() -> sa.Column[Any]:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False)


def moment(
    name: str, *, default: sa.TextClause | None = None, needed: bool = True
) -> sa.Column[Any]:
    zoned = sa.DateTime(timezone=True)
    return sa.Column(name, zoned, server_default=default, nullable=not needed)


def text(name: str, default: str | None = None) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), server_default=default, nullable=False)


def number(name: str, default: str | None = None, *, needed: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger(), server_default=default, nullable=not needed)


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
    op.create_table(table, identity(), *parts, moment("created_at", default=NOW), key)


def upgrade() -> None:
    table = "attendance_shift"
    make(
        table,
        text("code"),
        text("name"),
        sa.Column("begins", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        number("break_minutes", "0"),
        flag("is_break_paid", "false"),
        number("early_minutes", "120"),
        number("late_minutes", "240"),
        number("grace_minutes", "5"),
        flag("is_active", "true"),
        *versions(),
        check(table, "hours", "begins <> ends"),
        check(table, "early_minutes", "early_minutes BETWEEN 0 AND 720"),
        check(table, "late_minutes", "late_minutes BETWEEN 0 AND 720"),
        check(table, "grace_minutes", "grace_minutes BETWEEN 0 AND 240"),
        check(table, "break_minutes", "break_minutes BETWEEN 0 AND 480"),
    )
    op.create_index(
        "uq_attendance_shift_code", table, [sa.text("normal_code(code)")], unique=True
    )
    table = "roster_entry"
    make(
        table,
        number("employee_id"),
        sa.Column("day", sa.Date(), nullable=False),
        number("shift_id"),
        refers(table, "employee_id", "employee"),
        refers(table, "shift_id", "attendance_shift"),
    )
    op.create_index("uq_roster_entry", table, ["employee_id", "day", "shift_id"], unique=True)
    op.create_index("ix_roster_entry_day", table, ["day", "employee_id"])
    op.create_index("ix_roster_entry_shift_id", table, ["shift_id"])
    table = "punch_correction"
    make(
        table,
        number("employee_id"),
        text("kind"),
        number("punch_id", needed=False),
        moment("at", needed=False),
        text("direction", ""),
        text("reason"),
        text("state", "requested"),
        number("requested_by_id", needed=False),
        number("decided_by_id", needed=False),
        moment("decided_at", needed=False),
        text("answer", ""),
        *versions(),
        refers(table, "employee_id", "employee"),
        refers(table, "punch_id", "punch"),
        refers(table, "requested_by_id", "user_account"),
        refers(table, "decided_by_id", "user_account"),
        check(table, "kind", "kind IN ('add', 'void', 'retime')"),
        check(table, "state", "state IN ('requested', 'approved', 'rejected', 'withdrawn')"),
        check(table, "punch", "(kind = 'add') = (punch_id IS NULL)"),
        check(table, "at", "(kind = 'void') = (at IS NULL)"),
        check(table, "direction", "kind = 'add' OR direction = ''"),
        check(table, "added", "kind <> 'add' OR direction IN ('in', 'out', 'break', 'resume')"),
        check(table, "reason", "reason <> ''"),
        check(
            table, "decided", "state NOT IN ('approved', 'rejected') OR decided_at IS NOT NULL"
        ),
    )
    op.create_index("ix_punch_correction_employee", table, ["employee_id", "state"])
    op.create_index(
        "ix_punch_correction_requested", table, ["id"],
        postgresql_where=sa.text("state = 'requested'"),
    )  # fmt: skip
    op.create_index(
        "uq_punch_correction_punch", table, ["punch_id"], unique=True,
        postgresql_where=sa.text("state IN ('requested', 'approved')"),
    )  # fmt: skip
    table = "attendance_lock"
    make(
        table,
        sa.Column("last_day", sa.Date(), nullable=False),
        number("locked_by_id", needed=False),
        moment("opened_at", needed=False),
        text("reason", ""),
        refers(table, "locked_by_id", "user_account"),
        check(table, "opened", "(opened_at IS NULL) = (reason = '')"),
    )
    op.create_index(
        "uq_attendance_lock_last_day", table, ["last_day"], unique=True,
        postgresql_where=sa.text("opened_at IS NULL"),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("attendance_lock")
    for table in ("punch_correction", "roster_entry", "attendance_shift"):
        op.drop_table(table)
