"""A shop is read to the end whatever happens on the way, and nothing follows from nonsense."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from app.core.alerts import Alert
from app.core.db import db, transaction
from app.integrations.hub.models import Connection
from app.integrations.sync.models import (
    ExternalRecord,
    RejectedRecord,
    StreamState,
    WebhookEvent,
)
from app.integrations.sync.services import start_sync
from tests.cases import case
from tests.integrations.conftest import again, killed_at, work
from tests.magento.conftest import Sync, parts
from tests.standins.magento import Magento

pytestmark = pytest.mark.committed

PRODUCTS, ORDERS, PAGE = 30, 11, 8
SINCE = "%Y-%m-%d %H:%M:%S"


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.integrations.systems.magento.connector.PAGE", PAGE)


@pytest.fixture
def numbers(shop: Magento, connection: Connection) -> list[str]:
    """Orders that were placed after the connection's first sync, three of them paid."""
    keys = [shop.shop.place([(1, 1)]) for _ in range(ORDERS - 3)]
    keys += [shop.shop.place_paid([(2, 1)]) for _ in range(3)]
    return [shop.shop.order(key)["increment_id"] for key in keys]


def there(kind: str) -> set[str]:
    """The ids of what we take for being there."""
    rows = select(ExternalRecord.external_id).where(
        ExternalRecord.kind == kind, ExternalRecord.gone_at.is_(None)
    )
    return set(db.session.scalars(rows))


def everything(shop: Magento) -> dict[str, set[str]]:
    of_products = {str(row.fields["id"]) for row in shop.shop.products.rows.values()}
    tables = {"order": shop.shop.orders, "invoice": shop.shop.invoices}
    keys = {kind: {str(key) for key in table.rows} for kind, table in tables.items()}
    return {"product": of_products} | keys


def ours() -> dict[str, set[str]]:
    return {kind: there(kind) for kind in ("product", "order", "invoice")}


def cursors() -> dict[str, datetime | None]:
    rows = select(StreamState.stream, StreamState.cursor)
    return dict(db.session.execute(rows).all())


def lists(shop: Magento, kind: str) -> list[Any]:
    """The pages that were asked for, without those that only count."""
    asked = [one for one in shop.exchanges if one.path.endswith(f"/V1/{kind}")]
    return [one for one in asked if one.query.get("searchCriteria[pageSize]") != "1"]


