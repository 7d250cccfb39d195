"""Imports beside imports, and beside people."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.catalog.models import Product
from app.core.audit import AuditEntry
from app.core.db import db
from app.imports import services
from tests.factories import ProductFactory
from tests.imports.samples import counts, uploaded

WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
HEADER = ("SKU", "Name", "Barcode")
ROWS = [(f"S{number}", f"Product {number}", f"CODE{number}") for number in range(300)]


@pytest.mark.committed
def test_one_file_imported_twice_at_once_is_imported_once(app: Flask, session: Session) -> None:
    runs = [uploaded("products", HEADER, *rows).id for rows in (ROWS, ROWS[::-1], ROWS)]

    def work(import_id: int) -> tuple[int, ...]:
        with app.app_context():  # a session and a connection of its own
            return counts(services.run_import(import_id, dry_run=False))

    with ThreadPoolExecutor(3) as workers:
        results = sorted(workers.map(work, runs))

    assert results == [(0, 0, 300, 0), (0, 0, 300, 0), (300, 0, 0, 0)]
    assert session.query(Product.version).distinct().all() == [(1,)]


@pytest.mark.committed
def test_the_history_starts_from_what_somebody_saved_meanwhile(
    app: Flask, session: Session
) -> None:
    ProductFactory.create(sku="A", price=1)
    import_id = uploaded("products", ("SKU", "Price"), ("A", "2")).id

    def work() -> None:
        with app.app_context():
            services.run_import(import_id, dry_run=False)

    with ThreadPoolExecutor(1) as worker, db.engine.begin() as somebody:
        somebody.execute(text("UPDATE product SET price = 5, version = version + 1"))
        done = worker.submit(work)
        while not session.scalar(WAITING):
            assert not done.done(), done.result()
            time.sleep(0.01)
            session.rollback()
        somebody.commit()
        done.result(timeout=30)

    session.expire_all()
    entry = session.query(AuditEntry).filter_by(record_type="product", action="changed").one()
    assert entry.changes == {"price": ["5", "2"]}
    assert session.query(Product.price, Product.version).one() == (2, 3)
