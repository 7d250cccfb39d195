"""A small company, and what its ledger says."""

import random
from datetime import UTC, datetime
from decimal import Decimal

from sqlalchemy import Row, select

from app.catalog.models import Product
from app.core.db import db
from app.demo.cli import fill
from app.stock.models import Movement

LAST = datetime(2026, 3, 2, tzinfo=UTC)

Ledger = list[Row[tuple[str, Decimal, str, datetime]]]


def small(seed: int = 7) -> dict[str, int]:
    return fill(random.Random(seed), last=LAST, days=24, each=3, each_month=4)


def ledger() -> Ledger:
    moved = select(Product.sku, Movement.quantity, Movement.reason, Movement.occurred_at)
    query = moved.join(Product, Product.id == Movement.product_id).order_by(Movement.id)
    return [*db.session.execute(query)]
