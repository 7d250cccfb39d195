"""One transfer under lock, and its figures counted anew from the steps that stand."""

from collections import defaultdict
from decimal import Decimal

from sqlalchemy import select

from app.core.db import db, locked
from app.transfers import queries
from app.transfers.models import Transfer

ZERO = Decimal(0)


def locked_transfer(transfer_id: int) -> Transfer:
    """Lock a transfer, and give it with its lines and steps as they are now."""
    one = select(Transfer).where(Transfer.id == transfer_id)
    db.session.scalars(locked(one, Transfer)).one()
    return fresh_transfer(transfer_id)


def fresh_transfer(transfer_id: int) -> Transfer:
    """Give a transfer with all that its page names, read anew."""
    db.session.flush()
    query = queries.transfer(transfer_id).execution_options(populate_existing=True)
    return db.session.scalars(query).one()


def recount(transfer: Transfer) -> None:
    """Say of each line what was sent, received, lost and found, and of the whole its state."""
    db.session.flush()
    sums: dict[tuple[int, str], Decimal] = defaultdict(lambda: ZERO)
    for line_id, kind, word, quantity in db.session.execute(queries.counted_of(transfer.id)):
        sums[line_id, _column(kind, word)] += quantity
    for line in transfer.lines:
        line.sent = sums[line.id, "sent"]
        line.received = sums[line.id, "received"]
        line.lost, line.found = sums[line.id, "lost"], sums[line.id, "found"]
    transfer.status = _status(transfer)
    db.session.flush()


def _column(kind: str, word: str) -> str:
    if kind != "explained":
        return kind
    return "found" if word == "found" else "lost"


def _status(transfer: Transfer) -> str:
    """Nothing has left, or is left to come, or the state between."""
    if not any(line.sent for line in transfer.lines):
        return "draft"
    is_over = transfer.is_complete or all(line.to_send == 0 for line in transfer.lines)
    if is_over and transfer.on_the_way == 0:
        return "received"
    has_come = any(line.received or line.lost for line in transfer.lines)
    return "partly" if has_come else "sent"
