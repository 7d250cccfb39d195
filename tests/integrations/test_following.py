"""Our records follow theirs: by link, by key, by a person's word."""

import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalog import services as catalog
from app.catalog.models import Customer, Product, Vendor
from app.core.audit import AuditEntry
from app.core.broker import broker, live_channel
from app.integrations.hub.models import Connection
from app.integrations.inbound.applying import apply_changes
from app.integrations.inbound.decisions import (
    decide_matches,
    retry_rejected,
    set_field_precedence,
)
from app.integrations.inbound.models import RecordLink
from app.integrations.sync.models import RejectedRecord
from app.invoices.models import Invoice
from tests.integrations.conftest import Sync, ours, work
from tests.standins.quickbooks import QuickBooks

Make = Callable[..., str]


@pytest.fixture
def there(quickbooks: QuickBooks) -> Iterator[Make]:
    """Make something there, which is gone again after the test."""

    def make(entity: str, **fields: Any) -> str:
        made.append((entity, quickbooks.company.create(entity, **fields)))
        return made[-1][1]

    made: list[tuple[str, str]] = []
    yield make
    for entity, number in made:
        quickbooks.company.vanish(entity, number)


def link(kind: str, external_id: str) -> RecordLink:
    return ours(RecordLink, kind=kind, external_id=external_id)


def test_the_same_sku_is_the_same_product(session: Session, there: Make, sync: Sync) -> None:
    product = catalog.create_product(sku="GR-77", name="Old name", price=Decimal(1))
    item = there("Item", Name="Grinder", Sku="GR-77", Type="NonInventory", UnitPrice=9.5)

    sync()

    assert (link("item", item).state, link("item", item).record_id) == ("linked", product.id)
    followed = ours(Product, id=product.id)
    assert (followed.name, followed.price) == ("Grinder", Decimal("9.5000"))


