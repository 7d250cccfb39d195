"""Orders that are being picked and packed, by people with tablets, the way that they do it."""

import secrets
from decimal import Decimal
from itertools import cycle
from typing import Any
from uuid import uuid4

from sqlalchemy import func, select

from app.accounts import services as accounts
from app.accounts.models import User
from app.catalog.models import Product
from app.core.actors import Actor, acting_as
from app.core.db import db
from app.fulfilment import queries, services
from app.fulfilment.models import PickTask
from app.fulfilment.services import Picker
from app.stock.models import Balance, Location
from app.stock.queries.inventory import AVAILABLE

# How far an order comes. Nothing stays packed: who has packed all ships it. Those in hand come
# last, since nobody has two pick tasks in hand.
PICKED_STATES = ("picked", "short", "packing", "picking")
TOTES = 12
PLENTY = 40  # products of which there is most
PEOPLE = {
    "demo-maya": "Maya Lindqvist",
    "demo-tomas": "Tomas Ferreira",
    "demo-ines": "Inés Okafor",
}
ONE = Decimal(1)


def totes() -> None:
    """Make totes to pick into."""
    for number in range(1, TOTES + 1):
        code = f"TOTE-{number:02}"
        db.session.add(Location(code=code, kind="tote", path=f"{code}/", name=f"Tote {number}"))
    db.session.flush()


def plentiful(products: list[Product]) -> list[Product]:
    """Those of which there is most on shelves: an order of some can be picked."""
    free = func.sum(AVAILABLE)
    found = (
        select(Balance.product_id)
        .join(Location, Location.id == Balance.location_id)
        .where(Location.kind == "bin", Location.is_pickable)
        .group_by(Balance.product_id)
        .order_by(free.desc(), Balance.product_id)
    )
    known = {product.id for product in products}
    ids = [one for one in db.session.scalars(found) if one in known][:PLENTY]
    return [product for product in products if product.id in ids]


class Pickers:
    """Three people with a tablet each; nobody knows their passwords until one is set."""

    def __init__(self) -> None:
        self.people = [_person(*who) for who in PEOPLE.items()]
        self._turns = cycle(self.people)

    def bring(self, state: str) -> None:
        """Take the only order that is ready, and bring it into a state."""
        user = next(self._turns)
        picker = Picker(user_id=user.id, device=user.username)
        with acting_as(Actor(user.id, user.name, None)):
            task = services.next_task(picker)
            if task is None:
                return
            _pick(task, picker, state)
            if state == "packing":
                _begin_to_pack(task)


def _person(username: str, name: str) -> User:
    return accounts.create_user(
        username,
        password=secrets.token_urlsafe(24),
        role="warehouse",
        name=name,
        email=f"{username}@example.com",
    )


def _pick(task: PickTask, picker: Picker, state: str) -> None:
    """Pick all, or only the first piece; or of the first product no more than one piece."""
    first = services.current_line(_fresh(task))
    missing = first.product_id if first and state == "short" else None
    is_begun = False
    while (line := services.current_line(_fresh(task))) is not None:
        step: dict[str, Any] = {"scan_id": uuid4(), "line_id": line.id}
        if is_begun and line.product_id == missing:
            services.report_short(task.id, picker, reason="not_found", **step)
            continue
        quantity = line.missing if is_begun or state in ("picked", "packing") else ONE
        services.pick_quantity(task.id, picker, quantity=quantity, **step)
        is_begun = True
        if state == "picking":
            return


def _begin_to_pack(task: PickTask) -> None:
    [part] = _fresh(task).orders
    first = services.contents_of(part)[0]
    code = db.session.scalar(queries.barcode_of(first.product.id)) or first.product.sku
    services.scan_into_parcel(part.id, scan_id=uuid4(), code=code)


def _fresh(task: PickTask) -> PickTask:
    query = queries.task(task.id).execution_options(populate_existing=True)
    return db.session.scalars(query).one()
