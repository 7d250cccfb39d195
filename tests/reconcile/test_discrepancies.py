"""Our stock against a marketplace's: what differs is found, and nothing else is."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, text

from app.catalog.models import Product
from app.core.alerts import Alert
from app.core.db import db, transaction
from app.core.errors import Invalid
from app.integrations.hub.models import Connection
from app.integrations.marketplaces.models import (
    InboundShipment,
    InboundShipmentLine,
    LedgerEvent,
    MarketplaceStock,
)
from app.integrations.sync.models import StreamState
from app.reconcile import jobs
from app.reconcile.discrepancies import explaining, queries, services
from app.reconcile.discrepancies.models import Discrepancy, StockComparison
from app.stock.ledger import Move
from app.stock.models import Location
from app.stock.services import post
from tests.factories import LocationFactory, ProductFactory
from tests.stock.conftest import NUMBERS
from tests.stock.conftest import place as virtual

NOW = datetime.now(UTC)
AN_HOUR = timedelta(hours=1)
Told = Callable[..., MarketplaceStock]


@pytest.fixture
def account() -> Connection:
    """An account at a marketplace, whose stock was read an hour ago."""
    made = Connection(
        system="amazon", account="A1STANDINKITCHEN/DE", name="Kitchen & Co (DE)",
        environment="eu", connected_at=NOW, state="connected",
    )  # fmt: skip
    with transaction() as session:
        session.add(made)
        session.flush()
        session.add(StreamState(connection_id=made.id, stream="stock", read_at=NOW - AN_HOUR))
    return made


@pytest.fixture
def place() -> Location:
    """Where our books say what lies there."""
    return LocationFactory.create(code="FBA-DE", path="FBA-DE/")


@pytest.fixture
def comparison(account: Connection, place: Location) -> StockComparison:
    return services.set_comparison(account.id, location="fba-de", tolerance=Decimal(0))


@pytest.fixture
def told(account: Connection) -> Told:
    """Let the marketplace say how many there are of a product."""

    def told(product: Product | None, sellable: int, **more: Any) -> MarketplaceStock:
        sku = product.sku if product else "STRANGE-1"
        values: dict[str, Any] = {
            "connection_id": account.id, "external_id": f"{sku}|X-{sku}", "sku": sku,
            "fnsku": f"X-{sku}", "asin": "", "name": "", "condition": "", "reserved": 0,
            "unsellable": 0, "researching": 0, "inbound": 0, "receiving": 0,
            "fulfillable": sellable, "total": sellable, "changed_at": None,
            "product_id": product.id if product else None,
        } | more  # fmt: skip
        with transaction() as session:
            row = MarketplaceStock(**values)
            session.add(row)
        return row

    return told


def move(product: Product, place: Location, quantity: int, *, ago: timedelta) -> None:
    """Let our books say that pieces came to a place, or went, some time ago."""
    outside = virtual("ADJUSTMENTS")
    ends = (outside.id, place.id) if quantity > 0 else (place.id, outside.id)
    line = Move(
        product_id=product.id, from_location_id=ends[0], to_location_id=ends[1],
        quantity=Decimal(abs(quantity)), reason="found" if quantity > 0 else "lost",
        occurred_at=NOW - ago,
    )  # fmt: skip
    post([line], key=f"move {next(NUMBERS)}")


def found() -> list[tuple[str, Decimal, str]]:
    query = select(Discrepancy, Product.sku).join(Product).order_by(Product.sku)
    fresh = query.execution_options(populate_existing=True)
    return [(sku, one.quantity, one.state) for one, sku in db.session.execute(fresh)]


def only() -> Discrepancy:
    query = queries.discrepancies().execution_options(populate_existing=True)
    return db.session.scalars(query).one()


def test_what_differs_is_found_and_nothing_else(
    comparison: StockComparison, place: Location, told: Told
) -> None:
    same, fewer, more = (ProductFactory.create(sku=sku, price=2) for sku in "ABC")
    for product in (same, fewer, more):
        move(product, place, 10, ago=timedelta(days=9))
    told(same, 6, reserved=3, unsellable=1)
    told(fewer, 7)
    told(more, 12)
    told(None, 5)

    result = services.find_discrepancies()

    assert found() == [("B", Decimal(-3), "open"), ("C", Decimal(2), "open")]
    assert {one.value for one in db.session.scalars(select(Discrepancy))} == {
        Decimal(6), Decimal(4),
    }  # fmt: skip
    assert result == {"accounts": 1, "compared": 3, "differing": 2, "not_answered": 0}
    assert (comparison.unknown, comparison.untold) == (1, 0)


def test_what_moved_after_the_snapshot_is_taken_into_account(
    comparison: StockComparison, place: Location, told: Told
) -> None:
    product = ProductFactory.create(sku="A")
    move(product, place, 10, ago=timedelta(days=9))
    move(product, place, -4, ago=timedelta(minutes=20))
    told(product, 10)

    services.find_discrepancies()

    assert found() == []


def test_what_lies_below_the_location_counts_and_what_lies_elsewhere_does_not(
    account: Connection, told: Told
) -> None:
    house = LocationFactory.create(code="FBA", path="FBA/", kind="warehouse")
    inside = LocationFactory.create(code="FBA-1", path="FBA/FBA-1/", parent_id=house.id)
    outside = LocationFactory.create(code="FBA2", path="FBA2/")
    services.set_comparison(account.id, location="FBA", tolerance=Decimal(0))
    product = ProductFactory.create(sku="A")
    move(product, inside, 10, ago=timedelta(days=9))
    move(product, outside, 3, ago=timedelta(days=9))
    told(product, 10)

    services.find_discrepancies()

    assert found() == []


def test_a_difference_within_the_tolerance_is_none(
    account: Connection, place: Location, told: Told
) -> None:
    services.set_comparison(account.id, location="FBA-DE", tolerance=Decimal(2))
    for sku, there in (("A", 8), ("B", 7)):
        product = ProductFactory.create(sku=sku)
        move(product, place, 10, ago=timedelta(days=9))
        told(product, there)

    services.find_discrepancies()

    assert found() == [("B", Decimal(-3), "open")]


def test_it_ends_once_both_agree_and_is_opened_again_if_they_do_not(
    comparison: StockComparison, place: Location, told: Told
) -> None:
    product = ProductFactory.create(sku="A")
    move(product, place, 10, ago=timedelta(days=9))
    row = told(product, 8)
    services.find_discrepancies()
    services.explain_discrepancy(only().id, note="Lost at the dock")

    with transaction():
        row.fulfillable = 10
    services.find_discrepancies()
    assert found() == [("A", Decimal(0), "reconciled")]

    with transaction():
        row.fulfillable = 9
    services.find_discrepancies()
    assert sorted(found()) == [("A", Decimal(-1), "open"), ("A", Decimal(0), "reconciled")]


def test_what_was_said_of_it_holds_as_long_as_it_stays_the_same(
    comparison: StockComparison, place: Location, told: Told
) -> None:
    product = ProductFactory.create(sku="A")
    move(product, place, 10, ago=timedelta(days=9))
    row = told(product, 8)
    services.find_discrepancies()
    services.dismiss_discrepancy(only().id, note="Too small")

    services.find_discrepancies()
    assert only().state == "dismissed"

    with transaction():
        row.fulfillable = 5
    services.find_discrepancies()
    assert (only().state, only().quantity) == ("open", Decimal(-5))


@pytest.mark.parametrize("is_read", [True, False])
def test_a_snapshot_that_says_nothing_opens_and_closes_nothing(
    account: Connection, comparison: StockComparison, place: Location, told: Told,
    is_read: bool,
) -> None:  # fmt: skip
    product = ProductFactory.create(sku="A")
    move(product, place, 10, ago=timedelta(days=9))
    row = told(product, 8)
    services.find_discrepancies()
    with transaction() as session:
        row.fulfillable = 0
        if not is_read:
            session.execute(text("UPDATE stream_state SET read_at = NULL"))

    result = services.find_discrepancies()

    assert found() == [("A", Decimal(-2), "open")]
    assert result["not_answered"] == 1
    assert comparison.problem in {
        "Its stock has not been read yet.",
        "It says that nothing lies there, which is held for no answer.",
    }


def test_what_the_snapshot_does_not_name_is_counted_and_not_held_for_lost(
    comparison: StockComparison, place: Location, told: Told
) -> None:
    for sku in "AB":
        move(ProductFactory.create(sku=sku), place, 10, ago=timedelta(days=9))
    told(db.session.scalars(select(Product).filter_by(sku="A")).one(), 10)

    services.find_discrepancies()

    assert found() == []
    assert comparison.untold == 1


def test_an_account_that_was_ended_is_not_compared(
    account: Connection, comparison: StockComparison, place: Location, told: Told
) -> None:
    product = ProductFactory.create(sku="A")
    told(product, 8)
    with transaction():
        account.state = "disconnected"

    assert services.find_discrepancies()["accounts"] == 0
    assert found() == []


def test_both_ledgers_say_what_may_be_behind_it(
    account: Connection, comparison: StockComparison, place: Location, told: Told
) -> None:
    product = ProductFactory.create(sku="A")
    tote = LocationFactory.create(code="T-04", path="T-04/", kind="tote")
    move(product, place, 20, ago=timedelta(days=9))
    move(product, tote, 3, ago=timedelta(days=9))
    move(product, place, 4, ago=timedelta(hours=3))
    move(product, place, -2, ago=timedelta(minutes=10))
    told(product, 14, researching=1)
    with transaction() as session:
        session.add(LedgerEvent(
            connection_id=account.id, external_id="2026-11#1", day=NOW.date(), sku="A",
            fnsku="X-A", asin="", name="", event="Adjustments", reference="R-77",
            quantity=-2, warehouse="LEJ1", disposition="SELLABLE", reason="M", country="DE",
            reconciled=0, unreconciled=2,
        ))  # fmt: skip
        session.add(InboundShipment(
            connection_id=account.id, external_id="FBA15", name="", warehouse="LEJ1",
            status="CLOSED",
        ))  # fmt: skip
        session.add(InboundShipmentLine(
            connection_id=account.id, external_id="FBA15|A", shipment="FBA15", sku="A",
            fnsku="X-A", shipped=24, received=21,
        ))  # fmt: skip
    services.find_discrepancies()
    one = only()
    assert one.quantity == Decimal(-10)

    causes = explaining.explain(
        one, db.session.scalars(queries.comparison_of(account.id)).one()
    )

    told_of = {cause.said: cause.quantity for cause in causes}
    said = " ".join(told_of)
    assert "1 are being looked for there." in told_of
    assert "R-77" in said
    assert "3 of shipment FBA15 have not been received there (closed)." in told_of
    assert "2 went to" in said
    assert "taken into account" in said
    assert "3 of ours are in tote T-04." in told_of
    assert sum(told_of.values()) == Decimal(-10)
    assert explaining.explained(one, causes) == Decimal(-10)


def test_causes_of_the_other_sign_explain_nothing() -> None:
    one = Discrepancy(quantity=Decimal(-3))

    causes = [explaining.Cause(Decimal(5), "came")]

    assert explaining.explained(one, causes) == 0
    assert explaining.explained(one, [explaining.Cause(Decimal(-5), "lost")]) == -3


def test_one_alert_tells_of_those_that_nobody_has_explained(
    comparison: StockComparison, place: Location, told: Told
) -> None:
    product = ProductFactory.create(sku="A")
    move(product, place, 10, ago=timedelta(days=9))
    told(product, 8)
    jobs.find_discrepancies()
    kind = select(Alert).where(Alert.kind == "reconcile.discrepancies")
    assert db.session.scalars(kind).one().title.startswith("One product differs")

    services.explain_discrepancy(only().id, note="Lost at the dock")

    assert db.session.scalars(kind.where(Alert.closed_at.is_(None))).all() == []


def test_a_location_that_is_none_stands_for_nothing(account: Connection) -> None:
    with pytest.raises(Invalid, match="no location"):
        services.set_comparison(account.id, location="NOWHERE", tolerance=Decimal(0))


def test_nothing_more_is_said_of_what_agrees_again(
    comparison: StockComparison, place: Location, told: Told
) -> None:
    product = ProductFactory.create(sku="A")
    move(product, place, 10, ago=timedelta(days=9))
    row = told(product, 8)
    services.find_discrepancies()
    one = only()
    with transaction():
        row.fulfillable = 10
    services.find_discrepancies()

    with pytest.raises(services.DiscrepancyClosed):
        services.explain_discrepancy(one.id, note="Late")
