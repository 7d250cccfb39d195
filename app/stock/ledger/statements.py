"""The ledger's SQL: few statements, each for one entry as for a thousand.

Everything is locked in one order, so nobody waits in a circle:
1. the key; 2. products and locations, in share mode; 3. balances that are made, by place;
4. balances that were there, by place. Whoever waits at 3 holds no balance that others can
see yet, and whoever waits at 4 waits only for others at 4.

It is the driver's SQL, with `%(name)s`: this is the path that must be fast, and compiling
each statement anew took longer than running it.
"""

from typing import Any

from sqlalchemy import CursorResult

from app.core.db import db

CLAIM = """
    INSERT INTO posting (key, request_hash, result)
    VALUES (%(key)s, %(request_hash)s, '[]') ON CONFLICT DO NOTHING RETURNING id
"""

# Share mode: a location that is being blocked or emptied for good waits for us, or we for it.
GOODS = """
    SELECT id, sku, kind, is_active, tracking FROM product
    WHERE id = ANY(CAST(%(products)s AS bigint[]))
"""
PLACE = "SELECT id, code, kind, is_active, is_blocked FROM location"
PLACES = f"{PLACE} WHERE id = ANY(CAST(%(locations)s AS bigint[]))"
REFERENCES = f"""
    WITH goods AS ({GOODS} FOR KEY SHARE), places AS ({PLACES} FOR KEY SHARE)
    SELECT (SELECT json_agg(goods) FROM goods) AS goods,
           (SELECT json_agg(places) FROM places) AS places
"""  # noqa: S608  (our own words)

# Who blocks a lot waits for us, or we for them. Nothing is asked of goods that have no lot.
LOTS = """
    SELECT id, product_id, code, is_serial, blocked_at IS NOT NULL AS is_blocked,
           CAST(expires_on AS text), (
        SELECT place.code FROM stock_balance AS balance
        JOIN location AS place ON place.id = balance.location_id
        WHERE balance.serial_id = lot.id LIMIT 1
    ) AS lies_at
    FROM lot WHERE id = ANY(CAST(%(lots)s AS bigint[]))
"""
LOCK_LOTS = f"{LOTS} ORDER BY id FOR SHARE OF lot"

KEYS = """
    unnest(
        CAST(%(key_products)s AS bigint[]), CAST(%(key_locations)s AS bigint[]),
        CAST(%(key_lots)s AS bigint[])
    ) AS wanted (product_id, location_id, lot_id)
"""
FOUND = """
    FROM wanted JOIN stock_balance AS balance
      ON balance.product_id = wanted.product_id
     AND balance.location_id = wanted.location_id
     AND coalesce(balance.lot_id, 0) = wanted.lot_id
"""
# Quantities are text, since they travel as JSON.
BALANCE = """
    balance.id, balance.product_id, balance.location_id,
    coalesce(balance.lot_id, 0) AS lot_id, CAST(balance.on_hand AS text),
    CAST(balance.reserved AS text), balance.version, balance.is_doubted, balance.is_withheld
"""

# All of those that are `wanted`, or none: what is missing is made before any is locked.
BALANCES = f"""
    SELECT {BALANCE} {FOUND}
    WHERE (SELECT count(*) {FOUND}) = (SELECT count(*) FROM wanted)
    ORDER BY balance.product_id, balance.location_id, coalesce(balance.lot_id, 0)
    FOR UPDATE OF balance
"""  # noqa: S608  (our own words)
LOCK = f"""
    WITH wanted AS (SELECT * FROM {KEYS}), balances AS ({BALANCES})
    SELECT json_agg(balances) FROM balances
"""  # noqa: S608  (our own words)

# The place is named: what may be refused at the end of a statement decides no conflict.
MAKE = f"""
    INSERT INTO stock_balance AS balance (product_id, location_id, lot_id, is_serial)
    SELECT wanted.product_id, location_id, nullif(lot_id, 0), coalesce(lot.is_serial, false)
    FROM {KEYS}
    LEFT JOIN lot ON lot.id = nullif(wanted.lot_id, 0)
    ORDER BY wanted.product_id, location_id, lot_id
    ON CONFLICT (product_id, location_id, coalesce(lot_id, 0)) DO NOTHING
"""  # noqa: S608  (our own words)

# All that a posting begins with, in one round trip. The parts take their locks one after the
# other, in the order above: each asks how many rows the one before has, which PostgreSQL knows
# only when that is through. Where the key is somebody else's nothing is locked.
BEGIN = f"""
    WITH claim AS ({CLAIM}
    ), lots AS (
        {LOTS} AND (SELECT count(*) FROM claim) = 1 ORDER BY id FOR SHARE OF lot
    ), goods AS (
        {GOODS} AND (SELECT count(*) FROM claim) = 1 AND (SELECT count(*) FROM lots) >= 0
        FOR KEY SHARE
    ), places AS (
        {PLACES} AND (SELECT count(*) FROM claim) = 1 AND (SELECT count(*) FROM goods) >= 0
        FOR KEY SHARE
    ), wanted AS (
        SELECT wanted.* FROM {KEYS}
        JOIN places ON places.id = wanted.location_id
        WHERE places.kind = ANY(CAST(%(kept)s AS text[]))
    ), balances AS ({BALANCES})
    SELECT (SELECT id FROM claim) AS posting_id,
           (SELECT json_agg(lots) FROM lots) AS lots,
           (SELECT json_agg(goods) FROM goods) AS goods,
           (SELECT json_agg(places) FROM places) AS places,
           (SELECT json_agg(balances) FROM balances) AS balances
"""  # noqa: S608  (our own words)

