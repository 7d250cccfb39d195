"""PINs, wrong ones, and consent to fingerprints."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0064"
down_revision = "0063"
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


def text(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=False)


def number(name: str, default: str | None = None) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger(), server_default=default, nullable=False)


def refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{table}_{column}")


def make(table: str, *parts: sa.schema.SchemaItem) -> None:
    key = sa.PrimaryKeyConstraint("id", name=f"pk_{table}")
    op.create_table(table, identity(), *parts, moment("created_at", default=NOW), key)


def upgrade() -> None:
    make(
        "employee_pin",
        number("employee_id"),
        text("pin_hash"),
        refers("employee_pin", "employee_id", "employee"),
        sa.UniqueConstraint("employee_id", name="uq_employee_pin_employee_id"),
    )
    make(
        "pin_failure",
        number("device_id"),
        text("number"),
        refers("pin_failure", "device_id", "attendance_device"),
    )
    op.create_index("ix_pin_failure_device", "pin_failure", ["device_id", "created_at"])
    op.create_index("ix_pin_failure_number", "pin_failure", ["number", "created_at"])
    make(
        "finger_consent",
        number("employee_id"),
        text("basis"),
        text("alternative"),
        moment("withdrawn_at", needed=False),
        number("version", "1"),
        moment("updated_at", default=NOW),
        refers("finger_consent", "employee_id", "employee"),
        sa.CheckConstraint(
            "basis <> '' AND alternative <> ''", name=op.f("ck_finger_consent_written")
        ),
    )
    op.create_index("ix_finger_consent_employee", "finger_consent", ["employee_id", "id"])


def downgrade() -> None:
    for table in ("finger_consent", "pin_failure", "employee_pin"):
        op.drop_table(table)
