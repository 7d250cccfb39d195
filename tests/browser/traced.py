"""A lot that came, was built into a piece, and left, for the pages of lots."""

from datetime import date
from decimal import Decimal

from sqlalchemy import select

from app.assembly.services import build_product
from app.catalog.models import Product
from app.catalog.services import ComponentDraft, set_components
from app.core.db import db
from app.orders import services as orders
from app.orders.models import ItemDraft
from app.stock import services as stock
from app.stock.models import Lot
from app.stock.services import LotDraft
from tests.factories import ProductFactory


def traced(customer_id: int, location_id: int, name: str) -> dict[str, int]:
    """Let goods of a lot come, build of them, sell both; say what the address of it needs."""
    heat = ProductFactory.create(sku="STEEL-COIL-1200", name=name, tracking="lot")
    heat.has_expiry = True
    target = stock.find_target(
        reason="found",
        product_id=heat.id,
        location_id=location_id,
        lot=LotDraft("HEAT-2026-0412-COIL-17", date(2099, 12, 31)),
    )
    stock.adjust_stock(target, quantity=Decimal(40), reason="found", key="traced")
    piece = _piece(heat, location_id, name)
    wanted = [
        ItemDraft(Decimal(each), product_id=one.id) for one, each in ((heat, 8), (piece, 1))
    ]
    order = orders.create_order(customer_id=customer_id, items=wanted)
    orders.confirm_order(order.id)
    orders.ship_order(order.id, key="traced shipped")
    lot = db.session.scalars(select(Lot).where(Lot.product_id == heat.id)).one()
    stock.block_lot(lot.id, reason=f"{name}: the maker calls it back")
    return {"lot_id": lot.id}


def _piece(heat: Product, location_id: int, name: str) -> Product:
    piece = ProductFactory.create(sku="KETTLE-NUMBERED", name=name, tracking="serial")
    drafts = [ComponentDraft(Decimal(2), product_id=heat.id)]
    set_components(piece.id, kind="assembly", components=drafts, version=None)
    build_product(
        piece.id,
        quantity=Decimal(2),
        location_id=location_id,
        key="traced built",
        lot=LotDraft("SN-0001 SN-0002"),
    )
    return piece
