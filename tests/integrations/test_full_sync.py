"""Everything is read the first time, page by page."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.catalog.models import Customer, Product, Vendor
from app.integrations.hub.models import Connection
from app.integrations.sync.models import ExternalRecord
from app.invoices.models import Invoice
from tests.integrations.conftest import Sync
from tests.standins.quickbooks import QuickBooks


def count(session: Session, table: type) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def mirrored(session: Session, kind: str) -> int:
    of_kind = select(func.count()).where(ExternalRecord.kind == kind)
    return session.scalar(of_kind) or 0


def test_everything_is_mirrored_and_becomes_ours(
    session: Session, quickbooks: QuickBooks, sync: Sync
) -> None:
    run = sync()

    assert (run.state, run.problem) == ("succeeded", None)
    assert mirrored(session, "item") == len(quickbooks.company.objects("Item"))
    assert mirrored(session, "bill") == len(quickbooks.company.objects("Bill"))
    assert count(session, Customer) == len(quickbooks.company.objects("Customer"))
    assert count(session, Vendor) == len(quickbooks.company.objects("Vendor"))
    assert count(session, Invoice) == len(quickbooks.company.objects("Invoice"))
    categories = [o for o in quickbooks.company.objects("Item") if o["Type"] == "Category"]
    assert count(session, Product) == mirrored(session, "item") - len(categories)
    assert run.rows_in == run.rows_changed == run.expected


def test_a_second_time_changes_nothing(session: Session, sync: Sync) -> None:
    sync()
    before = {row.id: row.version for row in session.scalars(select(Product))}

    run = sync()

    assert (run.state, run.rows_changed, run.rows_gone) == ("succeeded", 0, 0)
    session.expire_all()
    assert {row.id: row.version for row in session.scalars(select(Product))} == before


def test_the_connection_knows_when_it_was_synced(
    session: Session, connection: Connection, sync: Sync
) -> None:
    sync()

    session.refresh(connection)
    assert connection.last_synced_at is not None
    assert connection.problem is None
