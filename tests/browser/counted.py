"""Counts in every state, for the pages that show them."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from app.accounts.models import User
from app.core.db import db
from app.counting import services
from app.counting.services import Counter
from app.stock.models import Location
from tests.factories import BarcodeFactory, LocationFactory, ProductFactory, UserFactory
from tests.orders.conftest import stocked


def counted(user: User, name: str) -> dict[str, Any]:
    """Make a count to approve, a recount, one in work, one to do and one posted; give ids."""
    product = ProductFactory.create(sku="MUG-STONEWARE-350-GREY", name=name, cost=Decimal(4))
    BarcodeFactory.create(product=product, code="MUG")
    for number, code in enumerate(("C-01", "C-02", "C-03", "C-04", "C-05")):
        place = LocationFactory.create(code=code, path=f"{code}/", pick_sequence=number)
        stocked(20, product, place)
    others = UserFactory.create_batch(2)
    made = services.count_product(product.id, note=f"{name} looks wrong on the shelf")
    waiting, again, in_work, _to_do, posted = made.counts
    _count(waiting.id, others[0], "C-01", 19)
    _count(again.id, others[1], "C-02", 2)
    services.claim(in_work.id, _counter(user))
    services.scan(in_work.id, _counter(user), scan_id=uuid4(), code="C-03")
    _count(posted.id, others[0], "C-05", 19)
    services.approve(posted.id, reason=f"{name} is broken")
    main = db.session.scalars(select(Location.id).where(Location.code == "MAIN")).one()
    plan = services.create_plan(warehouse_id=main)
    return {
        "plan_id": plan.id,
        "count_id": waiting.id,
        "counts.new_reversal": {"count_id": posted.id},
    }


def _counter(user: User) -> Counter:
    return Counter(user_id=user.id, device="tablet")


def _count(count_id: int, user: User, code: str, pieces: int) -> None:
    counter = _counter(user)
    services.claim(count_id, counter)
    for scanned in (code, *["MUG"] * pieces):
        services.scan(count_id, counter, scan_id=uuid4(), code=scanned)
    services.finish(count_id, counter, scan_id=uuid4())
