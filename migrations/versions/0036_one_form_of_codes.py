"""Codes that differ in case or in what nobody sees are one; those of today are listed.

Two rows that have one code already stay: all but the first get a number, `twin`, that is part
of the unique index, and people are told where to see them. A code that is changed is none.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations.indexes import create_index, drop_index

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

# The letters that `app.core.codes` names: not drawn, and blanks. A code of plain ASCII without
# blanks, as nearly all are, needs none of that.
FUNCTIONS = r"""
CREATE FUNCTION normal_code(text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS
$$ SELECT CASE WHEN $1 ~ '^[!-~]*$' THEN lower($1) ELSE
    lower(normalize(btrim(regexp_replace(regexp_replace($1,
        '[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e'
        '\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3'
        '\U0001d173-\U0001d17a\U000e0000-\U000e0fff]+', '', 'g'),
        '[\u0009-\u000d\u001c-\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f'
        '\u3000]+', ' ', 'g'), ' '), NFC)) END $$;

CREATE OR REPLACE FUNCTION barcode_key(text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS
$$ SELECT CASE WHEN $1 ~ '^([0-9]{8}|[0-9]{12,14})$' THEN lpad($1, 14, '0')
    WHEN public.normal_code($1) ~ '^([0-9]{8}|[0-9]{12,14})$'
        THEN lpad(public.normal_code($1), 14, '0')
    ELSE public.normal_code($1) END $$;

-- The one product with a SKU. Of twins it is the one that is written just so, or none. Like the
-- next one it is asked for at every scan, and plpgsql keeps the plan.
CREATE FUNCTION product_with_sku(asked text) RETURNS bigint
    LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS $$
DECLARE
    wanted text := public.normal_code(asked);
BEGIN
    RETURN (SELECT CASE WHEN count(*) = 1 THEN min(id)
            ELSE min(id) FILTER (WHERE sku = asked) END
        FROM public.product WHERE public.normal_code(sku) = wanted);
END $$;

-- The one location with a code, or else with a barcode.
CREATE FUNCTION location_with_code(asked text) RETURNS bigint
    LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS $$
DECLARE
    wanted text := public.normal_code(asked);
    wanted_key text := public.barcode_key(asked);
BEGIN
    RETURN coalesce(
        (SELECT id FROM public.location WHERE lower(code) = wanted),
        (SELECT CASE WHEN count(*) = 1 THEN min(id)
            ELSE min(id) FILTER (WHERE barcode = asked) END
        FROM public.location WHERE public.barcode_key(barcode) = wanted_key));
END $$;

CREATE FUNCTION is_no_twin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.twin := 0;
    RETURN NEW;
END $$;
"""
OLD_BARCODE_KEY = r"""
CREATE OR REPLACE FUNCTION barcode_key(text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS
$$ SELECT CASE WHEN $1 ~ '^([0-9]{8}|[0-9]{12,14})$' THEN lpad($1, 14, '0') ELSE $1 END $$;
"""
# Blanks that do not break, and the ideographic one, are blanks to who searches.
SEARCH_TEXT = r"""
CREATE OR REPLACE FUNCTION search_text(text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS
$$ SELECT lower(public.unaccent('public.unaccent'::regdictionary,
    translate($1, U&'\00a0\2007\202f\3000', '    '))) $$;
"""
OLD_SEARCH_TEXT = """
CREATE OR REPLACE FUNCTION search_text(text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS
$$ SELECT lower(public.unaccent('public.unaccent'::regdictionary, $1)) $$;
"""
# table -> the column of the code, and what else makes two of them one
TWINS = {
    "product": ("sku", ["normal_code(sku)"]),
    "barcode": ("code", ["barcode_key(code)"]),
    "location": ("barcode", ["barcode_key(barcode)"]),
    "vendor_part": ("part_number", ["vendor_id", "normal_code(part_number)", "product_id"]),
}
MARK = """
UPDATE {table} SET twin = ranked.place
FROM (SELECT id, row_number() OVER (PARTITION BY {same} ORDER BY id) - 1 AS place
    FROM {table} WHERE {code} IS NOT NULL) AS ranked
WHERE ranked.id = {table}.id AND ranked.place > 0
"""
TRIGGER = """
CREATE TRIGGER is_no_twin BEFORE UPDATE OF {code} ON {table} FOR EACH ROW
WHEN (old.twin <> 0 AND {key}(new.{code}) IS DISTINCT FROM {key}(old.{code}))
EXECUTE FUNCTION is_no_twin()
"""
TELL = """
INSERT INTO alert (key, permission, kind, title, text, href)
SELECT 'catalog:twins', 'products.edit', 'warning', 'Codes that are there twice',
    'Some codes differ only in capitals or in what cannot be seen. Nobody can tell which one '
    'a scan or a file means: give all but one of them another code.', '/stock/twins'
WHERE EXISTS (SELECT FROM product WHERE twin > 0) OR EXISTS (SELECT FROM barcode WHERE twin > 0)
    OR EXISTS (SELECT FROM location WHERE twin > 0)
    OR EXISTS (SELECT FROM vendor_part WHERE twin > 0)
ON CONFLICT DO NOTHING
"""


def upgrade() -> None:
    op.execute(FUNCTIONS)
    op.execute(SEARCH_TEXT)
    op.add_column(
        "barcode", sa.Column("is_own", sa.Boolean(), server_default="false", nullable=False)
    )
    op.add_column(
        "import_run", sa.Column("notices", JSONB(), server_default="[]", nullable=False)
    )
    for table, (code, same) in TWINS.items():
        twin = sa.Column("twin", sa.BigInteger(), server_default="0", nullable=False)
        op.add_column(table, twin)
        op.execute(MARK.format(table=table, code=code, same=", ".join(same)))
        key = "barcode_key" if table in ("barcode", "location") else "normal_code"
        op.execute(TRIGGER.format(table=table, code=code, key=key))
    op.execute(TELL)
    for name, table, same in NEW:
        create_index(name, table, [*map(sa.text, same), "twin"], unique=True)
    drop_index("uq_barcode_key", "barcode")
    create_index("ix_barcode_key", "barcode", ["key"])
    drop_index("uq_location_barcode", "location")
    op.execute("UPDATE barcode SET code = code WHERE key <> barcode_key(code)")


NEW = [
    ("uq_product_normal_sku", "product", TWINS["product"][1]),
    ("uq_barcode_normal_code", "barcode", TWINS["barcode"][1]),
    ("uq_location_normal_barcode", "location", TWINS["location"][1]),
    ("uq_vendor_part_normal_number", "vendor_part", TWINS["vendor_part"][1]),
]


def downgrade() -> None:
    for name, table, _same in NEW:
        drop_index(name, table)
    drop_index("ix_barcode_key", "barcode")
    for table in TWINS:
        op.execute(f"DROP TRIGGER is_no_twin ON {table}")
        op.drop_column(table, "twin")
    op.drop_column("barcode", "is_own")
    op.drop_column("import_run", "notices")
    op.execute("DROP FUNCTION product_with_sku, location_with_code, is_no_twin")
    op.execute(OLD_BARCODE_KEY)
    op.execute(OLD_SEARCH_TEXT)
    op.execute("DROP FUNCTION normal_code")
    op.execute("UPDATE barcode SET code = code WHERE key <> barcode_key(code)")
    create_index("uq_barcode_key", "barcode", ["key"], unique=True)
    create_index("uq_location_barcode", "location", ["barcode"], unique=True)
