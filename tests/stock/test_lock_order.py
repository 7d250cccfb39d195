"""Who waits while posting holds nothing that another one could be waiting for."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from app.core.db import db
from app.stock.ledger import Move, Posted, post, statements
from tests.factories import LocationFactory
from tests.stock.conftest import place, stocked
from tests.waiting import until

pytestmark = pytest.mark.committed

WAITS = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"


@pytest.fixture
def move(session: Session) -> Move:
    """Goods go to a bin where none of them has ever been."""
    product, empty = stocked(5), LocationFactory.create()
    main = place("MAIN-01")
    ends: dict[str, Any] = {"from_location_id": main.id, "to_location_id": empty.id}
    session.commit()
    return Move(product_id=product.id, quantity=Decimal(1), reason="moved", **ends)


@contextmanager
def posting(app: Flask, move: Move) -> Iterator[Future[Posted]]:
    """Post in a thread, and go on when that waits for a lock."""

    def work() -> Posted:
        with app.app_context():
            return post([move], key="same")

    with ThreadPoolExecutor(1) as people, db.engine.connect() as looking:
        result = people.submit(work)
        until(lambda: _waits(looking))
        yield result


def _waits(looking: Connection) -> bool:
    found = looking.scalar(text(WAITS))
    looking.rollback()
    return bool(found)


def lock_at_once(*tables: str) -> None:
    """Lock rows as somebody else; what is locked already raises."""
    with db.engine.begin() as other:
        for table in tables:
            other.execute(text(f"SELECT id FROM {table} FOR UPDATE NOWAIT"))  # noqa: S608


def test_who_waits_for_a_key_holds_nothing(app: Flask, move: Move) -> None:
    with db.engine.connect() as first:
        values: Any = {"key": "same", "request_hash": "another"}
        first.exec_driver_sql(statements.CLAIM, values)
        with posting(app, move) as result:
            lock_at_once("product", "location", "stock_balance")
            first.rollback()

    assert not result.result().is_repeat


def test_what_is_missing_is_made_before_any_balance_is_locked(app: Flask, move: Move) -> None:
    with db.engine.connect() as first:
        values: Any = {
            "key_products": [move.product_id],
            "key_locations": [move.to_location_id],
            "key_lots": [0],
        }
        first.exec_driver_sql(statements.MAKE, values)
        with posting(app, move) as result:
            lock_at_once("stock_balance")
            first.rollback()

    assert [one.on_hand for one in result.result().balances] == [4, 1]
