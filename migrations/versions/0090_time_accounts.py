"""Time accounts, overtime to approve, and how the rules of counting know of both."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0090"
down_revision = "0085"
branch_labels = None
depends_on = None

NOW = sa.text("now()")
APPEND_ONLY = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON time_account_entry
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""
RULES = "attendance_rule_set"


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


def day(name: str, *, needed: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.Date(), nullable=not needed)


def refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{table}_{column}")


def check(table: str, name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def make(table: str, *parts: sa.schema.SchemaItem) -> None:
    key = sa.PrimaryKeyConstraint("id", name=f"pk_{table}")
    op.create_table(table, identity(), *parts, moment("created_at", default=NOW), key)


def upgrade() -> None:
    for column in (
        text("pairing", "pairs"),
        text("overtime_goes", "paid"),
        number("account_cap", needed=False),
        number("account_carry", needed=False),
    ):
        op.add_column(RULES, column)
    for name, rule in {
        "pairing": "pairing IN ('pairs', 'first_last')",
        "overtime_goes": "overtime_goes IN ('paid', 'account')",
        "account": "account_cap >= 0 AND account_carry >= 0",
    }.items():
        op.create_check_constraint(op.f(f"ck_{RULES}_{name}"), RULES, rule)
    make(
        "time_account",
        number("employee_id"),
        day("known_until", needed=False),
        day("stale_from", needed=False),
        sa.Column("is_approval_wanted", sa.Boolean(), server_default="false", nullable=False),
        refers("time_account", "employee_id", "employee"),
        sa.UniqueConstraint("employee_id", name="uq_time_account_employee_id"),
    )
    table = "time_account_day"
    make(
        table,
        number("employee_id"),
        day("day"),
        number("credited"),
        number("expected"),
        number("cap", needed=False),
        number("carry", needed=False),
        refers(table, "employee_id", "employee"),
        check(table, "minutes", "credited >= 0 AND expected >= 0"),
        check(table, "limits", "cap >= 0 AND carry >= 0"),
    )
    op.create_index("uq_time_account_day", table, ["employee_id", "day"], unique=True)
    _make_entries()
    _make_overtime()


def _make_entries() -> None:
    table = "time_account_entry"
    make(
        table,
        number("employee_id"),
        day("day"),
        text("kind"),
        number("minutes"),
        text("reason"),
        number("reverses_id", needed=False),
        number("created_by_id", needed=False),
        refers(table, "employee_id", "employee"),
        refers(table, "reverses_id", table),
        refers(table, "created_by_id", "user_account"),
        check(table, "kind", "kind IN ('opening', 'adjustment', 'payout')"),
        check(table, "reason", "reason <> ''"),
        check(table, "minutes", "minutes <> 0 OR kind = 'opening'"),
        check(table, "paid_out", "kind <> 'payout' OR (minutes < 0) = (reverses_id IS NULL)"),
    )
    op.create_index("ix_time_account_entry_employee", table, ["employee_id", "day"])
    op.create_index(
        "uq_time_account_entry_reverses", table, ["reverses_id"], unique=True,
        postgresql_where=sa.text("reverses_id IS NOT NULL"),
    )  # fmt: skip
    op.execute(APPEND_ONLY)


def _make_overtime() -> None:
    table = "overtime"
    make(
        table,
        number("employee_id"),
        day("day"),
        *(number(name, "0") for name in ("overtime", "double", "rest_day", "holiday")),
        number("approved", "0"),
        text("state", "requested"),
        number("decided_by_id", needed=False),
        moment("decided_at", needed=False),
        text("answer", ""),
        number("version", "1"),
        moment("updated_at", default=NOW),
        refers(table, "employee_id", "employee"),
        refers(table, "decided_by_id", "user_account"),
        check(table, "state", "state IN ('requested', 'approved', 'rejected')"),
        check(table, "approved", "approved >= 0"),
        check(
            table,
            "minutes",
            "overtime >= 0 AND double >= 0 AND rest_day >= 0 AND holiday >= 0",
        ),
        check(table, "decided", "state = 'requested' OR decided_at IS NOT NULL"),
    )
    op.create_index("uq_overtime_day", table, ["employee_id", "day"], unique=True)
    op.create_index(
        "ix_overtime_requested", table, ["day", "id"],
        postgresql_where=sa.text("state = 'requested'"),
    )  # fmt: skip


def downgrade() -> None:
    for table in ("overtime", "time_account_entry", "time_account_day", "time_account"):
        op.drop_table(table)
    for name in ("account_carry", "account_cap", "overtime_goes", "pairing"):
        op.drop_column(RULES, name)
