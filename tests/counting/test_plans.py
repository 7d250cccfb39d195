"""Plans: classes by what moved, counts in turn, and classes that stay."""

from datetime import timedelta
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalog.models import Product
from app.core.days import today
from app.core.db import db
from app.core.errors import Invalid
from app.core.uses import InUse, ensure_unused
from app.counting import queries, services
from app.counting.errors import NotAllowed
from app.counting.models import CountPlan, CountPlanItem, CountTask
from app.stock.services import Move, post
from app.stock.uses import uses_of_location
from tests.conftest import SignIn
from tests.core.conftest import Bearer, bearer
from tests.factories import LocationFactory, ProductFactory, WarehouseFactory
from tests.stock.conftest import place, stocked

__all__ = ["bearer"]

KEYS = count(1)


def sold(sku: str, quantity: object, cost: object, *, left: object = 5) -> Product:
    """A product of which so much left MAIN at a cost, and some lies there still."""
    product = ProductFactory.create(sku=sku, cost=Decimal(str(cost)), currency="USD")
    stocked(Decimal(str(quantity)) + Decimal(str(left)), product)
    move = Move(
        product_id=product.id,
        from_location_id=place("MAIN-01").id,
        to_location_id=place("CUSTOMERS").id,
        quantity=Decimal(str(quantity)),
        reason="shipped",
    )
    post([move], key=f"sold {next(KEYS)}")
    return product


@pytest.fixture
def goods(session: Session) -> list[Product]:
    """One that is most of all value, one of the rest, and two that are next to nothing."""
    dear, middle = sold("DEAR", 8, 100), sold("MIDDLE", 15, 10)
    return [dear, middle, sold("CHEAP", 5, 10), stocked(5, ProductFactory.create(sku="STILL"))]


def planned(**numbers: int) -> CountPlan:
    return services.create_plan(warehouse_id=place("MAIN").id, **numbers)


def items(plan: CountPlan) -> dict[str, Any]:
    rows = select(Product.sku, CountPlanItem).join(CountPlanItem.product)
    found = rows.where(CountPlanItem.plan_id == plan.id).execution_options(
        populate_existing=True
    )
    return dict(db.session.execute(found).all())


def tasks() -> list[CountTask]:
    return [*db.session.scalars(select(CountTask).order_by(CountTask.id))]


def test_products_fall_into_classes_by_the_value_that_left(goods: list[Product]) -> None:
    found = items(planned())

    assert {sku: (one.grade, one.value) for sku, one in found.items()} == {
        "DEAR": ("A", 800),  # 80 % of 1,000
        "MIDDLE": ("B", 150),
        "CHEAP": ("C", 50),
        "STILL": ("C", 0),
    }


def test_what_moves_within_or_lies_elsewhere_is_not_of_the_warehouse(
    goods: list[Product],
) -> None:
    far = WarehouseFactory.create(code="FAR")
    bin_ = LocationFactory.create(code="F-1", path="FAR/F-1/", parent_id=far.id)
    stocked(3, ProductFactory.create(sku="ELSEWHERE"), bin_)

    assert "ELSEWHERE" not in items(planned())
    assert [*items(services.create_plan(warehouse_id=far.id))] == ["ELSEWHERE"]


def test_a_few_are_counted_each_day_class_a_first(goods: list[Product]) -> None:
    plan = planned(most_a_day=2)
    due = select(CountPlanItem).where(CountPlanItem.plan_id == plan.id)
    for one in db.session.scalars(due):
        one.due_on = today()
    db.session.flush()

    assert services.run_plans() == {"counts": 2}
    assert services.run_plans() == {"counts": 0}

    assert [(one.cause, one.note) for one in tasks()] == [
        ("plan", "Class A"),
        ("plan", "Class B"),
    ]
    found = items(plan)
    assert found["DEAR"].due_on == today() + timedelta(days=30)
    assert found["MIDDLE"].due_on == today() + timedelta(days=91)
    assert found["CHEAP"].counted_on is None


def test_counts_are_spread_over_the_time_between_two(session: Session) -> None:
    for number in range(4):
        stocked(1, ProductFactory.create(sku=f"C-{number}"))

    found = items(planned(times_c=1))

    days = sorted((one.due_on - today()).days for one in found.values())
    assert days == [0, 91, 182, 273]


