"""Every event that programs may hear of can be told, as JSON and with what it is about."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.catalog import services as catalog
from app.core.alerts import raise_alert
from app.core.events import publish
from app.core.slices import slices
from app.imports.events import FileImported
from app.orders import services as orders
from app.webhooks import services
from app.webhooks.services.endpoints import TEST
from tests.counting.conftest import Hand, asked, bin_, goods
from tests.factories import ProductFactory, UserFactory
from tests.orders.conftest import confirmed, stocked
from tests.purchasing.conftest import drafted
from tests.webhooks.conftest import Made
from tests.webhooks.receiver import Receiver


def _confirmed() -> Any:
    return confirmed((stocked(5, ProductFactory.create(sku="KETTLE")), 2))


def _counted() -> None:
    bin_at = bin_("A-01")
    goods(5, bin_at, "KETTLE", "KETTLE1")
    hand, other = (Hand(UserFactory.create(name=name)) for name in ("Kim", "Sam"))
    task = other.count(hand.count(asked(bin_at), *["KETTLE1"] * 2), *["KETTLE1"] * 2)
    hand.approve(task)


# What happens, and what is told of it by which path.
HAPPENS: dict[str, tuple[Callable[[], Any], Callable[[Any], bool]]] = {
    "alert.raised": (
        lambda: raise_alert(kind="webhook.failed", key="webhook:1", title="Look", href="/a"),
        lambda data: (
            (data["kind"], data["severity"]) == ("webhook.failed", "problem")
            and data["title"] == "Look"
            and data["closed_at"] is None
        ),
    ),
    "count.posted": (
        _counted,
        lambda data: (
            data["lines"]
            == [{"sku": "KETTLE", "on_hand": "5", "counted": "2", "difference": "-3"}]
        ),
    ),
    "file.imported": (
        lambda: publish(FileImported(kind="products", import_id=1)),
        lambda data: data == {"kind": "products", "import_id": 1},
    ),
    "order.cancelled": (
        lambda: orders.cancel_order(_confirmed().id),
        lambda data: data["order"]["status"] == "cancelled",
    ),
    "order.changed": (_confirmed, lambda data: data["order"]["items"][0]["sku"] == "KETTLE"),
    "order.shipped": (
        lambda: orders.ship_order(_confirmed().id, key="test"),
        lambda data: data["is_complete"] and data["order"]["status"] == "shipped",
    ),
    "product.changed": (
        lambda: catalog.create_product(sku="KETTLE", name="Kettle"),
        lambda data: data["product"]["sku"] == "KETTLE",
    ),
    "purchase_order.changed": (
        lambda: drafted((ProductFactory.create(sku="KETTLE"), 2)),
        lambda data: data["purchase_order"]["items"][0]["sku"] == "KETTLE",
    ),
    "stock.changed": (
        lambda: stocked(5, ProductFactory.create(sku="KETTLE")),
        lambda data: data["products"][0]["quantity_on_hand"] == "5",
    ),
}


@pytest.mark.parametrize("name", HAPPENS)
def test_it_is_told_with_what_it_is_about(
    session: Session, listens: Made, receiver: Receiver, name: str
) -> None:
    happen, is_right = HAPPENS[name]
    made = listens(name)

    happen()
    services.deliver(made.endpoint.id)

    told = [heard.verified(made.secret) for heard in receiver.heard]
    assert {message["type"] for message in told} == {name}
    assert is_right(told[-1]["data"])


def test_every_event_is_tried_here(session: Session) -> None:
    assert slices().webhooks.keys() == HAPPENS.keys()
    assert TEST not in slices().webhooks
