"""The believable company is whole and honest. All look at the same one: it takes a while."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.assembly.models import Build
from app.attendance.models import PunchVerdict, WorkSession
from app.attendance.services import Changes, rebuild
from app.core.alerts import Alert
from app.core.days import today
from app.core.db import db
from app.demo import bundles, purchases
from app.demo.picking import TOTES
from app.demo.planning import CYCLES
from app.demo.sales_orders import STATES
from app.fulfilment import queries
from app.fulfilment.models import PickTask
from app.orders.models import STATUSES, OrderLine, SalesOrder
from app.purchasing.models import GoodsReceipt, PurchaseOrder
from app.reports.models import KINDS
from app.stock.models import Balance, Lot, Movement, Reservation
from app.stock.services import recall_lot, trace_lot
from app.stock.services.ledger_check import check_ledger
from tests.conftest import shared
from tests.demo.making import LAST, ledger, small


@pytest.fixture(scope="module", autouse=True)
def company(app: Flask) -> Iterator[dict[str, int]]:
    with shared(app):
        yield small()


def test_the_ledger_proves_itself(company: dict[str, int]) -> None:
    told = {**company}
    lines = told.pop("lines of sales")

    assert lines == db.session.scalar(text("SELECT count(*) FROM sales_line"))
    assert lines > 30
    assert check_ledger(lambda _done, _total: None)["differences"] == 0
    assert told == {
        "products": 75,
        "customers": 300,
        "vendors": 60,
        "warehouses": 3,
        "orders": sum(STATES.values()),
        "inbound shipments": 2,
        "orders that vendors deliver": 2,
        "purchase orders": sum(purchases.STATES.values()),
        "bundles": 3,
        "lots and serial numbers": 12,
        "transfers": 4,
        "returns to vendors": 2,
        "bills of vendors": 4,
        "employees": 24,
        "punches": told["punches"],
        "cycles of forecasts": CYCLES,
        "suggestions of supply": told["suggestions of supply"],
        "reports": len(KINDS),
    }
    assert told["suggestions of supply"] > 0


def test_people_come_and_go_with_every_flaw(session: Session) -> None:
    outcomes = set(session.scalars(select(PunchVerdict.outcome)))
    open_ones = session.scalar(select(func.count()).where(WorkSession.end_at.is_(None)))
    assert {"accepted", "duplicate", "unknown", "unsure"} <= outcomes
    assert open_ones
    assert rebuild(session) == Changes()


def test_there_are_orders_in_every_state(session: Session) -> None:
    states = set(session.scalars(select(SalesOrder.status)))
    assert states == set(STATUSES) - {"packed"}  # who has packed all ships it
    in_work = select(PickTask.state, func.count()).group_by(PickTask.state)
    assert dict(session.execute(in_work).all()) == {"picking": 3, "picked": 4}
    assert len(session.scalars(queries.free_totes()).all()) == TOTES - 7


def test_there_are_purchase_orders_in_every_state_and_some_are_late(
    session: Session,
) -> None:
    ours = select(PurchaseOrder.status, func.count()).where(
        PurchaseOrder.delivery_address == ""
    )
    counted = ours.group_by(PurchaseOrder.status)
    states = purchases.STATES | {"received": purchases.STATES["received"] + 3}  # with lots
    assert dict(session.execute(counted).all()) == states
    late = select(func.count()).select_from(PurchaseOrder).where(PurchaseOrder.due_on < today())
    assert session.scalar(late) == purchases.LATE
    assert session.scalar(select(func.count()).select_from(GoodsReceipt))


def test_bundles_are_sold_and_a_set_is_built(session: Session) -> None:
    sold = select(OrderLine.sku).where(OrderLine.is_bundle).order_by(OrderLine.sku)
    kept = select(Build.quantity, Build.value).order_by(Build.id)

    assert session.scalars(sold).all() == ["KIT-01", "KIT-02", "KIT-03"]
    [(quantity, value), _roast] = session.execute(kept).all()
    assert quantity == bundles.BUILDS
    assert value is not None
    assert value > 0


def test_lots_are_received_built_sold_called_back_and_expire(session: Session) -> None:
    known = {lot.code: lot for lot in session.scalars(select(Lot))}
    asked = select(Alert.key).where(Alert.key.startswith("lots:"), Alert.closed_at.is_(None))

    assert {lot.state for lot in known.values()} == {"Free", "Expired", "Blocked"}
    assert len(session.scalars(asked).all()) == 3  # one has expired, two will
    trace = trace_lot(known["GC-HUILA-31"])
    assert [lot.code for lot in trace.products] == ["R-1107"]
    assert sum(one.left for one in trace.deliveries) == 16
    assert len(recall_lot(known["GC-HUILA-31"])) == 2


def test_everything_that_happens_in_a_warehouse_happens(session: Session) -> None:
    reasons = {row.reason for row in ledger()}
    assert reasons >= {"opening", "shipped", "received", "transferred", "counted", "returned"}
    assert session.scalar(select(func.count()).select_from(Reservation))
    assert session.scalar(select(func.count()).where(Balance.on_hand == 0))
    diary = select(Movement.occurred_at).where(Movement.document_type.is_(None))
    dates = session.scalars(diary).all()  # what orders of today move, moves today
    assert datetime(2026, 2, 6, tzinfo=UTC) <= min(dates) < max(dates) < LAST


def test_thirty_months_of_sales_come_with_customers_and_products(session: Session) -> None:
    first, last, unknown = session.execute(
        text(
            "SELECT min(sold_on), max(sold_on), count(*) FILTER (WHERE product_id IS NULL) "
            "FROM sales_line JOIN sales_item ON sales_item.id = item_id"
        )
    ).one()

    assert (first.year, first.month, last.year, last.month) == (2023, 9, 2026, 2)
    assert unknown == 0
