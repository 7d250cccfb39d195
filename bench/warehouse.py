"""A warehouse to pick in: bins with goods, totes, people with two tablets each, and orders."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any, NamedTuple

from flask import Flask
from sqlalchemy import delete, func, insert, select

from app.accounts import services as accounts
from app.accounts.models import User
from app.accounts.myself import COOKIE_KEY
from app.catalog import services as catalog
from app.catalog.models import BarcodeLine, Customer
from app.core.db import Model, db
from app.core.settings import set_settings
from app.fulfilment.models import ParcelLine, PickTask, PickTaskOrder
from app.orders import services as orders
from app.orders.models import ItemDraft, OrderLine, SalesOrder
from app.orders.queries import LINE
from app.stock import queries as stock_queries
from app.stock import services as stock
from app.stock.models import Balance, Location, Movement, Reservation
from bench.data import location_id
from bench.shopfront import SKUS

TABLETS, ORDERS, QUEUE, WAVE, TOTES = 50, 500, 5000, 2, 400
PRODUCTS, EACH = 200, 10_000


class House(NamedTuple):
    """What the pickers know, and what there is to be picked."""

    app: Flask
    people: list[tuple[str, str]]  # two cookies for each
    codes: dict[str, str]  # barcodes by SKU
    product_ids: list[int]


def furnish(app: Flask) -> House:
    """Make people, totes and goods."""
    with app.app_context():
        set_settings(pick_wave=WAVE)
        totes = [
            {"code": f"TOTE-{n:03}", "kind": "tote", "path": f"TOTE-{n:03}/"}
            for n in range(TOTES)
        ]
        db.session.execute(insert(Location), totes)
        db.session.commit()
        people = [_person(number) for number in range(TABLETS)]
        skus = [*(f"PICK-{n:03}" for n in range(PRODUCTS)), *SKUS]
        codes = {sku: f"PK{n:03}" for n, sku in enumerate(skus)}
        ids = [_goods(n, sku, code) for n, (sku, code) in enumerate(codes.items())]
        cookies = [(_cookie(app, one), _cookie(app, one)) for one in people]
        db.session.remove()
    return House(app, cookies, codes, ids)


def take_orders(house: House, count: int) -> None:
    """Write and confirm orders of one to three lines, one to three pieces each."""
    rng = random.Random(12)  # noqa: S311
    with house.app.app_context():
        customer_id = db.session.scalar(select(func.min(Customer.id))) or 0
        for _ in range(count):
            items = [
                ItemDraft(Decimal(rng.randint(1, 3)), product_id=one, unit_price=Decimal(5))
                for one in rng.sample(house.product_ids, rng.randint(1, 3))
            ]
            draft = orders.create_order(customer_id=customer_id, items=items)
            orders.confirm_order(draft.id)
            db.session.expunge_all()
        db.session.remove()


@contextmanager
def long_queue(house: House) -> Iterator[None]:
    """Let 5,000 orders wait: copies of one, with what is reserved for it; then no more."""
    take_orders(house, 1)
    with house.app.app_context():
        order, line, reservation = _newest()
        last_ids = [db.session.scalar(select(func.max(table.id))) for table in COPIED]
        _copy(order, [{"number": f"Q-{n:05}"} for n in range(QUEUE - 1)])
        order_ids = _added(SalesOrder, order.id)
        _copy(line, [{"order_id": one} for one in order_ids])
        line_ids = _added(OrderLine, line.id)
        _copy(reservation, [{"document_id": one} for one in line_ids])
        db.session.commit()
        db.session.execute(db.text("ANALYZE sales_order, sales_order_line, reservation"))
        db.session.commit()
    yield
    with house.app.app_context():
        for table, last_id in zip(reversed(COPIED), reversed(last_ids), strict=True):
            db.session.execute(delete(table).where(table.id > (last_id or 0)))
        db.session.commit()


COPIED: tuple[Any, ...] = (SalesOrder, OrderLine, Reservation)


def prove(house: House, count: int) -> int:
    """Check that orders, shipments, reservations and stock agree to the piece; give the pieces.

    Raises:
        RuntimeError: They do not.
    """
    with house.app.app_context():
        ordered = _sum(OrderLine.quantity)
        gone = EACH * len(house.product_ids) - _sum(
            Balance.on_hand, Balance.product_id.in_(house.product_ids)
        )
        found = {
            "shipped orders": _count(SalesOrder, SalesOrder.status == "shipped") - count,
            "pieces of order lines": _sum(OrderLine.quantity_shipped) - ordered,
            "pieces in parcels": _sum(ParcelLine.quantity) - ordered,
            "pieces shipped": _sum(Movement.quantity, Movement.reason == "shipped") - ordered,
            "pieces gone from stock": gone - ordered,
            "pieces reserved": _sum(Reservation.quantity, Reservation.state == "active"),
            "pieces in totes": _sum(Balance.on_hand, Balance.location_id.in_(_totes())),
            "picks not done": _count(PickTask, PickTask.state.not_in(("done", "released"))),
            "totes in use": _count(PickTaskOrder, PickTaskOrder.is_active),
            "balances": len(_differences(house)),
        }
        db.session.remove()
    if wrong := {name: plain for name, plain in found.items() if plain}:
        raise RuntimeError(f"After picking these differ: {wrong}")
    return int(ordered)


def _person(number: int) -> User:
    name = f"picker{number}"
    return accounts.create_user(
        name,
        email=f"{name}@example.com",
        name=f"Picker {number}",
        password=f"{name} has a long one",
        role="manager",
    )


def _cookie(app: Flask, user: User) -> str:
    """Be signed in, as after the form: a session of its own for each tablet."""
    client = app.test_client()
    with client.session_transaction() as session:
        session[COOKIE_KEY] = accounts.open_browser(user).secret
    cookie = client.get_cookie("session")
    if cookie is None:
        raise RuntimeError("There is no session.")
    return f"session={cookie.value}"


def _goods(number: int, sku: str, code: str) -> int:
    product = catalog.create_product(
        sku=sku, name=f"Thing to pick {number}", barcodes=[BarcodeLine(code, Decimal(1))]
    )
    target = stock.find_target(
        product_id=product.id, location_id=location_id(number), reason="found"
    )
    stock.adjust_stock(target, quantity=Decimal(EACH), reason="found", key=sku)
    return product.id


def _newest() -> tuple[SalesOrder, OrderLine, Reservation]:
    reservation = db.session.scalars(
        select(Reservation)
        .where(Reservation.document_type == LINE)
        .order_by(Reservation.id.desc())
    ).first()
    assert reservation is not None  # noqa: S101  (an order was confirmed before)
    line = db.session.get_one(OrderLine, reservation.document_id)
    return db.session.get_one(SalesOrder, line.order_id), line, reservation


def _copy(row: Model, changes: list[dict[str, Any]]) -> None:
    """Write rows like this one, each with changes."""
    columns = [c for c in row.__table__.columns if not (c.primary_key or c.computed)]
    same = {column.name: getattr(row, column.key) for column in columns}
    db.session.execute(insert(type(row)), [same | change for change in changes])


def _added(table: Any, last_id: int) -> list[int]:
    return [*db.session.scalars(select(table.id).where(table.id > last_id).order_by(table.id))]


def _totes() -> Any:
    return select(Location.id).where(Location.kind == "tote")


def _sum(column: Any, *where: Any) -> Any:
    return db.session.scalar(select(func.coalesce(func.sum(column), 0)).where(*where))


def _count(table: Any, *where: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(table).where(*where)) or 0


def _differences(house: House) -> list[Any]:
    first, last = min(house.product_ids), max(house.product_ids)
    return [*db.session.execute(stock_queries.differences(first, last))]
