"""Employees, their contracts, and the rules by which their time is counted."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0060"
down_revision = "0054"
branch_labels = None
depends_on = None

NOW = sa.text("now()")
SEARCH = "' ' || search_text(name || ' ' || number || ' ' || department)"


def identity() -> sa.Column[Any]:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False)


def created() -> sa.Column[Any]:
    return sa.Column(
        "created_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False
    )


def versions() -> list[sa.Column[Any]]:
    return [
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
    ]


def text(name: str, default: str | None = None) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), server_default=default, nullable=False)


def number(name: str, default: str | None = None) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger(), server_default=default, nullable=default is None)


def upgrade() -> None:
    op.create_table(
        "attendance_rule_set",
        identity(),
        text("name"),
        text("rounds", "nothing"),
        text("rounding", "nearest"),
        number("rounding_minutes", "5"),
        text("break_rule", "none"),
        number("break_after", "360"),
        number("break_minutes", "30"),
        number("daily_overtime"),
        number("daily_double"),
        number("weekly_overtime"),
        sa.Column("has_seventh_day", sa.Boolean(), server_default="false", nullable=False),
        number("week_start", "0"),
        sa.Column("rest_days", ARRAY(sa.BigInteger()), server_default="{}", nullable=False),
        number("overtime_percent", "150"),
        number("double_percent", "200"),
        number("rest_day_percent", "150"),
        number("holiday_percent", "200"),
        sa.Column("night_begin", sa.Time(), server_default="20:00", nullable=False),
        sa.Column("night_end", sa.Time(), server_default="06:00", nullable=False),
        number("night_percent", "0"),
        number("deep_night_percent", "0"),
        number("sunday_percent", "0"),
        number("holiday_band_percent", "0"),
        created(),
        *versions(),
        sa.PrimaryKeyConstraint("id", name="pk_attendance_rule_set"),
        sa.CheckConstraint(
            "rounds IN ('nothing', 'punches', 'breaks', 'day', 'shift')",
            name=op.f("ck_attendance_rule_set_rounds"),
        ),
        sa.CheckConstraint(
            "rounding IN ('nearest', 'down', 'up')",
            name=op.f("ck_attendance_rule_set_rounding"),
        ),
        sa.CheckConstraint(
            "rounding_minutes IN (1, 5, 6, 10, 15)",
            name=op.f("ck_attendance_rule_set_rounding_minutes"),
        ),
        sa.CheckConstraint(
            "break_rule IN ('none', 'fixed', 'german')",
            name=op.f("ck_attendance_rule_set_break_rule"),
        ),
        sa.CheckConstraint(
            "break_after >= 0 AND break_minutes >= 0",
            name=op.f("ck_attendance_rule_set_breaks"),
        ),
        sa.CheckConstraint(
            "daily_overtime > 0 AND daily_double > 0",
            name=op.f("ck_attendance_rule_set_daily"),
        ),
        sa.CheckConstraint("weekly_overtime > 0", name=op.f("ck_attendance_rule_set_weekly")),
        sa.CheckConstraint(
            "week_start BETWEEN 0 AND 6", name=op.f("ck_attendance_rule_set_week_start")
        ),
        sa.CheckConstraint(
            "overtime_percent >= 100 AND double_percent >= 100",
            name=op.f("ck_attendance_rule_set_percent"),
        ),
        sa.CheckConstraint(
            "rest_day_percent >= 100 AND holiday_percent >= 100",
            name=op.f("ck_attendance_rule_set_percent_of_days"),
        ),
        sa.CheckConstraint(
            "night_percent >= 0 AND deep_night_percent >= 0 AND sunday_percent >= 0"
            " AND holiday_band_percent >= 0",
            name=op.f("ck_attendance_rule_set_bands"),
        ),
    )
    op.create_index(
        "uq_attendance_rule_set_name", "attendance_rule_set", [sa.text("lower(name)")],
        unique=True,
    )  # fmt: skip
    op.create_table(
        "employee",
        identity(),
        text("number"),
        text("name"),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        text("department", ""),
        text("cost_centre", ""),
        text("time_zone", "UTC"),
        text("country", ""),
        text("region", ""),
        sa.Column("hire_date", sa.Date(), nullable=False),
        sa.Column("leave_date", sa.Date(), nullable=True),
        sa.Column("search", sa.Text(), sa.Computed(SEARCH, persisted=True), nullable=False),
        sa.Column(
            "name_key", sa.Text(), sa.Computed("search_text(name)", persisted=True),
            nullable=False,
        ),
        created(),
        *versions(),
        sa.PrimaryKeyConstraint("id", name="pk_employee"),
        sa.CheckConstraint("leave_date >= hire_date", name=op.f("ck_employee_dates")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name="fk_employee_user_id"),
    )  # fmt: skip
    op.create_index(
        "uq_employee_number", "employee", [sa.text("normal_code(number)")], unique=True
    )
    op.create_index("uq_employee_user_id", "employee", ["user_id"], unique=True)
    op.create_index("ix_employee_name_order", "employee", ["name_key", "id"])
    op.create_index("ix_employee_department", "employee", ["department", "id"])
    op.create_index("ix_employee_updated_at", "employee", ["updated_at", "id"])
    op.create_index(
        "ix_employee_search", "employee", ["search"], postgresql_using="gin",
        postgresql_ops={"search": "gin_trgm_ops"},
    )  # fmt: skip
    op.create_index(
        "ix_employee_name_key", "employee", ["name_key"],
        postgresql_ops={"name_key": "text_pattern_ops"},
    )  # fmt: skip
    op.create_table(
        "employment_contract",
        identity(),
        sa.Column("employee_id", sa.BigInteger(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("weekly_hours", sa.Numeric(14, 3), nullable=False),
        sa.Column("rule_set_id", sa.BigInteger(), nullable=False),
        sa.Column("rate", sa.Numeric(14, 4), nullable=True),
        text("currency", "USD"),
        created(),
        *versions(),
        sa.PrimaryKeyConstraint("id", name="pk_employment_contract"),
        sa.CheckConstraint(
            "weekly_hours BETWEEN 0 AND 168", name=op.f("ck_employment_contract_weekly_hours")
        ),
        sa.CheckConstraint("rate >= 0", name=op.f("ck_employment_contract_rate")),
        sa.ForeignKeyConstraint(
            ["employee_id"], ["employee.id"], name="fk_employment_contract_employee_id"
        ),
        sa.ForeignKeyConstraint(
            ["rule_set_id"],
            ["attendance_rule_set.id"],
            name="fk_employment_contract_rule_set_id",
        ),
    )
    op.create_index(
        "uq_employment_contract_day",
        "employment_contract",
        ["employee_id", "valid_from"],
        unique=True,
    )
    op.create_index(
        "ix_employment_contract_rule_set_id", "employment_contract", ["rule_set_id"]
    )


def downgrade() -> None:
    op.drop_table("employment_contract")
    op.drop_table("employee")
    op.drop_table("attendance_rule_set")
