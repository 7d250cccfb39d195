"""Search: functions that find ids in stages, and indexes for the ends of part numbers.

A function rather than a statement: its plans are kept, a stage that is not needed costs
nothing, and what was found is left out by id.
"""

from alembic import op

from migrations.search_function import CODE, FUNCTION

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# Codes that stand in tables beside the product: several may lead to one product, so a few
# more are looked at.
PART_CODES = r"""
    hits := ARRAY(
        SELECT id FROM product WHERE sku_key = code
        UNION SELECT product_id FROM barcode
        WHERE key IN (typed, barcode_key(typed), barcode_key(code))
        UNION SELECT product_id FROM vendor_part WHERE part_key = code
        LIMIT most);
    hits := hits || ARRAY(
        SELECT id FROM product
        WHERE sku_key ~>=~ code AND sku_key ~<~ (code || beyond) AND code <> ''
        AND id <> ALL (hits)
        ORDER BY sku_key USING ~<~ LIMIT most - cardinality(hits));
    hits := hits || ARRAY(
        SELECT DISTINCT product_id FROM (
            (SELECT product_id FROM barcode
             WHERE barcode.code ~>=~ typed AND barcode.code ~<~ (typed || beyond)
             ORDER BY barcode.code USING ~<~ LIMIT most * 4)
            UNION ALL
            (SELECT product_id FROM vendor_part
             WHERE part_key ~>=~ code AND part_key ~<~ (code || beyond) AND code <> ''
             ORDER BY part_key USING ~<~ LIMIT most * 4)
        ) AS begun WHERE product_id <> ALL (hits) LIMIT most - cardinality(hits));
"""
PART_ENDS = r"""
    IF cardinality(hits) < most AND code ~ '[[:alnum:]]{3}' THEN
        one := '%' || regexp_replace(code, '([\\%_])', '\\\1', 'g') || '%';
        hits := hits || ARRAY(
            SELECT DISTINCT product_id FROM (
                (SELECT product_id FROM barcode WHERE barcode.code ILIKE one LIMIT most * 4)
                UNION ALL
                (SELECT product_id FROM vendor_part WHERE part_key LIKE one LIMIT most * 4)
            ) AS ended WHERE product_id <> ALL (hits) LIMIT most - cardinality(hits));
    END IF;
"""
FUNCTIONS = {
    "search_customers": (
        "customer",
        "search",
        CODE.substitute(table="customer", key="code_key"),
        "",
    ),
    "search_vendors": ("vendor", "search", CODE.substitute(table="vendor", key="code_key"), ""),
    "search_products": (
        "product",
        "search",
        CODE.substitute(table="product", key="sku_key"),
        "",
    ),
    "search_descriptions": ("product", "description_search", "", ""),
    "search_parts": ("product", "search", PART_CODES, PART_ENDS),
}
INSIDE = (
    ("ix_barcode_code_inside", "barcode", "code"),
    ("ix_vendor_part_part_key_inside", "vendor_part", "part_key"),
)
# New rows wait in a list that every search reads from end to end: keep it short.
SHORT_LIST = {"gin_pending_list_limit": 256}  # kB
OLDER = (
    "ix_product_search",
    "ix_product_description_search",
    "ix_customer_search",
    "ix_vendor_search",
)


def upgrade() -> None:
    for index, table, column in INSIDE:
        op.create_index(
            index,
            table,
            [column],
            postgresql_using="gin",
            postgresql_ops={column: "gin_trgm_ops"},
            postgresql_with=SHORT_LIST,
        )
    for index in OLDER:
        op.execute(f"ALTER INDEX {index} SET (gin_pending_list_limit = 256)")
    op.execute("SELECT show_limit()")  # loads pg_trgm, which knows the setting below
    for name, (table, text, codes, inside) in FUNCTIONS.items():
        parts = {"table": table, "text": text, "codes": codes, "inside": inside}
        op.execute(FUNCTION.substitute(parts, name=name))


def downgrade() -> None:
    for name in FUNCTIONS:
        op.execute(f"DROP FUNCTION {name}")
    for index, table, _column in INSIDE:
        op.drop_index(index, table)
    for index in OLDER:
        op.execute(f"ALTER INDEX {index} RESET (gin_pending_list_limit)")
