"""One posting per key: the first request writes it, every other one reads it."""

from typing import Any

from sqlalchemy import select

from app.core.db import db
from app.core.errors import Invalid
from app.core.idempotency import KeyReused
from app.stock.ledger import statements
from app.stock.ledger.posted import Posted, PostedBalance
from app.stock.models import Movement, Posting

LONGEST_KEY = 300


def claim(key: str, request_hash: str) -> int | None:
    """Write the posting of a key, or hear (None) that there is one.

    A second request with the key waits here, holding nothing, until the first has ended.
    """
    refuse_length(key)
    values = {"key": key, "request_hash": request_hash}
    number: int | None = statements.run(statements.CLAIM, values).scalar()
    return number


def refuse_length(key: str) -> None:
    """Refuse a key that is empty, or longer than a key has to be.

    Raises:
        Invalid: It is.
    """
    if not 0 < len(key) <= LONGEST_KEY:
        raise Invalid("key", f"A key has 1 to {LONGEST_KEY} characters.")


def earlier(key: str, request_hash: str) -> Posted | None:
    """Give the answer that a request with this key has had, if there was one.

    Raises:
        KeyReused: The key belongs to another request.
    """
    row = kept(key, request_hash)
    if row is None:
        return None
    movements = select(Movement.id).where(Movement.posting_id == row.id).order_by(Movement.id)
    return Posted(
        id=row.id,
        movement_ids=tuple(db.session.scalars(movements)),
        balances=tuple(PostedBalance.from_json(balance) for balance in row.result),
        is_repeat=True,
    )


def kept(key: str, request_hash: str) -> Any:
    """Give id and result of the posting with a key, if there is one.

    Raises:
        KeyReused: The key belongs to another request.
    """
    columns = select(Posting.id, Posting.request_hash, Posting.result)
    row = db.session.execute(columns.where(Posting.key == key)).one_or_none()
    if row is not None and row.request_hash != request_hash:
        raise KeyReused("This key belongs to another request.")
    return row