def test_what_is_being_counted_is_not_counted_twice(goods: list[Product]) -> None:
    plan = planned()
    services.count_product(goods[0].id)

    services.run_plan(plan.id)

    assert len([one for one in tasks() if one.product_id == goods[0].id]) == 1
    assert items(plan)["DEAR"].counted_on == today()


def test_what_is_new_is_class_c_and_classes_stay_until_they_are_found_anew(
    goods: list[Product],
) -> None:
    plan = planned()
    sold("NEW", 100, 100)

    services.run_plan(plan.id)
    assert (items(plan)["NEW"].grade, items(plan)["DEAR"].grade) == ("C", "A")
    services.classify_again(plan.id)
    found = items(plan)
    assert (found["NEW"].grade, found["DEAR"].grade) == ("A", "B")


def test_a_warehouse_has_one_plan_and_it_ends(goods: list[Product]) -> None:
    plan = planned()
    with pytest.raises(NotAllowed, match="MAIN has a plan already"):
        planned()

    services.end_plan(plan.id)

    with pytest.raises(NotAllowed, match="has ended"):
        services.run_plan(plan.id)
    assert services.run_plans() == {"counts": 0}
    assert planned().id != plan.id


@pytest.mark.parametrize(
    "wrong",
    [{"share_a": 0}, {"share_a": 90, "share_b": 20}, {"times_b": 366}, {"most_a_day": 0}],
)
def test_numbers_that_do_not_fit_are_refused(
    goods: list[Product], wrong: dict[str, int]
) -> None:
    with pytest.raises(Invalid):
        planned(**wrong)
    with pytest.raises(Invalid, match="warehouse that is in use"):
        services.create_plan(warehouse_id=place("MAIN-01").id)


def test_people_plan_run_and_end(sign_in: SignIn, goods: list[Product]) -> None:
    person = sign_in("counting.view", "counting.manage", "products.costs")
    numbers = {"share_a": 80, "share_b": 15, "times_a": 12, "times_b": 4, "times_c": 1}
    sent = numbers | {"warehouse_id": place("MAIN").id, "most_a_day": 9}

    assert "There is no plan" in person.get("/count-plans").text
    assert person.post("/count-plans", data=sent | {"times_a": 0}).status_code == 422
    made = person.post("/count-plans", data=sent)
    page = made.headers["Location"]
    shown = person.get(page).text
    ran = person.post(f"{page}/runs")
    ended = person.post(f"{page}/end")

    assert [one.status_code for one in (made, ran, ended)] == [303, 303, 303]
    for words in ("800.00", "DEAR", "Times a year"):
        assert words in shown
    assert person.post(f"{page}/classification").status_code == 409
    other = sign_in("counting.view")
    assert "800.00" not in other.get(page).text
    assert other.post(f"{page}/runs").status_code == 403


def test_programs_plan_run_and_end(bearer: Bearer, goods: list[Product]) -> None:
    program = bearer("counting.view", "counting.manage", "products.costs")
    at = "/api/v1/count-plans"

    made: Any = program.post(at, json={"warehouse_id": place("MAIN").id, "times_a": 6})
    url = f"{at}/{made.json['id']}"
    ran = program.post(f"{url}/run")
    ended = program.post(f"{url}/end")

    assert [one.status_code for one in (made, ran, ended)] == [201, 200, 200]
    assert [(one["grade"], one["products"], one["value"]) for one in made.json["grades"]] == [
        ("A", 1, "800"),
        ("B", 1, "150"),
        ("C", 2, "50"),
    ]
    assert ran.json["counts"] >= 3
    assert ended.json["is_active"] is False
    assert program.post(f"{url}/classify").status_code == 409
    assert program.get(at).json["total"] == 1
    assert db.session.scalar(queries.plan_of(place("MAIN").id)) is None


def test_a_warehouse_that_is_counted_by_a_plan_stays_in_use(session: Session) -> None:
    plan = planned()

    with pytest.raises(InUse, match=f"counted by plan {plan.id}: end that first"):
        ensure_unused(place("MAIN"))
    services.end_plan(plan.id)
    ensure_unused(place("MAIN"), besides=(uses_of_location,))
