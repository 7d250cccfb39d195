"""Costs take a permission: roles that people made keep what they work with.

Those are the ones that change or import products, or approve counts, which says what they are
worth. Built-in roles are given it at setup, as whatever a release adds.
"""

from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "UPDATE role SET permissions = array_append(permissions, 'products.costs')"
        " WHERE NOT is_built_in AND permissions &&"
        " ARRAY['products.edit', 'products.import', 'counting.approve']"
        " AND NOT 'products.costs' = ANY(permissions)"
    )


def downgrade() -> None:
    op.execute(
        "UPDATE role SET permissions = array_remove(permissions, 'products.costs'),"
        " offered = array_remove(offered, 'products.costs')"
    )
