"""The believable company: whole, honest, always the same, and never twice."""

import random
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import Row, func, select, text
from sqlalchemy.orm import Session
from stdnum import ean

from app.attendance.models import PunchVerdict, WorkSession
from app.attendance.services import Changes, rebuild
from app.catalog.models import Barcode, Product
from app.core.days import today
from app.core.db import db, transaction
from app.demo import catalog, cli, partners, purchases
from app.demo.assortment import CATEGORIES
from app.demo.cli import FULL, demo, fill
from app.demo.picking import TOTES
from app.demo.sales_orders import STATES
from app.fulfilment import queries
from app.fulfilment.models import PickTask
from app.orders.models import STATUSES, SalesOrder
from app.purchasing.models import GoodsReceipt, PurchaseOrder
from app.stock.models import Balance, Movement, Reservation
from app.stock.services.ledger_check import check_ledger
from tests.factories import ProductFactory

LAST = datetime(2026, 3, 2, tzinfo=UTC)


def small(seed: int = 7) -> dict[str, int]:
    return fill(random.Random(seed), last=LAST, days=24, each=3, each_month=4)


def ledger() -> list[Row[tuple[str, Decimal, str, datetime]]]:
    moved = select(Product.sku, Movement.quantity, Movement.reason, Movement.occurred_at)
    query = moved.join(Product, Product.id == Movement.product_id).order_by(Movement.id)
    return [*db.session.execute(query)]


class UndoneError(Exception):
    """Takes back what was made."""


def ledger_of(*, seed: int) -> list[Row[tuple[str, Decimal, str, datetime]]]:
    lines = []
    with suppress(UndoneError), transaction():
        small(seed)
        lines = ledger()
        raise UndoneError
    return lines


def test_the_full_assortment_has_two_thousand_different_products() -> None:
    rng = random.Random(7)
    vendors = partners.vendors(rng, "EUR")

    products = catalog.products(rng, vendors, "EUR")

    assert len(CATEGORIES) == 25
    assert len(products) == len({p.sku for p in products}) == 2000
    assert len({p.name for p in products}) > 1990
    assert all(p.price > p.cost > 0 for p in products)
    assert len(vendors) == len({v.name for v in vendors}) == 60


def test_every_barcode_has_its_check_digit_and_is_our_own() -> None:
    rng = random.Random(7)

    products = catalog.products(rng, partners.vendors(rng, "EUR"), "EUR")

    codes = [row for product in products for row in product.barcode_rows]
    assert len({row.code for row in codes}) == len(codes) > 2500
    assert all(ean.calc_check_digit(row.code[:-1]) == row.code[-1] for row in codes)
    assert {row.code[-13:-11] for row in codes if row.units == 1} == {"20"}
    assert all(
        row.code.startswith("120") and len(row.code) == 14 for row in codes if row.units > 1
    )


def test_the_ledger_proves_itself(session: Session) -> None:
    told = small()
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
        "purchase orders": sum(purchases.STATES.values()),
        "employees": 24,
        "punches": told["punches"],
    }


def test_people_come_and_go_with_every_flaw(session: Session) -> None:
    small()

    outcomes = set(session.scalars(select(PunchVerdict.outcome)))
    open_ones = session.scalar(select(func.count()).where(WorkSession.end_at.is_(None)))
    assert {"accepted", "duplicate", "unknown", "unsure"} <= outcomes
    assert open_ones
    assert rebuild(session) == Changes()


def test_there_are_orders_in_every_state(session: Session) -> None:
    small()

    states = set(session.scalars(select(SalesOrder.status)))
    assert states == set(STATUSES) - {"packed"}  # who has packed all ships it
    in_work = select(PickTask.state, func.count()).group_by(PickTask.state)
    assert dict(session.execute(in_work).all()) == {"picking": 3, "picked": 4}
    assert len(session.scalars(queries.free_totes()).all()) == TOTES - 7


def test_there_are_purchase_orders_in_every_state_and_some_are_late(
    session: Session,
) -> None:
    small()

    counted = select(PurchaseOrder.status, func.count()).group_by(PurchaseOrder.status)
    assert dict(session.execute(counted).all()) == purchases.STATES
    late = select(func.count()).select_from(PurchaseOrder).where(PurchaseOrder.due_on < today())
    assert session.scalar(late) == purchases.LATE
    assert session.scalar(select(func.count()).select_from(GoodsReceipt))


def test_everything_that_happens_in_a_warehouse_happens(session: Session) -> None:
    small()

    reasons = {row.reason for row in ledger()}
    assert reasons >= {"opening", "shipped", "received", "transferred", "counted", "returned"}
    assert session.scalar(select(func.count()).select_from(Reservation))
    assert session.scalar(select(func.count()).where(Balance.on_hand == 0))
    diary = select(Movement.occurred_at).where(Movement.document_type.is_(None))
    dates = session.scalars(diary).all()  # what orders of today move, moves today
    assert datetime(2026, 2, 6, tzinfo=UTC) <= min(dates) < max(dates) < LAST


def test_the_same_company_is_made_each_time() -> None:
    assert ledger_of(seed=7) == ledger_of(seed=7)


def test_another_seed_makes_another_company() -> None:
    assert ledger_of(seed=7) != ledger_of(seed=8)


def test_the_command_fills_an_empty_installation(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "fill", lambda _dice, last: {"products": last.hour})

    result = app.test_cli_runner().invoke(demo)

    assert result.exit_code == 0
    assert "0 products, 90 days of movements" in result.output


def test_the_command_refuses_where_there_are_products(app: Flask) -> None:
    ProductFactory.create()

    result = app.test_cli_runner().invoke(demo)

    assert result.exit_code == 1
    assert FULL in result.output
    assert db.session.scalar(select(func.count()).select_from(Barcode)) == 0


def test_thirty_months_of_sales_come_with_customers_and_products(session: Session) -> None:
    small()
    first, last, unknown = session.execute(
        text(
            "SELECT min(sold_on), max(sold_on), count(*) FILTER (WHERE product_id IS NULL) "
            "FROM sales_line JOIN sales_item ON sales_item.id = item_id"
        )
    ).one()

    assert (first.year, first.month, last.year, last.month) == (2023, 9, 2026, 2)
    assert unknown == 0
