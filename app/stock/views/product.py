"""The stock of one product."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from flask import url_for

from app.catalog.models import Product
from app.core.days import today
from app.core.db import db
from app.core.pages import Menu, RecordPage
from app.stock import queries
from app.stock.documents import with_documents
from app.stock.incoming import incoming_of
from app.stock.models import REASONS
from app.stock.views.actions import (
    STOCK,
    adjust,
    count,
    move,
    reserve,
    set_home,
    transfer,
    write_off,
)
from app.stock.views.inventory import bp
from app.stock.views.on_hand import on_hand_chart

MOVEMENTS_SHOWN = 25


def _context(product: Product) -> Mapping[str, Any]:
    """Give where it lies, what is reserved of it, and how that came to be."""
    asked = queries.MovementFilter(product_ids=(product.id,))
    levels = queries.inventory(is_active=None).where(Product.id == product.id)
    level = db.session.execute(levels).one()
    newest = queries.movements(asked, limit=MOVEMENTS_SHOWN)
    movements: Any = newest.add_columns(queries.balance_after().label("balance"))
    return {
        "level": level,
        "chart": on_hand_chart(product, on_hand=level.on_hand, now=datetime.now(UTC)),
        "expected": db.session.execute(incoming_of(product.id)).all(),
        "now": today(),
        "balances": db.session.scalars(queries.balances_of(product.id)).all(),
        "reservations": db.session.scalars(queries.reservations(product.id)).all(),
        "movements": with_documents(db.session.execute(movements).all()),
        "home": db.session.scalars(queries.home(product.id)).one_or_none(),
        "reason_labels": REASONS,
        "counted_at": db.session.scalar(queries.last_counted(product.id)),
    }


stock_page = RecordPage(
    resource=STOCK,
    permission="stock.view",
    title="Stock of {0.sku} {0.name}",
    heading="{0.name}",
    subtitle="SKU {0.sku}",
    crumbs=lambda _product: [("Inventory", url_for("stock.index"))],
    buttons=(
        move,
        count,
        adjust,
        Menu(label="More actions", items=(transfer, write_off, set_home, reserve)),
    ),
    topic=lambda _product: "stock",
    events=("product:changed",),
    body="stock/_stock.html",
    context=_context,
    has_history=False,
    has_charts=True,
)
stock_page.add_to(bp)