def test_no_page_is_asked_for_after_the_last(
    shop: Magento, sync: Sync, numbers: list[str]
) -> None:
    shop.exchanges.clear()

    run = sync("full")

    assert run.state == "succeeded"
    assert ours() == everything(shop)
    assert len(lists(shop, "products")) == -(-PRODUCTS // PAGE)
    assert len(lists(shop, "orders")) == -(-len(numbers) // PAGE)


@pytest.mark.parametrize("page", range(7))
def test_a_sync_that_is_killed_at_a_page_goes_on_there(
    shop: Magento,
    connection: Connection,
    numbers: list[str],
    page: int,
) -> None:
    run = start_sync(connection.id, mode="full", cause="person")
    killed_at(page, run)
    shop.exchanges.clear()

    work()

    done = again(run)
    assert done.state == "succeeded"
    assert ours() == everything(shop)
    assert done.pages == page + sum(
        len(lists(shop, kind)) for kind in ("products", "orders", "invoices")
    )
    assert [len(parts(number)) for number in numbers] == [1] * ORDERS


@pytest.mark.parametrize("fault", ["html_503", "not_json", "truncated", "no_envelope", "drop"])
def test_nothing_follows_from_what_is_no_answer(
    shop: Magento, sync: Sync, numbers: list[str], fault: str
) -> None:
    sync("full")
    shop.faults.add(fault, None, match="page")

    run = sync("full")

    assert run.state in {"waiting", "failed"}
    assert run.problem
    assert ours() == everything(shop)
    assert [part.status for number in numbers for part in parts(number)].count("draft") == 8

    shop.faults.clear()
    work()
    assert sync("full").state == "succeeded"
    assert ours() == everything(shop)


def test_an_empty_list_takes_nothing_away(
    shop: Magento, sync: Sync, numbers: list[str]
) -> None:
    sync("full")
    shop.faults.add("empty", None, match="page")

    run = sync("full")

    assert run.state == "asking"
    assert ours() == everything(shop)
    assert {part.status for number in numbers for part in parts(number)} <= {
        "draft", "confirmed", "backordered",
    }  # fmt: skip


def test_too_many_requests_put_the_sync_off(shop: Magento, sync: Sync) -> None:
    shop.faults.add("too_many", retry_after=7)

    run = sync()

    assert run.state == "waiting"
    assert 5 < run.throttled_seconds <= 7


def test_a_page_that_comes_twice_is_asked_for_again(
    shop: Magento, sync: Sync, numbers: list[str]
) -> None:
    shop.faults.add("duplicate_page", after=4)

    run = sync("full")

    assert run.state == "succeeded"
    assert ours() == everything(shop)


def test_a_bad_record_is_set_aside_and_the_rest_goes_on(
    shop: Magento, sync: Sync, numbers: list[str]
) -> None:
    shop.faults.add("bad_record", after=3, match="page")

    run = sync("full")

    assert (run.state, run.rows_failed) == ("succeeded", 1)
    assert db.session.scalar(select(func.count()).select_from(RejectedRecord)) == 1
    assert ours() == everything(shop)  # it came well when the pages did not add up


def test_records_that_change_while_pages_are_turned_are_not_lost(
    shop: Magento, sync: Sync, numbers: list[str]
) -> None:
    shop.faults.add("changing", 3, match="page")

    run = sync()

    assert run.state == "succeeded"
    assert there("order") == everything(shop)["order"]


def test_many_changes_within_one_second_are_all_read(shop: Magento, sync: Sync) -> None:
    moment = shop.shop.now()
    for _ in range(3 * PAGE):
        shop.shop.place([(1, 1)], at=moment)

    assert sync().state == "succeeded"

    assert there("order") == everything(shop)["order"]


def test_what_becomes_visible_late_is_found_by_the_overlap(shop: Magento, sync: Sync) -> None:
    shop.shop.place([(1, 1)])
    sync()
    shop.shop.place([(1, 1)], at=shop.shop.now() - 300)

    sync()

    assert there("order") == everything(shop)["order"]


def test_each_kind_is_asked_for_from_its_own_cursor(
    shop: Magento, sync: Sync, connection: Connection
) -> None:
    long_ago = datetime.fromisoformat("2020-01-02T03:04:05+00:00")
    db.session.query(StreamState).filter_by(stream="invoice").update({"cursor": long_ago})
    db.session.commit()
    before = cursors()
    shop.exchanges.clear()

    sync()

    for kind, name in (("order", "orders"), ("invoice", "invoices")):
        moment = before[kind]
        assert moment is not None
        [asked] = lists(shop, name)
        assert moment.strftime(SINCE) in asked.query.values()
    after = cursors()
    assert all(moment and moment > long_ago + timedelta(days=365) for moment in after.values())


def test_a_cursor_stays_where_it_is_when_a_sync_stops_half_way(
    shop: Magento, sync: Sync, numbers: list[str]
) -> None:
    before = cursors()
    shop.faults.add("html_503", None, match="page")

    sync()

    assert cursors() == before


def test_what_is_deleted_there_is_found_by_a_full_sync(
    shop: Magento, sync: Sync, numbers: list[str]
) -> None:
    sync("full")
    [first] = [key for key in shop.shop.orders.rows if str(key) in there("order")][:1]
    shop.shop.delete(first)

    run = sync("full")

    assert (run.state, run.rows_gone) == ("succeeded", 1)
    assert there("order") == everything(shop)["order"]


def test_a_right_that_is_missing_is_named_and_the_rest_goes_on(
    shop: Magento, connection: Connection, numbers: list[str], sync: Sync
) -> None:
    """Magento answers 401, as it does to a token that is dead: but this one is not."""
    assert case("f02")["status"] == 401
    refused = "Magento_Sales::sales_invoice"
    shop.access.denied.add(refused)

    run = sync()

    assert run.state == "failed"
    assert refused in (run.problem or "")
    db.session.refresh(connection)
    assert connection.state == "connected"
    assert there("order") == everything(shop)["order"]
    alert = db.session.scalars(select(Alert).filter_by(closed_at=None)).one()
    assert refused in alert.text

    shop.access.denied.clear()
    assert sync().state == "succeeded"
    assert there("invoice") == everything(shop)["invoice"]


def test_a_count_that_is_always_one_too_many_stops_nothing(
    shop: Magento, connection: Connection, sync: Sync
) -> None:
    case("f04")
    shop.faults.add("count_off", times=None)
    key = shop.shop.place_paid([(1, 1)])

    full = sync("full")
    later = shop.shop.place_paid([(2, 1)])
    changes = sync()

    assert (full.state, changes.state, changes.mode) == ("succeeded", "succeeded", "changes")
    assert there("order") == {str(key), str(later)}
    assert any("not held for gone" in line["text"] for line in full.log)


def test_an_empty_answer_to_a_question_for_one_deletes_nothing(
    shop: Magento, connection: Connection, sync: Sync
) -> None:
    key = shop.shop.place_paid([(1, 1)])
    sync()
    notice = {"system": "magento", "account": connection.account, "kind": "order"}
    with transaction() as session:
        session.add(
            WebhookEvent(**notice, external_id=str(key), event_id="1", operation="retry")
        )
    shop.faults.add("empty")

    run = sync("objects")

    assert (run.state, run.rows_gone) == ("succeeded", 0)
    assert there("order") == {str(key)}
