"""Scenarios of a cycle: copied under a name, adjusted by themselves, adopted or discarded."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0190"
down_revision = "0184"
branch_labels = None
depends_on = None

NOW = sa.text("now()")
NAME, ROW, ADJUSTMENT = "planning_scenario", "planning_scenario_row", "planning_adjustment"


def upgrade() -> None:
    _create_scenarios()
    _create_rows()
    op.add_column(ADJUSTMENT, sa.Column("scenario_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        f"fk_{ADJUSTMENT}_scenario_id",
        ADJUSTMENT,
        NAME,
        ["scenario_id"],
        ["id"],
        ondelete="CASCADE",
    )
    op.create_index(
        f"ix_{ADJUSTMENT}_scenario",
        ADJUSTMENT,
        ["scenario_id"],
        postgresql_where=sa.text("scenario_id IS NOT NULL"),
    )


def downgrade() -> None:
    # Those of scenarios would count in the consensus.
    op.execute(f"DELETE FROM {ADJUSTMENT} WHERE scenario_id IS NOT NULL")  # noqa: S608
    op.drop_column(ADJUSTMENT, "scenario_id")
    for table in (ROW, NAME):
        op.drop_table(table)


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False)


def _created() -> sa.Column[object]:
    return sa.Column(
        "created_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False
    )


def _number(name: str, *, nullable: bool = True) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _refers(
    table: str, column: str, target: str, ondelete: str | None = None
) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=f"fk_{table}_{column}", ondelete=ondelete
    )


def _create_scenarios() -> None:
    op.create_table(
        NAME,
        _id(),
        _number("cycle_id", nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("status", sa.Text(), server_default="open", nullable=False),
        _number("actor_id"),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        _number("decided_by_id"),
        _created(),
        sa.CheckConstraint(
            "status IN ('open', 'adopted', 'discarded')", name=op.f(f"ck_{NAME}_status")
        ),
        sa.CheckConstraint("name <> ''", name=op.f(f"ck_{NAME}_name")),
        sa.CheckConstraint(
            "(status = 'open') = (decided_at IS NULL)", name=op.f(f"ck_{NAME}_decided")
        ),
        _refers(NAME, "cycle_id", "planning_cycle", "CASCADE"),
        _refers(NAME, "actor_id", "user_account"),
        _refers(NAME, "decided_by_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{NAME}"),
        sa.UniqueConstraint("cycle_id", "name", name=f"uq_{NAME}_cycle_id_name"),
    )


def _create_rows() -> None:
    op.create_table(
        ROW,
        _id(),
        _number("scenario_id", nullable=False),
        _number("scope_id", nullable=False),
        sa.Column("quantities", ARRAY(sa.Numeric(14, 3)), nullable=False),
        _created(),
        _refers(ROW, "scenario_id", NAME, "CASCADE"),
        _refers(ROW, "scope_id", "planning_scope", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{ROW}"),
        sa.UniqueConstraint("scenario_id", "scope_id", name=f"uq_{ROW}_scenario_id_scope_id"),
    )
    op.create_index(f"ix_{ROW}_scope", ROW, ["scope_id"])
