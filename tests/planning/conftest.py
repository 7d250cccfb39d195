"""A small cycle: two reps, a planner, what was sold before."""

from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.catalog.models import Customer, Product
from app.planning import services
from app.planning.models import Cycle, ScopeRow
from app.sales.models import SalesItem, SalesParty
from app.sales.services import matching
from tests.conftest import client_of
from tests.factories import CustomerFactory, ProductFactory, RoleFactory, UserFactory
from tests.planning.factories import FIRST, REP
from tests.sales.samples import sold

PLANNER = (*REP, "forecasts.manage")


class Team(NamedTuple):
    """Who plans, and who forecasts."""

    planner: User
    ada: User
    bob: User


@pytest.fixture
def team() -> Team:
    planner, rep = (RoleFactory.create(permissions=[*held]) for held in (PLANNER, REP))
    return Team(
        UserFactory.create(name="Pat", role=planner),
        UserFactory.create(name="Ada", role=rep),
        UserFactory.create(name="Bob", role=rep),
    )


@pytest.fixture
def ada(app: Flask, team: Team) -> FlaskClient:
    return client_of(app, team.ada)


@pytest.fixture
def pat(app: Flask, team: Team) -> FlaskClient:
    return client_of(app, team.planner)


@pytest.fixture
def cycle(team: Team) -> Cycle:
    """A draft of three months."""
    return made(team)


def made(team: Team, *, month: date = FIRST, months: int = 3, **more: Any) -> Cycle:
    asked = {"due_on": month, "threshold": 30, "rep_ids": [team.ada.id, team.bob.id]}
    return services.create_cycle(month=month, months=months, **{**asked, **more})


class Goods(NamedTuple):
    """Two customers and two products."""

    acme: Customer
    bolt: Customer
    lamp: Product
    rug: Product


@pytest.fixture
def goods() -> Goods:
    return Goods(
        CustomerFactory.create(code="ACME", name="Acme"),
        CustomerFactory.create(code="BOLT", name="Bolt"),
        ProductFactory.create(sku="LAMP", name="Lamp"),
        ProductFactory.create(sku="RUG", name="Rug"),
    )


def sales(*rows: tuple[date, str, str, int]) -> None:
    """Import sales: day, customer, SKU, quantity."""
    sold(
        *(
            (str(number), sku, "x", str(quantity), day.isoformat(), "1", customer)
            for number, (day, customer, sku, quantity) in enumerate(rows, 1)
        )
    )


def matched(session: Session, goods: Goods) -> None:
    """Let the codes of the sales be our products and customers."""
    ours: dict[str, Any] = {one.sku: one for one in (goods.lamp, goods.rug)}
    ours |= {one.code: one for one in (goods.acme, goods.bolt)}
    for item in session.scalars(select(SalesItem).where(SalesItem.product_id.is_(None))):
        matching.assign_product(item.id, product_id=ours[item.code].id)
    for party in session.scalars(select(SalesParty).where(SalesParty.customer_id.is_(None))):
        matching.assign_customer(party.id, customer_id=ours[party.code].id)


def row_of(cycle: Cycle, who: User, customer: Customer, product: Product) -> ScopeRow:
    return services.add_row(
        cycle.id, user_id=who.id, customer_id=customer.id, product_id=product.id
    )


@pytest.fixture
def opened(cycle: Cycle, team: Team, goods: Goods) -> Cycle:
    """An open cycle: lamps for Acme are Ada's, rugs for Bolt are Bob's."""
    row_of(cycle, team.ada, goods.acme, goods.lamp)
    row_of(cycle, team.bob, goods.bolt, goods.rug)
    return services.open_cycle(cycle.id)


def edit(row: ScopeRow, quantity: float | None, **more: Any) -> services.CellEdit:
    given: dict[str, Any] = {"month": FIRST, "version": 0, "op_id": uuid4()}
    amount = None if quantity is None else Decimal(str(quantity))
    return services.CellEdit(row_id=row.id, quantity=amount, **(given | more))
