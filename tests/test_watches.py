"""What is looked after by the clock: one alert with the number in it, closed by itself."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.core import disk_watch
from app.core.alerts import Alert
from app.core.settings import set_settings
from app.integrations.hub.models import Connection
from app.integrations.sync.models import SyncPage, SyncRun
from app.integrations.sync.waiting import watch_syncs
from app.orders.models import SalesOrder
from app.orders.services import watch_late_orders
from app.purchasing.services import watch_reorder
from tests.conftest import SignIn
from tests.factories import ProductFactory, SalesOrderFactory
from tests.stock.conftest import stocked

NOW = datetime.now(UTC)


def open_ones(session: Session) -> list[tuple[str, str, int]]:
    session.expire_all()
    found = session.query(Alert).filter(Alert.closed_at.is_(None))
    return [(one.kind, one.title, one.occurrences) for one in found]


def test_low_stock_is_an_alert_for_each_product_and_many_are_one_line(
    session: Session, sign_in: SignIn
) -> None:
    tea, rice, *_more = ProductFactory.create_batch(4, reorder_point=Decimal(5))
    stocked(9, ProductFactory.create(reorder_point=Decimal(5)))

    assert watch_reorder() == {"products": 4}
    watch_reorder()

    assert {(kind, times) for kind, _title, times in open_ones(session)} == {("product.low", 1)}
    page = sign_in("purchase_orders.edit").get("/account").text
    assert "Products run low (4)" in page
    assert 'href="/alerts?kind=product.low"' in page
    assert "run low" not in sign_in("stock.view").get("/account").text
    stocked(9, tea)
    stocked(9, rice)
    assert watch_reorder() == {"products": 2}
    assert len(open_ones(session)) == 2


def test_late_orders_are_one_alert_with_the_number_of_the_list(
    session: Session, sign_in: SignIn
) -> None:
    early = NOW - timedelta(hours=1)
    late = SalesOrderFactory.create_batch(2, status="allocated", ship_by=early)
    SalesOrderFactory.create(status="shipped", ship_by=early)
    SalesOrderFactory.create(status="allocated", ship_by=NOW + timedelta(hours=1))

    watch_late_orders()

    assert open_ones(session) == [("orders.late", "2 orders are late", 1)]
    page = sign_in("orders.view").get(session.query(Alert).one().href).text
    numbers = [one.number for one in session.query(SalesOrder).order_by("id")]
    assert [number in page for number in numbers] == [True, True, False, False]
    for order in late:
        order.status = "shipped"
    session.commit()
    watch_late_orders()
    assert open_ones(session) == []


def test_a_disk_that_is_nearly_full_is_told_until_it_is_not(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = 9
    monkeypatch.setattr(
        "shutil.disk_usage", lambda _folder: SimpleNamespace(total=100, free=free)
    )
    disk_watch.watch()
    assert open_ones(session) == [("disk.low", "Only 9 % of a disk is free", 1)]

    set_settings(disk_free_percent=5)
    disk_watch.watch()

    assert open_ones(session) == []


def test_a_sync_that_waits_says_for_what(session: Session) -> None:
    shop = Connection(
        system="magento", account="a", name="Tea shop", environment="x", connected_at=NOW
    )
    session.add(shop)
    session.flush()
    waiting = SyncRun(connection_id=shop.id, mode="full", cause="schedule", state="waiting")
    waiting.problem = "It is asleep."
    queued = SyncRun(connection_id=shop.id, mode="changes", cause="schedule", state="queued")
    busy = SyncRun(connection_id=shop.id, mode="objects", cause="schedule", state="waiting")
    session.add_all([waiting, queued, busy])
    session.flush()
    session.add(SyncPage(run_id=busy.id, stream="x", position="1", external_ids=[]))
    session.execute(text("UPDATE sync_run SET created_at = now() - interval '3 hours'"))
    session.commit()

    watch_syncs()

    assert open_ones(session) == [
        ("connection.waiting", "2 syncs wait for more than 2 hours", 1)
    ]
    alert = session.query(Alert).one()
    assert alert.text == "Tea shop: It is asleep. Tea shop: No worker has taken it."
    queued.end("succeeded")
    session.commit()
    watch_syncs()
    session.refresh(alert)
    assert alert.href == f"/connections/{shop.id}"
    waiting.end("succeeded")
    session.commit()
    watch_syncs()
    assert open_ones(session) == []