# Where goods may be taken from, in the order of picking, and all of that locked. What was taken
# meanwhile shows in the balances; none is missing, since they are those of what is offered.
ALLOCATE = f"""
    WITH offered AS (
        SELECT balance.product_id, balance.location_id, coalesce(balance.lot_id, 0) AS lot_id
        FROM stock_balance AS balance
        JOIN location AS place ON place.id = balance.location_id
        JOIN product ON product.id = balance.product_id
        LEFT JOIN lot ON lot.id = balance.lot_id
        WHERE balance.product_id = ANY(CAST(%(products)s AS bigint[]))
          AND balance.location_id <> ALL(CAST(%(avoid)s AS bigint[]))
          AND balance.on_hand > balance.reserved
          AND NOT balance.is_doubted AND NOT balance.is_withheld
          AND place.kind IN ('bin', 'staging') AND place.is_active AND NOT place.is_blocked
          AND (product.is_active OR %(with_inactive)s)
          AND starts_with(place.path, %(within)s)
          AND coalesce(lot.expires_on >= %(lasts_until)s, true)
        ORDER BY balance.product_id, NOT place.is_pickable, lot.expires_on NULLS LAST,
                 place.pick_sequence, place.code, balance.lot_id, balance.id
    ), goods AS (
        {GOODS} AND id IN (SELECT product_id FROM offered) FOR KEY SHARE
    ), places AS (
        {PLACE} WHERE id IN (SELECT location_id FROM offered)
        AND (SELECT count(*) FROM goods) >= 0
        FOR KEY SHARE
    ), wanted AS (
        SELECT offered.* FROM offered JOIN places ON places.id = offered.location_id
    ), balances AS ({BALANCES})
    SELECT (SELECT json_agg(offered) FROM offered) AS offered,
           (SELECT json_agg(goods) FROM goods) AS goods,
           (SELECT json_agg(places) FROM places) AS places,
           (SELECT json_agg(balances) FROM balances) AS balances
"""  # noqa: S608  (our own words)

# One statement: nothing but the commit stands between the locks and their end.
WRITE = """
    WITH balances AS (
        UPDATE stock_balance AS balance
        SET on_hand = after.on_hand,
            reserved = after.reserved,
            counted_at = CASE WHEN after.is_counted THEN now() ELSE counted_at END,
            is_doubted = after.is_doubted,
            is_withheld = after.is_withheld,
            serial_id = CASE WHEN is_serial AND after.on_hand > 0 THEN lot_id END,
            version = version + 1
        FROM unnest(
            CAST(%(balances)s AS bigint[]), CAST(%(on_hand)s AS numeric[]),
            CAST(%(reserved)s AS numeric[]), CAST(%(counted)s AS boolean[]),
            CAST(%(doubted)s AS boolean[]), CAST(%(withheld)s AS boolean[])
        ) AS after (id, on_hand, reserved, is_counted, is_doubted, is_withheld)
        WHERE balance.id = after.id
    ), answer AS (
        UPDATE posting SET result = CAST(%(result)s AS jsonb) WHERE id = %(posting_id)s
    )
    INSERT INTO stock_movement (
        posting_id, actor_id, product_id, lot_id, from_location_id, to_location_id, quantity,
        reason, note, document_type, document_id, device, unit_cost, reverses_id, occurred_at
    )
    SELECT %(posting_id)s, %(actor_id)s, product_id, lot_id, from_location_id, to_location_id,
           quantity, reason, note, document_type, document_id, device, unit_cost, reverses_id,
           coalesce(occurred_at, now())
    FROM unnest(
        CAST(%(product_id)s AS bigint[]), CAST(%(lot_id)s AS bigint[]),
        CAST(%(from_location_id)s AS bigint[]), CAST(%(to_location_id)s AS bigint[]),
        CAST(%(quantity)s AS numeric[]), CAST(%(reason)s AS text[]), CAST(%(note)s AS text[]),
        CAST(%(document_type)s AS text[]), CAST(%(document_id)s AS bigint[]),
        CAST(%(device)s AS text[]), CAST(%(unit_cost)s AS numeric[]),
        CAST(%(reverses_id)s AS bigint[]),
        CAST(%(occurred_at)s AS timestamptz[])
    ) WITH ORDINALITY AS moved (
        product_id, lot_id, from_location_id, to_location_id, quantity, reason, note,
        document_type, document_id, device, unit_cost, reverses_id, occurred_at, line
    )
    ORDER BY line
    RETURNING id
"""

# The version stays: a reservation moves nothing, so it is no conflict for who is counting.
RESERVE = """
    UPDATE stock_balance AS balance
    SET reserved = after.reserved
    FROM unnest(
        CAST(%(balances)s AS bigint[]), CAST(%(reserved)s AS numeric[])
    ) AS after (id, reserved)
    WHERE balance.id = after.id
"""

DOUBT = """
    UPDATE stock_balance SET is_doubted = true
    WHERE product_id = %(product)s AND location_id = %(location)s AND on_hand > 0
"""

# When the goods were counted before a count that is undone.
FORGET_COUNT = """
    UPDATE stock_balance SET counted_at = %(before)s
    WHERE product_id = %(product)s AND location_id = %(location)s
      AND coalesce(lot_id, 0) = %(lot)s
"""

BELIEVE = """
    UPDATE stock_balance SET is_doubted = false
    WHERE product_id = %(product)s AND location_id = %(location)s
"""


def run(statement: str, values: dict[str, Any]) -> CursorResult[Any]:
    """Send the driver's SQL in the current transaction."""
    return db.session().connection().exec_driver_sql(statement, values)
