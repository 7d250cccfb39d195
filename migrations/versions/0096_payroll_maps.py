"""Columns of files for payroll, as people write them down."""

import sqlalchemy as sa
from alembic import op

revision = "0096"
down_revision = "0095"
branch_labels = None
depends_on = None

NOW = sa.text("now()")


def text(name: str, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default=default, nullable=False)


def flag(name: str, default: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), server_default=default, nullable=False)


def moment(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), server_default=NOW, nullable=False)


def among(name: str, words: tuple[str, ...]) -> sa.CheckConstraint:
    return sa.CheckConstraint(f"{name} IN {words}", name=op.f(f"ck_payroll_map_{name}"))


def upgrade() -> None:
    op.create_table(
        "payroll_map",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        text("name"),
        flag("adds", "true"),
        flag("is_long", "false"),
        text("separator", "comma"),
        text("encoding", "utf-8"),
        text("decimal_mark", "point"),
        text("day_format", "iso"),
        flag("has_header", "true"),
        text("above", ""),
        text("columns"),
        text("codes", ""),
        text("file_name"),
        moment("created_at"),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        moment("updated_at"),
        among("separator", ("comma", "semicolon", "tab")),
        among("encoding", ("utf-8", "utf-8-sig", "cp1252")),
        among("decimal_mark", ("point", "comma")),
        among("day_format", ("iso", "us", "german", "slashes")),
        sa.CheckConstraint("columns <> ''", name=op.f("ck_payroll_map_columns")),
        sa.PrimaryKeyConstraint("id", name="pk_payroll_map"),
    )
    op.create_index("uq_payroll_map_name", "payroll_map", [sa.text("lower(name)")], unique=True)


def downgrade() -> None:
    op.drop_table("payroll_map")
