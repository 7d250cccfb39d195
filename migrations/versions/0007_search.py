"""Search: functions that find ids in stages, and indexes for the ends of part numbers.

A function rather than a statement: its plans are kept, a stage that is not needed costs
nothing, and what was found is left out by id.
"""

from string import Template

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# `most` ids for what somebody typed, the best first: codes that are equal, codes and names
# that begin with it, texts with words that begin with its words, texts that have its words
# anywhere, and only if that finds nothing, texts that are alike. All words must match.
#
# What bounds the cost at any size: codes and names are ranges of a btree. A word that most
# rows have is hits in the first 500 rows, so the long lists of its trigrams are not read.
# A pattern that holds no whole trigram (see `usable`) would read the entire index, and is
# not tried. Sequential scans are off, since the plan may not depend on who asked first.
FUNCTION = Template(r"""
CREATE FUNCTION $name(term text, most int) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE ROWS 15
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
SET pg_trgm.word_similarity_threshold = 0.5
AS $$fn$$
#variable_conflict use_variable
DECLARE
    typed text := btrim(term);
    wanted text := search_text(regexp_replace(typed, '\s+', ' ', 'g'));
    code text := code_key(typed);
    plain text := regexp_replace(wanted, '([\\%_])', '\\\1', 'g');
    usable text := '[[:alnum:]]{3}|[^[:alnum:]][[:alnum:]]|[[:alnum:]]{2}[^[:alnum:]]';
    words text[] := ARRAY(
        SELECT word FROM unnest(string_to_array(plain, ' ')) AS word
        ORDER BY word ~ usable DESC, char_length(regexp_replace(word, '\W', '', 'g')) DESC);
    beyond text := chr(1114111);
    anywhere text[];
    hits bigint[] := '{}';
    stage int;
    before text;
    parts text[];
    one text; two text; three text; rest text[];
BEGIN
    $codes
    hits := hits || ARRAY(
        SELECT id FROM $table
        WHERE name_key ~>=~ wanted AND name_key ~<~ (wanted || beyond) AND id <> ALL (hits)
        ORDER BY name_key USING ~<~ LIMIT most - cardinality(hits));

    anywhere := CASE WHEN words[1] ~ usable THEN words
        WHEN plain ~ usable THEN ARRAY[plain] END;
    FOR stage IN 1..3 LOOP
        EXIT WHEN cardinality(hits) >= most;
        before := CASE stage WHEN 1 THEN '% ' ELSE '%' END;
        parts := CASE
            WHEN stage = 1 AND wanted ~ '[[:alnum:]]' THEN words
            WHEN stage = 2 THEN anywhere
            WHEN stage = 3 AND code <> wanted AND code ~ '[[:alnum:]]{3}'
                THEN ARRAY[regexp_replace(code, '([\\%_])', '\\\1', 'g')] END;
        CONTINUE WHEN parts IS NULL;
        one := before || parts[1] || '%';
        two := coalesce(before || parts[2] || '%', '%');
        three := coalesce(before || parts[3] || '%', '%');
        rest := ARRAY(SELECT before || part || '%' FROM unnest(parts[4:]) AS part);
        hits := hits || ARRAY(
            SELECT id FROM (SELECT id, $text AS body FROM $table ORDER BY id LIMIT 500) AS oldest
            WHERE body LIKE one AND body LIKE two AND body LIKE three AND body LIKE ALL (rest)
            AND id <> ALL (hits) LIMIT most - cardinality(hits));
        EXIT WHEN cardinality(hits) >= most;
        hits := hits || ARRAY(
            SELECT id FROM $table
            WHERE $text LIKE one AND $text LIKE two AND $text LIKE three
            AND $text LIKE ALL (rest)
            AND id <> ALL (hits) LIMIT most - cardinality(hits));
    END LOOP;
    $inside
    IF cardinality(hits) = 0 AND char_length(wanted) <= 40 AND wanted ~ '[[:alnum:]]{4}' THEN
        hits := ARRAY(
            SELECT id FROM (
                SELECT id, $text AS body FROM $table WHERE wanted <% $text LIMIT most
            ) AS alike ORDER BY wanted <<-> body, id);
    END IF;
    RETURN QUERY SELECT unnest(hits);
END $$fn$$;
""")

CODE = Template(r"""
    hits := hits || ARRAY(
        SELECT id FROM $table WHERE $key = code ORDER BY id LIMIT most);
    hits := hits || ARRAY(
        SELECT id FROM $table
        WHERE $key ~>=~ code AND $key ~<~ (code || beyond) AND code <> ''
        AND id <> ALL (hits)
        ORDER BY $key USING ~<~ LIMIT most - cardinality(hits));
""")

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
