"""The ledger's SQL: few statements, each for one entry as for a thousand.

Everything is locked in one order, so nobody waits in a circle:
1. the key; 2. products and locations, in share mode; 3. balances that are made, by place;
4. balances that were there, by place. Whoever waits at 3 holds no balance that others can
see yet, and whoever waits at 4 waits only for others at 4.
"""

from sqlalchemy import text

# Share mode: a location that is being blocked or emptied for good waits for us, or we for it.
FACTS = text("""
    WITH goods AS (
        SELECT id, sku, is_active FROM product
        WHERE id = ANY(CAST(:products AS bigint[])) FOR KEY SHARE
    ), places AS (
        SELECT id, code, kind, is_active, is_blocked FROM location
        WHERE id = ANY(CAST(:locations AS bigint[])) FOR KEY SHARE
    )
    SELECT 'product', id, sku, '', is_active, false FROM goods
    UNION ALL
    SELECT 'location', id, code, kind, is_active, is_blocked FROM places
""")

LOTS = text("SELECT id, product_id FROM lot WHERE id = ANY(CAST(:lots AS bigint[]))")

FIND = """
    FROM unnest(
        CAST(:products AS bigint[]), CAST(:locations AS bigint[]), CAST(:lots AS bigint[])
    ) AS wanted (product_id, location_id, lot_id)
    JOIN stock_balance AS balance
      ON balance.product_id = wanted.product_id
     AND balance.location_id = wanted.location_id
     AND coalesce(balance.lot_id, 0) = wanted.lot_id
"""

SEEN = text(f"""
    SELECT wanted.product_id, wanted.location_id, wanted.lot_id {FIND}
""")

MAKE = text("""
    INSERT INTO stock_balance (product_id, location_id, lot_id)
    SELECT product_id, location_id, nullif(lot_id, 0)
    FROM unnest(
        CAST(:products AS bigint[]), CAST(:locations AS bigint[]), CAST(:lots AS bigint[])
    ) AS wanted (product_id, location_id, lot_id)
    ORDER BY product_id, location_id, lot_id
    ON CONFLICT DO NOTHING
""")

LOCK = text(f"""
    SELECT balance.id, balance.product_id, balance.location_id,
           coalesce(balance.lot_id, 0) AS lot_id,
           balance.on_hand, balance.reserved, balance.version
    {FIND}
    ORDER BY balance.product_id, balance.location_id, coalesce(balance.lot_id, 0)
    FOR UPDATE OF balance
""")

# One statement: nothing but the commit stands between the locks and their end.
WRITE = text("""
    WITH balances AS (
        UPDATE stock_balance AS balance
        SET on_hand = after.on_hand,
            reserved = after.reserved,
            counted_at = CASE WHEN after.is_counted THEN now() ELSE counted_at END,
            version = version + 1
        FROM unnest(
            CAST(:balances AS bigint[]), CAST(:on_hand AS numeric[]),
            CAST(:reserved AS numeric[]), CAST(:counted AS boolean[])
        ) AS after (id, on_hand, reserved, is_counted)
        WHERE balance.id = after.id
    ), answer AS (
        UPDATE posting SET result = CAST(:result AS jsonb) WHERE id = :posting_id
    )
    INSERT INTO stock_movement (
        posting_id, actor_id, product_id, lot_id, from_location_id, to_location_id, quantity,
        reason, note, source_type, source_id, device, unit_cost, reverses_id, occurred_at
    )
    SELECT :posting_id, :actor_id, product_id, lot_id, from_location_id, to_location_id,
           quantity, reason, note, source_type, source_id, device, unit_cost, reverses_id,
           coalesce(occurred_at, now())
    FROM unnest(
        CAST(:product_id AS bigint[]), CAST(:lot_id AS bigint[]),
        CAST(:from_location_id AS bigint[]), CAST(:to_location_id AS bigint[]),
        CAST(:quantity AS numeric[]), CAST(:reason AS text[]), CAST(:note AS text[]),
        CAST(:source_type AS text[]), CAST(:source_id AS bigint[]), CAST(:device AS text[]),
        CAST(:unit_cost AS numeric[]), CAST(:reverses_id AS bigint[]),
        CAST(:occurred_at AS timestamptz[])
    ) WITH ORDINALITY AS moved (
        product_id, lot_id, from_location_id, to_location_id, quantity, reason, note,
        source_type, source_id, device, unit_cost, reverses_id, occurred_at, line
    )
    ORDER BY line
    RETURNING id
""")

PROMISE = text("""
    UPDATE stock_balance AS balance
    SET reserved = after.reserved, version = version + 1
    FROM unnest(
        CAST(:balances AS bigint[]), CAST(:reserved AS numeric[])
    ) AS after (id, reserved)
    WHERE balance.id = after.id
""")
