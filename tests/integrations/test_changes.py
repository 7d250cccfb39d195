"""After the first time only changes are asked for."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.catalog.models import Customer, Product
from app.integrations.sync.models import ExternalRecord, StreamState
from app.integrations.systems.quickbooks.connector import ENTITIES
from app.invoices.models import Invoice
from tests.integrations.conftest import Sync, ours
from tests.standins.quickbooks import QuickBooks


@pytest.fixture
def synced(sync: Sync, quickbooks: QuickBooks) -> Sync:
    sync()
    quickbooks.exchanges.clear()
    return sync


def paths(quickbooks: QuickBooks) -> list[str]:
    return [one.path.rpartition("/")[2] for one in quickbooks.exchanges]


def test_one_request_tells_all_changes(quickbooks: QuickBooks, synced: Sync) -> None:
    customer = quickbooks.company.objects("Customer")[0]["Id"]
    quickbooks.company.change("Customer", customer, DisplayName="Renamed & Sons")

    run = synced("changes")

    assert paths(quickbooks) == ["cdc"]
    assert (run.mode, run.state) == ("changes", "succeeded")
    assert ours(Customer, name="Renamed & Sons").is_active


def test_nothing_has_changed_and_nothing_is_written(synced: Sync) -> None:
    synced("changes")

    assert synced("changes").rows_changed == 0


def test_what_is_new_there_is_new_here(
    session: Session, quickbooks: QuickBooks, synced: Sync
) -> None:
    quickbooks.company.create(
        "Item", Name="Copper funnel", Sku="CF-1", Type="NonInventory", UnitPrice=12.5
    )

    synced("changes")

    product = ours(Product, sku="CF-1")
    assert (product.name, str(product.price)) == ("Copper funnel", "12.5000")


def test_what_is_made_inactive_there_is_inactive_here(
    quickbooks: QuickBooks, synced: Sync
) -> None:
    made = quickbooks.company.create("Customer", DisplayName="Soon Gone Ltd")
    synced("changes")
    quickbooks.company.deactivate("Customer", made)

    synced("changes")

    assert not ours(Customer, name="Soon Gone Ltd").is_active


def test_what_is_deleted_there_is_marked_here(
    session: Session, quickbooks: QuickBooks, synced: Sync
) -> None:
    number = quickbooks.company.objects("Invoice")[0]["Id"]
    quickbooks.company.delete("Invoice", number)

    run = synced("changes")

    assert run.rows_gone == 1
    assert ours(ExternalRecord, kind="invoice", external_id=number).gone_at is not None
    assert not ours(Invoice, external_id=number).is_active


def test_an_answer_of_a_thousand_is_not_all_so_each_kind_is_asked(
    quickbooks: QuickBooks, synced: Sync, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.integrations.systems.quickbooks.answers.MOST_CHANGES", 2)
    for number in range(3):
        quickbooks.company.create("Customer", DisplayName=f"Bulk buyer {number}")

    run = synced("changes")

    assert paths(quickbooks) == ["cdc"] + len(ENTITIES) * ["query"]
    assert all(ours(Customer, name=f"Bulk buyer {number}") for number in range(3))
    assert any("kind by kind" in line["text"] for line in run.log)


def test_after_a_month_everything_is_read(
    session: Session, quickbooks: QuickBooks, synced: Sync
) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=40)
    session.execute(update(StreamState).values(cursor=long_ago))
    session.commit()

    run = synced("changes")

    assert "cdc" not in paths(quickbooks)
    assert run.state == "succeeded"
    assert (session.scalar(select(func.min(StreamState.cursor))) or long_ago) > long_ago


def test_the_first_time_everything_is_read_whoever_asks(sync: Sync) -> None:
    assert sync("changes").mode == "full"


def test_what_is_older_than_what_we_know_changes_nothing(
    session: Session, quickbooks: QuickBooks, synced: Sync
) -> None:
    later = datetime.now(UTC) + timedelta(days=1)
    session.execute(update(ExternalRecord).values(changed_at=later, payload={"Id": "newer"}))
    session.commit()

    run = synced("full")

    assert run.rows_changed == 0
