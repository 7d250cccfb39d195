"""A bundle is picked and packed as its components, and leaves as a whole."""

from decimal import Decimal
from typing import Any

import pytest

from app.catalog.models import Product
from app.catalog.services import ComponentDraft, set_components
from app.fulfilment import services
from app.stock.models import Location
from tests.factories import ProductFactory
from tests.fulfilment.conftest import Hand, bin_, confirmed, fresh, goods
from tests.fulfilment.test_picking import agree
from tests.orders.conftest import again, held

pytestmark = pytest.mark.usefixtures("totes")


def test_components_are_picked_packed_and_shipped(
    hand: Hand, filters: Product, shelf: Location
) -> None:
    mugs = goods(4, table := bin_("B-01", 2), "MUG", "MUG0001")
    kit = ProductFactory.create(sku="KIT", currency="EUR")
    drafts = [
        ComponentDraft(Decimal(n), product_id=one.id) for one, n in ((filters, 2), (mugs, 1))
    ]
    set_components(kit.id, kind="bundle", components=drafts, version=None)
    order: Any = confirmed((kit, 1))

    task = hand.claim()
    assert [line.product.sku for line in fresh(task.id).lines] == ["F-1", "MUG"]
    assert hand.scan(task, "A-01", "FILTER1", "FILTER1").outcome != "done"
    assert again(order).lines[0].quantity_picked == 0
    assert hand.scan(task, "B-01", "MUG0001").outcome == "done"
    assert (again(order).status, again(order).lines[0].quantity_picked) == ("picked", 1)

    part = services.find_packable("TOTE-1")
    hand.pack(part.id, "FILTER1", "FILTER1", "MUG0001")
    services.ship_parcels(part.id)

    assert (again(order).status, again(order).lines[0].quantity_shipped) == ("shipped", 1)
    assert (held(filters, shelf), held(mugs, table)) == ((8, 0), (3, 0))
    agree()
