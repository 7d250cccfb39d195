"""A forecast, a product with its vendor, and a plan that is made of them."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalog.models import Customer, Product, Vendor
from app.core.db import db
from app.planning import services as planning
from app.planning.models import Cycle
from app.supply import queries, services
from app.supply.jobs import make_supply_plan
from app.supply.models import SupplyPlan
from tests.factories import CustomerFactory, ProductFactory, VendorFactory, VendorPartFactory
from tests.planning.conftest import edit, made, row_of, team

__all__ = ["team"]

TODAY = date(2026, 3, 11)  # a Wednesday
APRIL = date(2026, 4, 1)


@pytest.fixture(autouse=True)
def _on_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it be some day: what is spread over a month differs with each."""
    monkeypatch.setattr("app.supply.services.making.today", lambda: TODAY)


@pytest.fixture
def vendor(session: Session) -> Vendor:
    return VendorFactory.create(name="Acme", currency="EUR", lead_time_days=14)


@pytest.fixture
def lamp(vendor: Vendor) -> Product:
    """A product that comes by the dozen, at 30 each."""
    product = ProductFactory.create(sku="LAMP", name="Lamp", supplier_id=vendor.id)
    VendorPartFactory.create(
        product=product, vendor=vendor, pack_quantity=Decimal(12), price=Decimal(30)
    )
    return product


def forecast(
    team: Any, *said: tuple[Product, int | None], month: date = APRIL, months: int = 3
) -> Cycle:
    """An open cycle in which somebody has written so much for each month, for one customer."""
    cycle = made(team, month=month, months=months, threshold=0)
    customer = CustomerFactory.create(code="ACME")
    rows = [(row_of(cycle, team.ada, customer, product), n) for product, n in said]
    planning.open_cycle(cycle.id)
    edits = [edit(row, n, month=month) for row, n in rows for month in cycle.horizon]
    planning.save_cells(cycle.id, edits, rep_id=None)
    return cycle


def acme() -> Customer:
    """The customer of the forecast."""
    return db.session.scalars(select(Customer).where(Customer.code == "ACME")).one()


def planned(**asked: Any) -> SupplyPlan:
    """A plan, as a job makes it."""
    plan = services.create_plan(make_supply_plan, **({"months": 4} | asked))
    make_supply_plan(plan_id=plan.id)
    db.session.expire_all()
    return db.session.scalars(queries.plan(plan.id)).one()


def row(plan: SupplyPlan, product: Product) -> Any:
    return db.session.scalars(queries.row(plan.id, product.id)).one()


def suggested(plan: SupplyPlan, product: Product) -> list[Any]:
    return [*db.session.scalars(queries.suggestions_of(plan.id, product.id))]
