"""The shop is told how much there is: only what differs, and never the same goods twice."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from app.accounts.services import create_token
from app.catalog.models import Product
from app.catalog.services import ComponentDraft, set_components
from app.core.alerts import Alert
from app.core.db import db
from app.core.errors import Invalid
from app.integrations.hub.errors import Rejected, Unavailable
from app.integrations.hub.models import Connection
from app.integrations.outbox.models import OutboxMessage
from app.integrations.outbox.services import retry_messages
from app.integrations.sync.models import ExternalRecord
from app.integrations.systems.magento.stock import publish_stock, set_stock_source, stock_source
from app.orders import services as orders
from app.stock import services as stock
from app.stock.models import Balance
from tests.conftest import SignIn
from tests.factories import RoleFactory, UserFactory
from tests.integrations.conftest import ours, work
from tests.magento.conftest import Sync, goods, parts
from tests.orders.conftest import confirmed, stocked
from tests.standins.magento import Magento
from tests.standins.magento.products import sku_of

ROOT = "/api/v1/connections"
pytestmark = pytest.mark.committed


@pytest.fixture
def told(connection: Connection) -> Connection:
    set_stock_source(connection.id, "default")
    return connection


def test_nothing_is_told_unless_somebody_wants_it(
    shop: Magento, connection: Connection
) -> None:
    goods(1, 7)

    assert publish_stock(connection.id) == 0
    assert shop.shop.quantity(sku_of(1)) == 500


def test_what_differs_is_told_once(shop: Magento, told: Connection) -> None:
    product = goods(1, 7)

    publish_stock(told.id)

    assert shop.shop.quantity(sku_of(1)) == 7
    assert shop.shop.quantity(sku_of(2)) == 0
    assert publish_stock(told.id) == 0

    stocked(5, product)
    assert publish_stock(told.id) == 1
    assert shop.shop.quantity(sku_of(1)) == 12


def test_what_is_reserved_for_others_is_not_for_sale(
    shop: Magento, told: Connection, sync: Sync
) -> None:
    product = goods(1, 10)
    shop.shop.place_paid([(1, 3)])  # the shop takes these off by itself
    sync()
    confirmed((product, 4))

    publish_stock(told.id)

    assert shop.shop.quantity(sku_of(1)) == 6


def test_of_a_bundle_whole_ones_are_told_and_its_components_are_kept_for_it(
    shop: Magento, told: Connection, sync: Sync
) -> None:
    mug, tea = goods(2, 10), goods(3, 9)
    kit = db.session.scalars(select(Product).filter_by(sku=sku_of(1))).one()
    drafts = [ComponentDraft(Decimal(n), product_id=one.id) for one, n in ((mug, 1), (tea, 2))]
    set_components(kit.id, kind="bundle", components=drafts, version=None)
    shop.shop.place_paid([(1, 3)])  # the shop takes three bundles off by itself
    sync()

    publish_stock(told.id)

    quantities = [shop.shop.quantity(sku_of(number)) for number in (1, 2, 3)]
    assert quantities == [4, 7, 3]
    assert publish_stock(told.id) == 0


def test_what_a_picker_did_not_find_is_not_for_sale_until_it_is_counted(
    shop: Magento, told: Connection
) -> None:
    product = goods(1, 7)
    publish_stock(told.id)
    shelf = db.session.scalars(select(Balance).where(Balance.product_id == product.id)).one()

    stock.doubt(product.id, shelf.location_id)
    db.session.commit()
    publish_stock(told.id)
    assert shop.shop.quantity(sku_of(1)) == 0

    target = stock.Target(product.id, shelf.location_id, stock.virtual_location("adjustment"))
    stock.count_stock(target, counted=Decimal(6), key="counted")
    publish_stock(told.id)
    assert shop.shop.quantity(sku_of(1)) == 6


def test_what_was_shipped_is_taken_off_once(
    shop: Magento, told: Connection, sync: Sync
) -> None:
    goods(1, 10)
    key = shop.shop.place_paid([(1, 3)])
    sync()
    publish_stock(told.id)
    [order] = parts(shop.shop.order(key)["increment_id"])
    orders.ship_order(order.id, key=uuid4().hex)
    publish_stock(told.id)

    work()  # the shop hears of the shipment, and takes three off what it was told
    publish_stock(told.id)

    assert shop.shop.quantity(sku_of(1)) == 7


def test_a_shop_that_is_away_is_told_the_next_time(shop: Magento, told: Connection) -> None:
    goods(1, 7)
    shop.faults.add("html_503", times=99)
    with pytest.raises(Unavailable):
        publish_stock(told.id)

    shop.faults.clear()
    publish_stock(told.id)

    assert shop.shop.quantity(sku_of(1)) == 7


def test_what_a_shop_refuses_is_parked_with_its_words_and_the_rest_goes_through(
    shop: Magento, told: Connection
) -> None:
    good, bad = goods(1, 7), goods(2, 5)
    with renamed(bad, told, "") as sku:  # the shop takes no stock of a nameless product
        publish_stock(told.id)

        assert (shop.shop.quantity(sku_of(1)), shop.shop.quantity(sku)) == (7, 500)
        [parked] = db.session.scalars(select(OutboxMessage))
        assert (parked.state, parked.label) == ("refused", f"Stock of {bad.sku}")
        assert parked.reason == 'Magento says: Validation Failed: "sku" can not be empty.'
        alert = ours(Alert, closed_at=None)
        assert alert.title == "Magento has refused something"
        asked = len(shop.exchanges)

        stocked(1, bad)
        stocked(1, good)
        assert publish_stock(told.id) == 1  # nothing is refused anew
        assert len(shop.exchanges) - asked == 1
        assert ours(OutboxMessage).payload["sourceItems"][0]["quantity"] == 6

    refresh = update(OutboxMessage).values(payload={"sourceItems": [item_of(sku, 6)]})
    db.session.execute(refresh)
    db.session.commit()
    retry_messages([parked.id])
    work()

    assert shop.shop.quantity(sku) == 6
    assert ours(OutboxMessage).state == "sent"
    assert publish_stock(told.id) == 1  # what changed since would be told now
    assert publish_stock(told.id) == 0


def test_a_source_that_there_is_not_is_no_matter_of_single_products(
    shop: Magento, told: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.integrations.systems.magento.stock.MOST_REFUSED", 5)
    set_stock_source(told.id, "moon")
    with pytest.raises(Rejected, match="moon"):
        publish_stock(told.id)

    assert not db.session.scalars(select(OutboxMessage)).first()
    assert len([one for one in shop.exchanges if "source-items" in one.path]) == 6


def item_of(sku: str, quantity: int) -> dict[str, Any]:
    return {"sku": sku, "source_code": "default", "quantity": quantity, "status": 1}


@contextmanager
def renamed(product: Any, connection: Connection, name: str) -> Iterator[str]:
    """Let the mirror call a product otherwise; gives what the shop does."""
    mirrored = select(ExternalRecord).where(
        ExternalRecord.connection_id == connection.id,
        ExternalRecord.payload["sku"].astext == product.sku,
    )
    record = db.session.scalars(mirrored).one()
    before = record.payload
    record.payload = {**before, "sku": name}
    db.session.commit()
    yield product.sku
    record.payload = before
    db.session.commit()


def test_it_is_chosen_on_the_page(
    sign_in: SignIn, connection: Connection, shop: Magento
) -> None:
    admin: FlaskClient = sign_in("integrations.view", "integrations.manage")
    page = f"/connections/{connection.id}"
    assert "Stock for the shop" in admin.get(page).text

    admin.post(f"{page}/stock-source", data={"source": " outlet "})

    assert stock_source(connection.id) == "outlet"
    assert 'value="outlet"' in admin.get(page).text
    admin.post(f"{page}/stock-source", data={"source": ""})
    assert stock_source(connection.id) == ""
    refused = admin.post(f"{page}/stock-source", data={"source": "<b>"})
    assert refused.status_code == 422
    assert sign_in("integrations.view").post(f"{page}/stock-source").status_code == 403


def test_a_program_chooses_it(connection: Connection, app: Flask) -> None:
    role = RoleFactory.create(permissions=["integrations.manage"])
    token = create_token(UserFactory.create(role=role), name="test")
    robot, at = app.test_client(), f"/api/v1/connections/{connection.id}/stock-source"
    robot.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"

    assert robot.put(at, json={"source": "outlet"}).json == {"source": "outlet"}
    assert robot.get(at).json == {"source": "outlet"}
    assert robot.put(at, json={"source": "<b>"}).status_code == 422
    assert robot.put(f"{ROOT}/0/stock-source", json={"source": ""}).status_code == 404


def test_a_source_has_a_code(connection: Connection) -> None:
    with pytest.raises(Invalid):
        set_stock_source(connection.id, "two words")
