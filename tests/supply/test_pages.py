"""Supply plans on pages and for programs, and who may see and make them."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.services import create_token
from app.catalog.models import Product
from app.core.db import db
from app.purchasing.models import PurchaseOrder
from app.supply import services
from app.supply.jobs import make_supply_plan
from app.supply.models import SupplyPlan
from tests.bulk import act
from tests.conftest import SignIn, client_of
from tests.factories import ProductFactory, RoleFactory, UserFactory
from tests.purchasing.conftest import stocked
from tests.supply.conftest import forecast, planned, suggested

HELD = ("supply.view", "supply.make", "purchase_orders.view", "purchase_orders.edit")
HTMX = {"HX-Request": "true"}


@pytest.fixture
def planner(app: Flask, session: Session) -> FlaskClient:
    user = UserFactory.create(role=RoleFactory.create(permissions=[*HELD]))
    client = client_of(app, user)
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {create_token(user, name='p')}"
    return client


@pytest.fixture
def plan(team: Any, lamp: Product) -> SupplyPlan:
    """One that suggests to buy lamps, and says that there are too many rugs."""
    rug = stocked(50, ProductFactory.create(sku="RUG"))
    forecast(team, (lamp, 22), (rug, 1))
    return planned()


def test_a_plan_is_asked_for_and_shown_while_it_is_made(
    planner: FlaskClient, team: Any, lamp: Product
) -> None:
    cycle = forecast(team, (lamp, 22))

    asked = planner.get("/supply-plans/new").text
    wrong = planner.post("/supply-plans", data={"cycle_id": cycle.id, "months": 99})
    sent = planner.post("/supply-plans", data={"cycle_id": cycle.id, "months": 4})
    while_made = planner.get(sent.location).text
    plan = db.session.scalars(select(SupplyPlan)).one()
    make_supply_plan(plan_id=plan.id)
    after = planner.get(sent.location, headers=HTMX).text

    assert "April 2026 (open)" in asked
    assert (wrong.status_code, sent.status_code) == (422, 303)
    assert "is being made" in while_made
    assert f"/supply-plans/{plan.id}/suggestions" in after
    assert "No cycle forecasts March 2026" in after


def test_a_plan_that_failed_says_so(planner: FlaskClient, team: Any, lamp: Product) -> None:
    forecast(team, (lamp, 22))
    plan = services.create_plan(make_supply_plan)
    plan.job_id = None
    db.session.commit()

    assert "could not be made" in planner.get(f"/supply-plans/{plan.id}").text
    assert planner.get(f"/supply-plans/{plan.id}/products").status_code == 404


def test_products_and_suggestions_are_listed_and_found(
    planner: FlaskClient, plan: SupplyPlan, lamp: Product
) -> None:
    at = f"/supply-plans/{plan.id}"
    out = planner.get(f"{at}/products?exception=out").text
    much = planner.get(f"{at}/products?exception=excess").text
    every = planner.get(f"{at}/products?search=lam").text
    now = planner.get(f"{at}/suggestions?begin=0&source=buy").text
    file = planner.get(f"{at}/suggestions?file=csv").get_data(as_text=True)
    one = planner.get(f"{at}/products/{lamp.id}").text
    plans = planner.get("/supply-plans").text

    assert ["LAMP" in found for found in (out, much, every)] == [False, False, True]
    assert ["RUG" in found for found in (out, much, every)] == [False, True, False]
    assert "Nothing matches." in out
    assert "Multiple of 12" in now
    assert file.splitlines()[0].startswith("\ufeffSKU,Product,Supply,Quantity")
    assert "It serves" in one
    assert "the forecast of April 2026" in one
    assert "11 March 2026" in plans


def test_what_is_ticked_becomes_a_draft(
    planner: FlaskClient, session: Session, plan: SupplyPlan, lamp: Product
) -> None:
    first = suggested(plan, lamp)[0].id

    told = act(planner, f"supply_suggestions/actions/order?plan_id={plan.id}", [first])

    order = session.scalars(select(PurchaseOrder)).one()
    assert told["orders"] == [order.number]
    assert order.number in planner.get(f"/supply-plans/{plan.id}/suggestions").text


def test_programs_have_a_plan_made_read_it_and_order(
    planner: FlaskClient, team: Any, lamp: Product
) -> None:
    forecast(team, (lamp, 22))
    at = "/api/v1/supply-plans"

    begun: Any = planner.post(at, json={"months": 4})
    plan_id = begun.json["id"]
    make_supply_plan(plan_id=plan_id)
    plan: Any = planner.get(f"{at}/{plan_id}").json
    [row] = planner.get(f"{at}/{plan_id}/products").json["items"]  # type: ignore[index]
    found: Any = planner.get(f"{at}/{plan_id}/suggestions?is_open=true&sort=due_on").json
    ids = [one["id"] for one in found["items"]]
    ordered: Any = planner.post(f"{at}/orders", json={"suggestion_ids": ids}).json

    assert begun.status_code == 202
    assert plan["months"][0] == "2026-03-01"
    assert row["forecast"] == ["0", "22", "22", "22"]
    assert row == planner.get(f"{at}/{plan_id}/products/{lamp.id}").json
    assert found["items"][0]["pegs"][0]["document"] == "2026-04-01"
    assert (ordered["done"], ordered["errors"]) == (len(ids), [])
    assert [one["id"] for one in planner.get(at).json["items"]] == [plan_id]  # type: ignore[index]


def test_who_may_not_see_them_is_told_nothing(sign_in: SignIn, plan: SupplyPlan) -> None:
    stranger, reader = sign_in(), sign_in("supply.view")

    for path in ("", f"/{plan.id}", f"/{plan.id}/products", f"/{plan.id}/suggestions"):
        assert stranger.get(f"/supply-plans{path}").status_code == 403
        assert reader.get(f"/supply-plans{path}").status_code == 200
    assert reader.post("/supply-plans", data={}).status_code == 403
