"""Goods go from one warehouse to another: on the way, incoming, received, explained."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalog.models import Product
from app.catalog.services import ComponentDraft, set_components
from app.core.alerts.models import Alert
from app.core.days import today
from app.core.db import db
from app.core.errors import Invalid, InvalidRow
from app.core.idempotency import KeyReused
from app.core.uses import InUse, ensure_unused
from app.documents.errors import NotAllowed
from app.purchasing.models import ProductCost
from app.stock.errors import CannotReverse, InsufficientStock
from app.stock.incoming import incoming_of
from app.stock.models import Balance, Location, Lot, Movement
from app.stock.queries import inventory
from app.stock.services import Move, check_ledger, post, reverse_posting
from app.transfers import services
from app.transfers.models import Transfer
from app.transfers.services import Said, Wanted, undo_step, watch_late_transfers
from app.transfers.services.locking import fresh_transfer
from tests.factories import LocationFactory, ProductFactory, WarehouseFactory
from tests.stock.conftest import deadlocks, held, place, stocked
from tests.stock.test_concurrency import at_once

__all__ = ["deadlocks"]

KEYS = count(1)


@pytest.fixture
def east(session: Session) -> Location:
    """A bin of another warehouse."""
    warehouse = WarehouseFactory.create(code="EAST")
    return LocationFactory.create(code="E-1", path="EAST/E-1/", parent_id=warehouse.id)


def written(*wanted: tuple[Product, object], **more: Any) -> Transfer:
    ends = {"source_id": place("MAIN").id, "destination_id": place("EAST").id}
    values: Any = ends | {"key": f"transfer {next(KEYS)}"} | more
    return services.create_transfer(
        [Wanted(product.id, Decimal(str(quantity))) for product, quantity in wanted], **values
    )


def said(transfer: Transfer, *quantities: object, word: str = "") -> list[Said]:
    return [
        Said(line.id, Decimal(str(quantity)), word)
        for line, quantity in zip(fresh_transfer(transfer.id).lines, quantities, strict=False)
        if quantity
    ]


def sent(transfer: Transfer, *quantities: object, **more: Any) -> Any:
    values: Any = {"key": f"send {next(KEYS)}"} | more
    return services.send_transfer(transfer.id, said(transfer, *quantities), **values)


def received(transfer: Transfer, *quantities: object, word: str = "good", **more: Any) -> Any:
    values: Any = {"key": f"receive {next(KEYS)}", "location_id": place("E-1").id} | more
    items = said(transfer, *quantities, word=word)
    return services.receive_transfer(transfer.id, items, **values)


def explained(transfer: Transfer, *quantities: object, word: str) -> Any:
    items = said(transfer, *quantities, word=word)
    return services.explain_difference(transfer.id, items, key=f"explain {next(KEYS)}")


def figures(product: Product) -> Any:
    row: Any = db.session.execute(inventory(q=product.sku)).one()
    return row.on_hand, row.available, row.incoming


def test_what_is_sent_is_on_hand_and_incoming_but_not_available(east: Location) -> None:
    kettle = stocked(10)
    transfer = sent(written((kettle, 4)), 4)

    assert transfer.status == "sent"
    assert held(kettle) == (6, 0)
    assert held(kettle, place("MAIN-TO-EAST")) == (4, 0)
    assert figures(kettle) == (10, 6, 4)
    expected: Any = db.session.execute(incoming_of(kettle.id)).one()
    assert expected.document == transfer.number
    assert expected.warehouse_id == place("EAST").id
    assert expected.href == f"/transfer-orders/{transfer.id}"
    check_ledger(lambda _done, _total: None)


def test_it_is_received_partly_and_the_rest_stays_on_the_way(east: Location) -> None:
    kettle, cup = stocked(10), stocked(10)
    transfer = sent(written((kettle, 4), (cup, 6)), 4, 6)

    transfer = received(transfer, 3, 6)
    assert transfer.status == "partly"
    assert [line.on_the_way for line in transfer.lines] == [1, 0]
    assert (held(kettle, east), held(cup, east)) == ((3, 0), (6, 0))
    transfer = received(transfer, 1)
    assert transfer.status == "received"
    assert figures(kettle) == (10, 10, 0)


def test_what_is_damaged_is_put_aside_where_it_arrives(east: Location) -> None:
    kettle = stocked(10)
    transfer = received(sent(written((kettle, 4)), 4), 4, word="damaged")

    aside = transfer.steps[-1].parts[0].location
    assert (aside.kind, aside.path.startswith("EAST/")) == ("quarantine", True)
    assert figures(kettle) == (10, 6, 0)


@pytest.mark.parametrize(("word", "on_hand"), [("lost", 9), ("damaged", 9), ("stolen", 9)])
def test_a_difference_is_explained_and_leaves_the_books(
    east: Location, word: str, on_hand: int
) -> None:
    kettle = stocked(10)
    transfer = received(sent(written((kettle, 4)), 4), 3)

    transfer = explained(transfer, 1, word=word)

    assert (transfer.status, transfer.lines[0].lost) == ("received", 1)
    assert figures(kettle) == (on_hand, on_hand, 0)
    movement = select(Movement.reason).order_by(Movement.id.desc()).limit(1)
    assert db.session.scalar(movement) == word


def test_more_than_was_sent_is_found_first_and_received_then(east: Location) -> None:
    kettle = stocked(10)
    transfer = sent(written((kettle, 4)), 4)

    with pytest.raises(Invalid, match="4 are on the way, not 5: explain what was found first"):
        received(transfer, 5)
    transfer = received(explained(transfer, 1, word="found"), 5)

    assert (transfer.status, transfer.lines[0].found) == ("received", 1)
    assert held(kettle, east) == (5, 0)


def test_what_is_not_sent_now_follows_only_where_that_is_said(east: Location) -> None:
    kettle = stocked(10)
    parts = sent(written((kettle, 4)), 1, rest_follows=True)
    assert parts.may_be_sent
    parts = received(sent(parts, 3), 4)
    assert parts.status == "received"

    short = received(sent(written((kettle, 4)), 1), 1)
    assert short.status == "received"
    with pytest.raises(NotAllowed, match="left to be sent"):
        sent(short, 1)
    with pytest.raises(Invalid, match="4 are left to be sent, not 5"):
        sent(written((kettle, 4)), 5)


def test_too_few_there_is_refused_with_what_is_missing(east: Location) -> None:
    kettle, cup = stocked(3), stocked(1)
    stocked(20, cup, east)
    transfer = written((kettle, 4), (cup, 3))

    with pytest.raises(
        InsufficientStock, match=rf"In MAIN .* 1 of {kettle.sku}, 2 of {cup.sku}"
    ):
        sent(transfer, 4, 3)

    assert held(kettle) == (3, 0)


def test_the_same_key_moves_once_and_another_request_with_it_is_refused(
    east: Location,
) -> None:
    kettle = stocked(10)
    transfer = written((kettle, 4), key="once")
    assert written((kettle, 4), key="once").id == transfer.id
    with pytest.raises(KeyReused):
        written((kettle, 5), key="once")

    sent(transfer, 2, key="leave", rest_follows=True)
    again = sent(transfer, 2, key="leave", rest_follows=True)
    assert (again.lines[0].sent, held(kettle)) == (2, (8, 0))
    with pytest.raises(KeyReused):
        sent(transfer, 1, key="leave", rest_follows=True)


def test_steps_are_undone_from_the_last_one_back(east: Location) -> None:
    kettle = stocked(10)
    transfer = received(sent(written((kettle, 4)), 4), 3)
    transfer = explained(transfer, 1, word="lost")
    left, came, lost = transfer.steps

    with pytest.raises(NotAllowed, match="only 0 are on the way still"):
        undo_step(transfer.id, left.id)
    with pytest.raises(CannotReverse, match=f"caused by {transfer.number}"):
        reverse_posting(left.posting_id or 0, key="by hand")
    assert undo_step(transfer.id, lost.id).lines[0].on_the_way == 1
    assert undo_step(transfer.id, came.id).status == "sent"
    transfer = undo_step(transfer.id, left.id)

    assert (transfer.status, transfer.may_be_sent) == ("draft", True)
    assert (held(kettle), figures(kettle)) == ((10, 0), (10, 10, 0))
    with pytest.raises(NotAllowed, match="undone already"):
        undo_step(transfer.id, left.id)
    check_ledger(lambda _done, _total: None)


def test_what_came_and_has_gone_is_not_undone(east: Location) -> None:
    kettle = stocked(10)
    transfer = received(sent(written((kettle, 4)), 4), 4)
    back = Move(
        product_id=kettle.id,
        from_location_id=east.id,
        to_location_id=place("MAIN-01").id,
        quantity=Decimal(1),
        reason="transferred",
    )
    post([back], key="carried back")

    with pytest.raises(InsufficientStock):
        undo_step(transfer.id, transfer.steps[-1].id)


def test_lots_arrive_as_the_lots_that_left(east: Location) -> None:
    tea = ProductFactory.create()
    lots = [Lot(product_id=tea.id, code=code) for code in ("A", "B")]
    db.session.add_all(lots)
    db.session.flush()
    for lot, quantity in zip(lots, (2, 3), strict=True):
        opening = Move(
            product_id=tea.id,
            lot_id=lot.id,
            from_location_id=place("ADJUSTMENTS").id,
            to_location_id=place("MAIN-01").id,
            quantity=Decimal(quantity),
            reason="opening",
        )
        post([opening], key=f"lot {lot.code}")
    transfer = received(sent(written((tea, 5)), 5), 4)

    there = select(Lot.code, Balance.on_hand).join(Balance, Balance.lot_id == Lot.id)
    found = dict(db.session.execute(there.where(Balance.location_id == east.id)).all())
    assert found == {"A": 2, "B": 2}
    with pytest.raises(NotAllowed, match="only 0 are on the way still"):
        undo_step(transfer.id, transfer.steps[0].id)


def test_movements_carry_what_the_goods_cost_when_they_left(east: Location) -> None:
    kettle = stocked(10)
    cost = ProductCost(product_id=kettle.id, average=Decimal("12.5"))
    db.session.add(cost)
    db.session.flush()
    transfer = sent(written((kettle, 4)), 4)
    cost.average = Decimal(20)
    db.session.flush()
    received(transfer, 4)

    costs = select(Movement.unit_cost).where(Movement.document_type == "transfer")
    assert [*db.session.scalars(costs)] == [Decimal("12.5")] * 2


def test_what_makes_no_transfer_is_refused(east: Location) -> None:
    kettle = stocked(10)
    bundle = ProductFactory.create()
    drafts = [ComponentDraft(Decimal(1), product_id=kettle.id)]
    set_components(bundle.id, kind="bundle", components=drafts, version=None)

    with pytest.raises(Invalid, match="another warehouse"):
        written((kettle, 1), destination_id=place("MAIN").id)
    with pytest.raises(Invalid, match="Choose a warehouse"):
        written((kettle, 1), destination_id=east.id)
    with pytest.raises(Invalid, match="what is to go"):
        written()
    with pytest.raises(InvalidRow, match="is a bundle"):
        written((bundle, 1))
    with pytest.raises(InvalidRow, match="there twice"):
        written((kettle, 1), (kettle, 2))
    with pytest.raises(InvalidRow, match="above zero"):
        written((kettle, 0))


def test_a_draft_is_cancelled_and_what_is_on_the_way_is_not(east: Location) -> None:
    kettle = stocked(10)
    draft, going = written((kettle, 1)), sent(written((kettle, 1)), 1)

    assert services.cancel_transfer(draft.id).status == "cancelled"
    with pytest.raises(NotAllowed, match="left to be sent"):
        sent(draft, 1)
    with pytest.raises(NotAllowed, match="undo what was sent first"):
        services.cancel_transfer(going.id)


def test_products_and_warehouses_on_the_way_are_in_use(east: Location) -> None:
    kettle = stocked(10)
    transfer = sent(written((kettle, 4)), 4)
    for record in (kettle, place("EAST")):
        with pytest.raises(InUse, match=f"1 unfinished transfer .{transfer.number}"):
            ensure_unused(record)

    received(transfer, 4)
    ensure_unused(place("EAST"))


def test_late_transfers_are_told_until_they_have_come(east: Location) -> None:
    transfer = sent(written((stocked(10), 4), expected_on=today() - timedelta(1)), 4)
    assert transfer.is_late

    watch_late_transfers()
    watch_late_transfers()

    alerts = select(Alert).where(Alert.key == "transfers:late")
    alert = db.session.scalars(alerts).one()
    assert (alert.title, alert.occurrences) == ("One transfer is late", 1)
    received(transfer, 4)
    watch_late_transfers()
    db.session.refresh(alert)
    assert alert.closed_at is not None


@pytest.mark.committed
def test_two_who_receive_at_once_take_in_what_is_on_the_way_and_no_more(
    app: Flask, east: Location, deadlocks: Callable[[], int]
) -> None:
    transfer = sent(written((stocked(10), 4)), 4)
    transfer_id, product_id = transfer.id, transfer.lines[0].product_id
    line_id, bin_id = transfer.lines[0].id, east.id
    db.session.commit()

    def receive(number: int) -> Any:
        items = [Said(line_id, Decimal(1), "good")]
        return services.receive_transfer(
            transfer_id, items, key=f"tablet {number}", location_id=bin_id
        ).id

    results = at_once(app, receive, 6)

    assert sum(isinstance(one, Invalid | NotAllowed) for one in results) == 2
    assert deadlocks() == 0
    assert held(db.session.get_one(Product, product_id), place("E-1")) == (4, 0)
    check_ledger(lambda _done, _total: None)
