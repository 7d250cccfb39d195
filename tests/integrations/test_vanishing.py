"""What no page names is gone; if it is a lot, a person is asked."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.catalog.models import Product
from app.core.alerts import Alert
from app.core.settings import set_settings
from app.integrations.sync.deletions import confirm_deletions
from app.integrations.sync.models import ExternalRecord
from app.integrations.sync.services import dismiss_deletions
from tests.integrations.conftest import Sync, again, work
from tests.standins.quickbooks import QuickBooks


def vanish(quickbooks: QuickBooks, entity: str, share: float) -> int:
    objects = quickbooks.company.objects(entity)
    some = objects[: round(len(objects) * share)]
    for one in some:
        quickbooks.company.vanish(entity, one["Id"])
    return len(some)


def gone(session: Session, kind: str) -> int:
    query = select(func.count()).where(
        ExternalRecord.kind == kind, ExternalRecord.gone_at.is_not(None)
    )
    return session.scalar(query) or 0


def open_alerts(session: Session) -> list[str]:
    return list(session.scalars(select(Alert.title).where(Alert.closed_at.is_(None))))


def test_a_few_that_vanish_are_gone_and_ours_are_deactivated(
    session: Session, quickbooks: QuickBooks, sync: Sync
) -> None:
    sync()
    active = session.scalar(select(func.count()).where(Product.is_active)) or 0
    some = [one for one in quickbooks.company.objects("Item") if one["Active"]]
    lost = [one for one in some if one["Type"] != "Category"][:2]
    for one in lost:
        quickbooks.company.vanish("Item", one["Id"])

    run = sync()

    assert (run.state, run.rows_gone, gone(session, "item")) == ("succeeded", 2, 2)
    assert session.scalar(select(func.count()).where(Product.is_active)) == active - 2


def test_more_than_a_fifth_stops_and_asks(
    session: Session, quickbooks: QuickBooks, sync: Sync
) -> None:
    sync()
    lost = vanish(quickbooks, "Bill", 0.5)

    run = sync()

    assert (run.state, run.rows_gone, gone(session, "bill")) == ("asking", 0, 0)
    assert f"{lost:,} of" in (run.problem or "")
    assert "bills have vanished from QuickBooks" in (run.problem or "")
    assert open_alerts(session) == ["Many records have vanished from QuickBooks"]

    confirm_deletions(run.id)

    assert (again(run).state, again(run).rows_gone) == ("succeeded", lost)
    assert gone(session, "bill") == lost
    assert open_alerts(session) == []


def test_the_answer_may_be_to_keep_them(
    session: Session, quickbooks: QuickBooks, sync: Sync
) -> None:
    sync()
    vanish(quickbooks, "PurchaseOrder", 1)

    run = sync()
    assert "purchase orders have vanished" in (run.problem or "")
    dismiss_deletions(run.id)

    assert again(run).state == "succeeded"
    assert gone(session, "purchase_order") == 0
    assert open_alerts(session) == []


def test_the_share_is_a_setting(session: Session, quickbooks: QuickBooks, sync: Sync) -> None:
    sync()
    set_settings(sync_vanish_percent=100)
    lost = vanish(quickbooks, "Vendor", 1)

    run = sync()

    assert (run.state, gone(session, "vendor")) == ("succeeded", lost)


def test_what_comes_back_is_not_gone(
    session: Session, quickbooks: QuickBooks, sync: Sync
) -> None:
    sync()
    record = session.scalars(select(ExternalRecord).filter_by(kind="customer")).first()
    assert record is not None
    record.gone_at = func.now()
    session.commit()

    sync()
    work()

    assert gone(session, "customer") == 0
