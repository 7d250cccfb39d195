"""An order on its way through the warehouse, for the pages that show it."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

from app.accounts.models import User
from app.catalog.models import Product
from app.fulfilment import services
from app.fulfilment.services import Picker
from app.orders import services as orders
from app.orders.models import ItemDraft
from tests.factories import BarcodeFactory, LocationFactory, ProductFactory, UserFactory
from tests.orders.conftest import stocked


def selling(customer_id: int, user: User, name: str) -> dict[str, Any]:
    """Make an order in a parcel, one being picked, one called off, one shipped; give ids."""
    place = LocationFactory.create(code="A-01", path="A-01/")
    for code in ("TOTE-1", "TOTE-2", "TOTE-3"):
        LocationFactory.create(code=code, kind="tote", path=f"{code}/")
    product = ProductFactory.create(sku="FILTERS-PAPER-100-WHITE", name=name)
    BarcodeFactory.create(product=product, code="FILTERS")
    stocked(50, product, place)

    others = UserFactory.create_batch(2)
    packed = _pick(others[0], _order(customer_id, product, 1), "A-01", "FILTERS")
    services.scan_into_parcel(packed.orders[0].id, scan_id=uuid4(), code="FILTERS")

    called_off = _order(customer_id, product, 2)
    _pick(others[1], called_off, "A-01", "FILTERS")
    orders.cancel_order(called_off.id, reason="The customer has changed their mind")

    shipped = _order(customer_id, product, 4)
    orders.ship_order(shipped.id, key="shipped")
    order = _order(customer_id, product, 3)
    return {
        "task_id": _pick(user, order, "A-01", "FILTERS").id,
        "task_order_id": packed.orders[0].id,
        "order_id": order.id,
        "orders.new_shipment_undo": {"order_id": shipped.id},
    }


def _order(customer_id: int, product: Product, pieces: int) -> Any:
    items = [ItemDraft(Decimal(pieces), product_id=product.id, unit_price=Decimal(10))]
    order = orders.create_order(customer_id=customer_id, items=items, currency=product.currency)
    return orders.confirm_order(order.id)


def _pick(user: User, order: Any, *codes: str) -> Any:
    picker = Picker(user_id=user.id, device="tablet")
    task = services.next_task(picker)
    assert task is not None
    for code in codes:
        services.scan(task.id, picker, scan_id=uuid4(), code=code)
    return task
