"""What is blocked, or expires sooner than it may, is on hand and never available."""

from collections.abc import Collection

from app.core.db import transaction
from app.core.events import publish
from app.stock.events import StockFreed, StockMoved
from app.stock.ledger import statements
from app.stock.remaining_life import must_last_until

# In the ledger's order. A lot that is being blocked is locked before its balances.
LOCK = """
    SELECT balance.id, balance.product_id, balance.location_id,
           balance.is_withheld, balance.on_hand > balance.reserved AS has_free,
           lot.blocked_at IS NOT NULL
               OR coalesce(lot.expires_on < %(lasts_until)s, false) AS is_due
    FROM stock_balance AS balance JOIN lot ON lot.id = balance.lot_id
    WHERE balance.lot_id = ANY(CAST(%(lots)s AS bigint[]))
    ORDER BY balance.product_id, balance.location_id, balance.lot_id
    FOR UPDATE OF balance
"""
SET = """
    UPDATE stock_balance SET is_withheld = NOT is_withheld
    WHERE id = ANY(CAST(%(balances)s AS bigint[]))
"""
# What has expired since the last look, or was told another day.
OUTDATED = """
    SELECT DISTINCT lot.id FROM stock_balance AS balance JOIN lot ON lot.id = balance.lot_id
    WHERE balance.lot_id IS NOT NULL AND balance.is_withheld
        <> (lot.blocked_at IS NOT NULL OR coalesce(lot.expires_on < %(lasts_until)s, false))
    ORDER BY lot.id LIMIT %(most)s
"""
BATCH = 1_000  # lots


def withhold(lot_ids: Collection[int]) -> int:
    """Make the balances of some lots say what their lots say; give how many did not."""
    day = {"lasts_until": must_last_until(), "lots": [*lot_ids]}
    with transaction() as session:
        session.flush()
        held = statements.run(LOCK, day).all() if lot_ids else []
        wrong = [row for row in held if row.is_withheld != row.is_due]
        if not wrong:
            return 0
        statements.run(SET, {"balances": [row.id for row in wrong]})
        publish(
            StockMoved(
                product_ids=sorted({row.product_id for row in wrong}),
                location_ids=sorted({row.location_id for row in wrong}),
            )
        )
        freed = {row.product_id for row in wrong if not row.is_due and row.has_free}
        if freed:
            publish(StockFreed(product_ids=sorted(freed)))
    return len(wrong)


def withhold_expired() -> int:
    """Withhold what has expired since the last look, in parts; give how many balances."""
    changed = 0
    while True:
        with transaction():
            found = statements.run(OUTDATED, {"lasts_until": must_last_until(), "most": BATCH})
            lots = [*found.scalars()]
            changed += withhold(lots)
        if len(lots) < BATCH:
            return changed
