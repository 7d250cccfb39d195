"""A stand-in Magento over HTTP, and a connection to it; what was said fits the schema."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import select

from app.catalog.models import Product
from app.core.db import db
from app.integrations.hub.limiter import Rate
from app.integrations.hub.models import Connection
from app.integrations.services.credentials import connect_with_credentials
from app.integrations.sync.models import SyncRun
from app.integrations.sync.services import start_sync
from app.integrations.systems.magento.connector import Magento as Connector
from app.orders import queries
from app.orders.models import SalesOrder
from tests.integrations.conftest import again, work
from tests.orders.conftest import stocked
from tests.standins.magento import Magento, vendor
from tests.standins.magento.products import sku_of

Sync = Callable[..., SyncRun]


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> Iterator[Magento]:
    """A shop of its own, at its address and without our pace; all that is said fits."""
    monkeypatch.setattr(Connector, "rate", Rate(10_000, 10_000))
    monkeypatch.setattr("app.integrations.hub.http.PAUSES", (0.01, 0.01))
    with Magento(products=30, orders=0).running() as standin:
        yield standin
        if vendor.AVAILABLE:
            wrong = [line for one in standin.exchanges for line in vendor.problems(one)]
            assert wrong == []


def signed(shop: Magento) -> dict[str, str]:
    """The four credentials of the integration."""
    names = ("consumer_key", "consumer_secret", "access_token", "access_token_secret")
    return {name: getattr(shop.access, name) for name in names}


@pytest.fixture
def connection(shop: Magento) -> Connection:
    """A connection to an empty shop, whose first sync is done."""
    made = connect_with_credentials(
        "magento", address=shop.url, method="signed", credentials=signed(shop)
    )
    work()
    return made


@pytest.fixture
def sync(connection: Connection) -> Sync:
    """Sync, as a worker would, and let our records follow."""

    def sync(mode: str = "changes") -> SyncRun:
        run = start_sync(connection.id, mode=mode, cause="person")
        work()
        return again(run)

    return sync


def goods(product: int, quantity: int = 10) -> Any:
    """Ours of a product there, some of it on a shelf."""
    ours = db.session.scalars(select(Product).filter_by(sku=sku_of(product))).one()
    return stocked(quantity, ours)


def parts(number: str) -> list[SalesOrder]:
    """Ours of an order there, as the database has them."""
    query = queries.with_lines(select(SalesOrder)).where(SalesOrder.external_number == number)
    fresh = query.order_by(SalesOrder.id).execution_options(populate_existing=True)
    return [*db.session.scalars(fresh)]