def test_the_history_says_that_quickbooks_did_it(
    session: Session, there: Make, sync: Sync
) -> None:
    product = catalog.create_product(sku="GR-78", name="Old name")
    there("Item", Name="New name", Sku="GR-78", Type="NonInventory")

    sync()

    query = select(AuditEntry).filter_by(record_type="product", record_id=product.id)
    entry = session.scalars(query.order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert (entry.actor, entry.changes["name"]) == ("QuickBooks", ["Old name", "New name"])


@pytest.mark.parametrize(
    ("sku", "name", "reason"),
    [("GR 79", "Other", "SKU alike"), ("", "Milk jug", "Same name, and no SKU there")],
)
def test_a_product_that_only_looks_alike_waits_for_a_decision(
    there: Make, sync: Sync, sku: str, name: str, reason: str
) -> None:
    product = catalog.create_product(sku="GR-79", name="Milk jug")
    item = there("Item", Name=name, Sku=sku, Type="NonInventory", UnitPrice=1)

    sync()

    doubt = link("item", item)
    assert (doubt.state, doubt.record_id, doubt.reason) == ("doubtful", product.id, reason)
    assert ours(Product, id=product.id).name == "Milk jug"


@pytest.mark.parametrize(
    ("email", "their_email", "state"),
    [
        ("", "", "linked"),
        ("a@example.com", "", "linked"),
        ("a@example.com", "A@Example.com", "linked"),
        ("a@example.com", "b@example.com", "doubtful"),
    ],
)
def test_the_same_name_is_the_same_customer_unless_the_mail_differs(
    there: Make, sync: Sync, email: str, their_email: str, state: str
) -> None:
    mine = catalog.create_contact(Customer, name="Café  Zürich", email=email)
    fields = {"PrimaryEmailAddr": {"Address": their_email}} if their_email else {}
    number = there("Customer", DisplayName="CAFÉ Zürich", **fields)

    sync()

    found = link("customer", number)
    assert (found.state, found.record_id) == (state, mine.id)


def test_two_of_the_same_name_leave_doubt(there: Make, sync: Sync) -> None:
    for _ in range(2):
        catalog.create_contact(Customer, name="Twin Bakery")
    number = there("Customer", DisplayName="Twin Bakery")

    sync()

    assert link("customer", number).reason == "Several have this name"


def test_the_same_mail_with_another_name_leaves_doubt(there: Make, sync: Sync) -> None:
    catalog.create_contact(Customer, name="Ana Alder", email="ana@example.com")
    number = there(
        "Customer", DisplayName="Alder GmbH", PrimaryEmailAddr={"Address": "ana@example.com"}
    )

    sync()

    assert link("customer", number).reason == "Same e-mail address, other name"


@pytest.fixture
def doubt(there: Make, sync: Sync) -> tuple[Customer, str]:
    mine = catalog.create_contact(Customer, name="Doubt Ltd", email="one@example.com")
    number = there(
        "Customer", DisplayName="Doubt Ltd", PrimaryEmailAddr={"Address": "two@example.com"}
    )
    sync()
    return mine, number


def test_who_is_the_same_follows_from_then_on(
    connection: Connection, doubt: tuple[Customer, str]
) -> None:
    mine, number = doubt

    decide_matches([link("customer", number).id], decision="same")
    work()

    assert ours(Customer, id=mine.id).email == "two@example.com"


def test_who_is_another_one_gets_a_record_of_its_own(
    session: Session, connection: Connection, doubt: tuple[Customer, str]
) -> None:
    mine, number = doubt

    decide_matches([link("customer", number).id], decision="separate")
    work()

    made = link("customer", number)
    assert (made.state, made.record_id != mine.id) == ("linked", True)
    assert ours(Customer, id=mine.id).email == "one@example.com"
    assert ours(Customer, id=made.record_id).email == "two@example.com"


def test_who_is_left_out_becomes_nothing(
    session: Session, connection: Connection, doubt: tuple[Customer, str]
) -> None:
    _mine, number = doubt
    count = session.query(Customer).count()

    decide_matches([link("customer", number).id], decision="ignore")
    work()

    assert (link("customer", number).state, session.query(Customer).count()) == (
        "ignored",
        count,
    )


def test_one_of_ours_stands_for_one_of_theirs(
    there: Make, connection: Connection, sync: Sync
) -> None:
    catalog.create_contact(Customer, name="Same Mail", email="same@example.com")
    numbers = [
        there(
            "Customer",
            DisplayName=f"Twin {n}",
            PrimaryEmailAddr={"Address": "same@example.com"},
        )
        for n in range(2)
    ]
    sync()
    doubts = [link("customer", number).id for number in numbers]

    report = decide_matches(doubts, decision="same")

    states = {number: link("customer", number).state for number in numbers}
    assert sorted(states.values()) == ["doubtful", "linked"]
    [refused] = [number for number, state in states.items() if state == "doubtful"]
    reason = "One of ours would stand for two of theirs."
    assert report == {
        "done": 1,
        "refused": 1,
        "errors": [{"record": refused, "reason": reason}],
    }


def test_a_field_that_we_win_stays_ours(
    there: Make, connection: Connection, sync: Sync
) -> None:
    product = catalog.create_product(sku="GR-80", name="Our name", price=Decimal(3))
    set_field_precedence(connection.id, {"item.name": "ours"})
    there("Item", Name="Their name", Sku="GR-80", Type="NonInventory", UnitPrice=4)

    sync()

    followed = ours(Product, id=product.id)
    assert (followed.name, followed.price) == ("Our name", Decimal("4.0000"))


def test_giving_a_field_back_brings_their_value(
    there: Make, connection: Connection, sync: Sync
) -> None:
    product = catalog.create_product(sku="GR-81", name="Our name")
    set_field_precedence(connection.id, {"item.name": "ours"})
    there("Item", Name="Their name", Sku="GR-81", Type="NonInventory")
    sync()

    set_field_precedence(connection.id, {"item.name": "theirs"})
    work()

    assert ours(Product, id=product.id).name == "Their name"


def test_what_is_emptied_there_is_empty_here(
    quickbooks: QuickBooks, there: Make, sync: Sync
) -> None:
    number = there("Customer", DisplayName="Phoney", PrimaryPhone={"FreeFormNumber": "555"})
    sync()
    quickbooks.company.change("Customer", number, PrimaryPhone={})

    sync("changes")

    assert ours(Customer, name="Phoney").phone == ""


def test_two_items_of_one_sku_are_two_products(there: Make, sync: Sync) -> None:
    first = there("Item", Name="First", Sku="DUP-1", Type="NonInventory")
    second = there("Item", Name="Second", Sku="DUP-1", Type="NonInventory")

    sync()

    skus = {ours(Product, id=link("item", number).record_id).sku for number in (first, second)}
    assert skus == {"DUP-1", f"QB-{second}"}


def test_a_category_is_no_product(session: Session, there: Make, sync: Sync) -> None:
    number = there("Item", Name="Only a shelf", Type="Category")

    sync()

    assert session.query(RecordLink).filter_by(kind="item", external_id=number).count() == 0


def test_an_inactive_name_loses_its_suffix(
    quickbooks: QuickBooks, there: Make, sync: Sync
) -> None:
    number = there("Vendor", DisplayName="Closed Mill")
    quickbooks.company.deactivate("Vendor", number)

    sync()

    assert not ours(Vendor, name="Closed Mill").is_active


def test_an_invoice_knows_our_customer(session: Session, sync: Sync) -> None:
    sync()

    invoice = session.scalars(select(Invoice).order_by(Invoice.id)).first()
    assert invoice is not None
    assert ours(Customer, id=invoice.customer_id).name in invoice.customer_name


def test_what_was_set_aside_can_be_tried_again(
    quickbooks: QuickBooks, connection: Connection, there: Make, sync: Sync
) -> None:
    number = there("Item", Name="Discount", Type="Service", UnitPrice=-1)
    sync()
    row = ours(RejectedRecord, external_id=number)
    quickbooks.company.change("Item", number, UnitPrice=1)

    retry_rejected([row.id])
    work()

    assert ours(RejectedRecord, id=row.id).resolved_at is not None
    assert ours(Product, name="Discount")


def test_open_pages_hear_that_ours_have_followed(there: Make, sync: Sync) -> None:
    there("Item", Name="Grinder", Sku="GR-79", Type="NonInventory")
    run = sync()
    channel = broker().pubsub(ignore_subscribe_messages=True)
    channel.subscribe(live_channel())
    channel.get_message(timeout=1)

    apply_changes(run.connection_id)

    messages = iter(lambda: channel.get_message(timeout=0.05), None)
    heard = [json.loads(message["data"])["event"] for message in messages]
    assert "ConnectionChanged" in heard
