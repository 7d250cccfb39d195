"""Imports beside imports, and beside people."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.catalog.models import Product
from app.imports import services
from tests.imports.samples import counts, uploaded

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
