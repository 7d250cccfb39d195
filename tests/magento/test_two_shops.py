"""Two shops at once: the same numbers in both, and nothing of one goes to the other."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from sqlalchemy import select

from app.core.db import db
from app.integrations.hub.models import Connection
from app.integrations.hub.queries import live_connections
from app.integrations.outbox.models import OutboxMessage
from app.integrations.services.connecting import disconnect
from app.integrations.services.credentials import connect_with_credentials
from app.integrations.sync.services import start_sync
from app.integrations.systems.magento.jobs import publish_stocks
from app.integrations.systems.magento.stock import publish_stock, set_stock_source
from app.orders import services as orders
from app.orders.models import SalesOrder
from tests.conftest import SignIn
from tests.integrations.conftest import ours, work
from tests.magento.conftest import goods, parts, signed
from tests.standins.magento import Magento
from tests.standins.magento.products import sku_of

pytestmark = pytest.mark.committed


@pytest.fixture
def second_shop(shop: Magento) -> Iterator[Magento]:
    del shop  # it takes our pace away
    with Magento(products=30, orders=0).running() as standin:
        yield standin


@pytest.fixture
def second(connection: Connection, second_shop: Magento) -> Connection:
    """A connection to the second shop, beside the first."""
    del connection
    made = connect_with_credentials(
        "magento", address=second_shop.url, method="signed", credentials=signed(second_shop)
    )
    work()
    return made


def synced(*connections: Connection) -> None:
    for connection in connections:
        start_sync(connection.id, mode="changes", cause="person")
    work()


def paid_in_both(shop: Magento, second_shop: Magento) -> str:
    """Place an order in each, of one number: they count by themselves."""
    numbers = {
        one.shop.order(one.shop.place_paid([(1, 3)]))["increment_id"]
        for one in (shop, second_shop)
    }
    [number] = numbers
    return number


def test_both_are_connected_and_shown(
    sign_in: SignIn, connection: Connection, second: Connection
) -> None:
    page = sign_in("integrations.view", "integrations.manage").get("/connections").text

    assert len(db.session.scalars(live_connections("magento")).all()) == 2
    assert all(f'href="/connections/{one.id}"' in page for one in (connection, second))
    assert connection.address in page
    assert second.address in page
    assert "Connect another account" in page


def test_orders_of_one_number_are_two_orders(
    shop: Magento, second_shop: Magento, connection: Connection, second: Connection
) -> None:
    number = paid_in_both(shop, second_shop)

    synced(connection, second)

    found = parts(number)
    assert [one.channel_account for one in found] == [connection.account, second.account]
    assert [one.status for one in found] == ["confirmed", "confirmed"]

    synced(connection, second)

    assert len(parts(number)) == 2


def test_a_shipment_goes_to_the_shop_of_its_order(
    shop: Magento, second_shop: Magento, connection: Connection, second: Connection
) -> None:
    goods(1)
    number = paid_in_both(shop, second_shop)
    synced(connection, second)

    orders.ship_order(parts(number)[1].id, key=uuid4().hex)
    work()

    message = ours(OutboxMessage)
    assert (message.connection_id, message.state) == (second.id, "sent")
    assert len(second_shop.shop.shipments.rows) == 1
    assert len(shop.shop.shipments.rows) == 0


def test_what_one_shop_has_sold_is_not_for_sale_in_the_other(
    shop: Magento, second_shop: Magento, connection: Connection, second: Connection
) -> None:
    goods(1, 10)
    for one in (connection, second):
        set_stock_source(one.id, "default")
    shop.shop.place_paid([(1, 3)])  # the first takes these off by itself
    synced(connection, second)

    publish_stock(connection.id)
    publish_stock(second.id)

    assert shop.shop.quantity(sku_of(1)) == 10
    assert second_shop.shop.quantity(sku_of(1)) == 7


def test_a_shop_that_is_away_keeps_no_other_waiting(
    shop: Magento, second_shop: Magento, connection: Connection, second: Connection
) -> None:
    goods(1, 10)
    for one in (connection, second):
        set_stock_source(one.id, "default")
    shop.faults.add("html_503", times=99)

    publish_stocks()
    work()

    assert second_shop.shop.quantity(sku_of(1)) == 10
    shop.faults.clear()


def test_one_is_disconnected_and_the_other_goes_on(
    second_shop: Magento, connection: Connection, second: Connection
) -> None:
    disconnect(connection.id)
    second_shop.shop.place_paid([(1, 1)])

    synced(second)

    assert db.session.scalars(live_connections("magento")).one().id == second.id
    assert db.session.scalars(select(SalesOrder.channel_account)).all() == [second.account]


def test_signing_in_again_begins_with_what_was_typed_for_it(
    sign_in: SignIn, connection: Connection, second: Connection
) -> None:
    admin = sign_in("integrations.view", "integrations.manage")
    form = "/connections/credentials/magento/edit"

    assert connection.address in admin.get(f"{form}?connection={connection.id}").text
    assert second.address in admin.get(f"{form}?connection={second.id}").text
    another = admin.get(form).text
    assert connection.address not in another
    assert second.address not in another
