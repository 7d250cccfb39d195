"""The purchase orders of AdventureWorks, imported, received as they were, and adding up.

A sample of them, for they are 4,012: OPSROOM_TEST_ALL=1 takes all.
"""

import csv
import os
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.catalog.models import Product, Vendor
from app.core.db import db
from app.core.quantities import half_up, plain
from app.purchasing import queries, services
from app.purchasing.models import PurchaseLine, PurchaseOrder
from app.purchasing.services import ReceivedItem
from app.stock.incoming import incoming
from app.stock.models import Balance, Location
from app.stock.services import check_ledger
from tests.imports.samples import imported

SHARED = Path(__file__).parents[2].parent / "shared" / "data" / "catalog_adventureworks"
HEADER = ("PO number", "Vendor", "Order date", "SKU", "Order qty", "Unit cost", "Due date")
SHORT_LINES, LINES_WITH_REJECTS = 380, 563
SAMPLE = 12  # orders of each kind: in full, short, with rejects

pytestmark = pytest.mark.skipif(not SHARED.exists(), reason="../shared/data is not here")


class Line(NamedTuple):
    """A line of their file."""

    order: str
    due: str
    product: str
    ordered: Decimal
    price: Decimal
    total: Decimal
    received: Decimal
    rejected: Decimal

    @property
    def is_short(self) -> bool:
        return self.received < self.ordered


def table(name: str) -> list[list[str]]:
    with (SHARED / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return [*csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]


def lines() -> list[Line]:
    found = [
        Line(row[0], row[2][:10], row[4], *map(Decimal, (row[3], *row[5:9])))
        for row in table("PurchaseOrderDetail")
    ]
    if os.environ.get("OPSROOM_TEST_ALL"):
        assert len(found) == 8_845
        assert sum(one.is_short for one in found) == SHORT_LINES
        assert sum(one.rejected > 0 for one in found) == LINES_WITH_REJECTS
        return found
    full = [one.order for one in found if not one.is_short and not one.rejected][:SAMPLE]
    short = [one.order for one in found if one.is_short][:SAMPLE]
    rejects = [one.order for one in found if one.rejected][:SAMPLE]
    sample = {*full, *short, *rejects}
    return [one for one in found if one.order in sample]


def catalogue(session: Session, wanted: Sequence[Line]) -> dict[str, Product]:
    ids = {one.product for one in wanted}
    found = {
        row[0]: Product(sku=row[2], name=row[1]) for row in table("Product") if row[0] in ids
    }
    session.add_all([*found.values()])
    session.add_all([Vendor(code=row[1], name=row[2]) for row in table("Vendor")])
    session.commit()
    return found


def test_they_are_imported_received_and_add_up(session: Session) -> None:
    theirs = lines()
    products = catalogue(session, theirs)
    vendors = {row[0]: row[1] for row in table("Vendor")}
    heads = {row[0]: (vendors[row[4]], row[6][:10]) for row in table("PurchaseOrderHeader")}

    result = imported(
        "purchase_orders",
        HEADER,
        *(
            (
                f"AW-{one.order}",
                *heads[one.order],
                products[one.product].sku,
                plain(one.ordered),
                plain(one.price),
                one.due,
            )
            for one in theirs
        ),
    )
    assert (result["created"], result["errors"]) == (len(theirs), [])
    for number, some in _by_order(theirs).items():
        _receive(number, some, products)

    _adds_up(session, theirs)


def _by_order(theirs: Sequence[Line]) -> dict[str, list[Line]]:
    orders: dict[str, list[Line]] = defaultdict(list)
    for one in theirs:
        orders[one.order].append(one)
    return orders


def _receive(number: str, theirs: Sequence[Line], products: dict[str, Product]) -> None:
    """Take an order through its life: what did not come is closed short."""
    order: Any = order_with(number)
    services.approve_order(order.id)
    services.mark_sent(order.id)
    assert [line.product_id for line in order.lines] == [products[t.product].id for t in theirs]
    items = [
        item
        for ours, one in zip(order.lines, theirs, strict=True)
        for item in (
            ReceivedItem(one.received - one.rejected, line_id=ours.id),
            ReceivedItem(one.rejected, line_id=ours.id, condition="damaged"),
        )
    ]
    services.receive_goods(order.id, items, key=f"aw {number}")
    if any(one.is_short for one in theirs):
        services.close_short(order.id)


def order_with(number: str) -> PurchaseOrder:
    return db.session.scalars(queries.order_of_file(f"AW-{number}")).one()


def _adds_up(session: Session, theirs: Sequence[Line]) -> None:
    ours = PurchaseLine
    sums = select(
        func.count(),
        func.sum(ours.units_ordered),
        func.sum(ours.units_received),
        func.sum(ours.units_cancelled),
    )
    ordered = sum(one.ordered for one in theirs)
    received = sum(one.received for one in theirs)
    rejected = sum(one.rejected for one in theirs)
    assert [*session.execute(sums).one()] == [
        len(theirs),
        ordered,
        received,
        ordered - received,
    ]
    states = select(PurchaseOrder.status).distinct()
    assert session.scalars(states).all() == ["received"]
    short = select(func.count()).where(ours.units_cancelled > 0)
    assert session.scalar(short) == sum(one.is_short for one in theirs)

    there = (
        select(Location.kind, func.sum(Balance.on_hand))
        .join(Balance.location)
        .group_by(Location.kind)
    )
    assert dict(session.execute(there).all()) == {
        "bin": received - rejected,
        "quarantine": rejected,
    }
    due = [half_up(one.total * one.received / one.ordered, 2) for one in theirs]
    assert session.scalar(select(func.sum(ours.total))) == sum(due)
    assert session.execute(select(incoming())).all() == []
    check_ledger(lambda _done, _total: None)
