"""Absences, their types and allowances, holidays of the company's own, payroll exports."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0063"
down_revision = "0062"
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


def days(name: str, default: str | None = None) -> sa.Column[Any]:
    return sa.Column(name, sa.Numeric(14, 3), server_default=default, nullable=False)


def day(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Date(), nullable=False)


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
    table = "absence_type"
    make(
        table,
        text("name"),
        flag("is_paid", "true"),
        flag("has_allowance", "false"),
        flag("is_active", "true"),
        *versions(),
    )
    op.create_index("uq_absence_type_name", table, [sa.text("lower(name)")], unique=True)
    table = "absence_allowance"
    make(
        table,
        number("employee_id"),
        number("type_id"),
        number("year"),
        days("days"),
        days("carried", "0"),
        *versions(),
        refers(table, "employee_id", "employee"),
        refers(table, "type_id", "absence_type"),
        check(table, "days", "days >= 0 AND carried >= 0"),
        check(table, "year", "year BETWEEN 1970 AND 9998"),
    )
    key = ["employee_id", "type_id", "year"]
    op.create_index("uq_absence_allowance", table, key, unique=True)
    table = "absence"
    make(
        table,
        number("employee_id"),
        number("type_id"),
        day("first_day"),
        day("last_day"),
        flag("is_first_half", "false"),
        flag("is_last_half", "false"),
        text("reason", ""),
        text("state", "requested"),
        number("requested_by_id", needed=False),
        number("decided_by_id", needed=False),
        moment("decided_at", needed=False),
        text("answer", ""),
        *versions(),
        refers(table, "employee_id", "employee"),
        refers(table, "type_id", "absence_type"),
        refers(table, "requested_by_id", "user_account"),
        refers(table, "decided_by_id", "user_account"),
        check(table, "days", "last_day >= first_day"),
        check(table, "state", "state IN ('requested', 'approved', 'rejected', 'withdrawn')"),
        check(
            table, "decided", "state NOT IN ('approved', 'rejected') OR decided_at IS NOT NULL"
        ),
    )
    op.create_index("ix_absence_employee", table, ["employee_id", "first_day"])
    op.create_index("ix_absence_days", table, ["first_day", "last_day"])
    op.create_index(
        "ix_absence_requested", table, ["id"],
        postgresql_where=sa.text("state = 'requested'"),
    )  # fmt: skip
    table = "own_holiday"
    make(
        table,
        day("day"),
        text("name"),
        text("country", ""),
        text("region", ""),
        flag("is_half", "false"),
        *versions(),
        check(table, "region", "region = '' OR country <> ''"),
    )
    op.create_index("uq_own_holiday", table, ["day", "country", "region"], unique=True)
    table = "payroll_export"
    make(
        table,
        text("preset"),
        day("first_day"),
        day("last_day"),
        text("file_name"),
        sa.Column("settings", JSONB(), server_default="{}", nullable=False),
        sa.Column("lines", JSONB(), server_default="[]", nullable=False),
        number("created_by_id", needed=False),
        refers(table, "created_by_id", "user_account"),
        check(table, "days", "last_day >= first_day"),
    )
    op.create_index("ix_payroll_export_days", table, ["preset", "first_day", "id"])


def downgrade() -> None:
    for table in (
        *("payroll_export", "own_holiday", "absence", "absence_allowance", "absence_type"),
    ):
        op.drop_table(table)
