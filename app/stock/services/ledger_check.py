"""The nightly proof that balances follow from the ledger."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import func, select

from app.catalog.models import Product
from app.core.alerts import close_alert, raise_alert
from app.core.db import db, end_transaction
from app.core.quantities import plain
from app.stock import queries
from app.stock.errors import LedgerDiffers

BATCH = 5_000  # products
NAMED = 20
KEY = "stock:ledger"


def check_ledger(report: Callable[[int, int], None]) -> dict[str, int]:
    """Check every balance against its movements and reservations.

    `report` hears how many products are done, of how many.

    Raises:
        LedgerDiffers: Some do not agree. Nothing is mended: people must see it.
    """
    last_id = db.session.scalar(select(func.max(Product.id))) or 0
    wrong: list[str] = []
    for first in range(1, last_id + 1, BATCH):
        until = min(first + BATCH - 1, last_id)
        wrong += map(_sentence, db.session.execute(queries.differences(first, until)))
        end_transaction()
        report(until, last_id)
    if wrong:
        _tell(wrong)
        raise LedgerDiffers(f"{len(wrong)} balances differ: {'; '.join(wrong[:NAMED])}")
    close_alert(KEY)
    return {"products": last_id, "differences": 0}


def _tell(wrong: list[str]) -> None:
    """Say it before the job fails, in a transaction of its own."""
    number = "One balance does" if len(wrong) == 1 else f"{len(wrong):,} balances do"
    raise_alert(
        kind="stock.ledger",
        key=KEY,
        title=f"{number} not follow from the stock ledger",
        text=f"{wrong[0]}. Count what lies there; nothing is mended by itself.",
        href="/movements",
    )
    end_transaction()


def _sentence(row: Any) -> str:
    held = f"{row.sku} at {row.code}: {plain(row.on_hand)} on hand, {plain(row.moved)} moved"
    return f"{held}; {plain(row.reserved)} reserved, {plain(row.reservations)} by reservations"
