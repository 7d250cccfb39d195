"""A transfer on its way, for the pages of transfers."""

from decimal import Decimal

from sqlalchemy import select

from app.catalog.models import Product
from app.core.db import db
from app.stock.models import Location
from app.transfers import services
from app.transfers.services import Said, Wanted
from tests.factories import WarehouseFactory


def transferring(product: Product, name: str) -> dict[str, int]:
    """Send something to another warehouse, and say what the address of that needs."""
    source = db.session.scalars(select(Location.id).where(Location.code == "MAIN")).one()
    other = WarehouseFactory.create(code="EAST", name=name)
    made = services.create_transfer(
        [Wanted(product.id, Decimal(1))],
        source_id=source,
        destination_id=other.id,
        key="transfer",
        note=name,
    )
    line = made.lines[0]
    sent = services.send_transfer(made.id, [Said(line.id, Decimal(1))], key="send", note=name)
    return {"transfer_id": made.id, "step_id": sent.steps[0].id}
