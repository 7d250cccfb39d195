"""Shifts that people swap."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0091"
down_revision = "0090"
branch_labels = None
depends_on = None

NOW = sa.text("now()")
TABLE = "shift_swap"
OPEN = "state IN ('asked', 'requested')"


def number(name: str, default: str | None = None, *, needed: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger(), server_default=default, nullable=not needed)


def text(name: str, default: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), server_default=default, nullable=False)


def moment(name: str, *, needed: bool = True) -> sa.Column[Any]:
    default = NOW if needed else None
    zoned = sa.DateTime(timezone=True)
    return sa.Column(name, zoned, server_default=default, nullable=not needed)


def refers(column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{TABLE}_{column}")


def check(name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{TABLE}_{name}"))


def upgrade() -> None:
    words = "'asked', 'requested', 'approved', 'declined', 'rejected', 'withdrawn'"
    op.create_table(
        TABLE,
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        number("employee_id"),
        sa.Column("day", sa.Date(), nullable=False),
        number("shift_id"),
        number("colleague_id", needed=False),
        sa.Column("return_day", sa.Date(), nullable=True),
        number("return_shift_id", needed=False),
        text("reason", ""),
        text("state", "asked"),
        number("decided_by_id", needed=False),
        moment("decided_at", needed=False),
        text("answer", ""),
        number("version", "1"),
        moment("updated_at"),
        moment("created_at"),
        refers("employee_id", "employee"),
        refers("shift_id", "attendance_shift"),
        refers("colleague_id", "employee"),
        refers("return_shift_id", "attendance_shift"),
        refers("decided_by_id", "user_account"),
        check("state", f"state IN ({words})"),
        check("colleague", "employee_id <> colleague_id"),
        check("return", "(return_day IS NULL) = (return_shift_id IS NULL)"),
        check("accepted", "state NOT IN ('requested', 'approved') OR colleague_id IS NOT NULL"),
        check("decided", "state NOT IN ('approved', 'rejected') OR decided_at IS NOT NULL"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{TABLE}"),
    )
    op.create_index("ix_shift_swap_employee", TABLE, ["employee_id", "id"])
    op.create_index("ix_shift_swap_colleague", TABLE, ["colleague_id", "id"])
    waiting = sa.text(OPEN)
    op.create_index("ix_shift_swap_open", TABLE, ["state", "day"], postgresql_where=waiting)
    key = ["employee_id", "day", "shift_id"]
    op.create_index("uq_shift_swap_cell", TABLE, key, unique=True, postgresql_where=waiting)


def downgrade() -> None:
    op.drop_table(TABLE)
