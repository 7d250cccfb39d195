"""Plans of supply: from forecasts, orders and stock to suggestions, and drafts of these."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalog.models import Component, Product, Vendor, VendorPart
from app.catalog.services import ComponentDraft, set_components
from app.core.db import db, transaction
from app.core.errors import Invalid
from app.core.settings import set_settings
from app.planning import services as planning
from app.purchasing.models import PurchaseLine, PurchaseOrder
from app.stock.models import Balance
from app.supply import queries, services
from app.supply.errors import CircularComponents, NoForecast
from app.supply.jobs import make_supply_plan
from app.supply.models import SupplyPlan
from tests.factories import ProductFactory
from tests.orders.conftest import confirmed
from tests.planning.conftest import sales
from tests.purchasing.conftest import drafted as bought
from tests.purchasing.conftest import sent, stocked
from tests.supply.conftest import APRIL, TODAY, acme, forecast, planned, row, suggested


def test_it_says_step_by_step_what_is_to_be_bought_and_why(team: Any, lamp: Product) -> None:
    stocked(20, lamp)
    forecast(team, (lamp, 22))

    plan = planned()

    found = row(plan, lamp)
    assert found.forecast == [0, 22, 22, 22]
    assert found.projected == [20, -2, -24, -46]
    assert found.planned == [20, 10, 0, 2]
    first = suggested(plan, lamp)[0]
    assert (first.quantity, first.due_on) == (12, date(2026, 4, 27))
    assert (first.begin_on, first.arrives_on) == (date(2026, 4, 13), date(2026, 4, 27))
    assert first.why == (
        "20 there on 1 Apr 2026, - 22 forecast in April: 2 short, the first of it on "
        "27 Apr 2026. Multiple of 12, so 12. 14 days of lead time: order on 13 Apr 2026."
    )
    assert first.pegs == [
        {"kind": "forecast", "number": 0, "document": "2026-04-01", "quantity": "2"},
        {"kind": "forecast", "number": 0, "document": "2026-05-01", "quantity": "10"},
    ]
    assert plan.uncovered == [date(2026, 3, 1)]


def test_an_order_consumes_the_forecast_of_its_customer_and_others_come_on_top(
    team: Any, lamp: Product
) -> None:
    forecast(team, (lamp, 30))
    stocked(100, lamp)
    confirmed((lamp, 8), customer=acme(), delivery_date=date(2026, 4, 10))
    confirmed((lamp, 5), delivery_date=date(2026, 4, 10))

    apart = row(planned(), lamp)
    set_settings(supply_is_pooled=True)
    pooled = row(planned(), lamp)

    assert (apart.ordered[1], apart.forecast[1]) == (13, 22)
    assert (pooled.ordered[1], pooled.forecast[1]) == (13, 17)


def test_what_was_sold_this_month_has_consumed_its_forecast(
    session: Session, team: Any, lamp: Product
) -> None:
    forecast(team, (lamp, 30), month=date(2026, 3, 1))
    sales((date(2026, 3, 5), "ACME", "LAMP", 7), (date(2026, 2, 27), "ACME", "LAMP", 9))

    assert row(planned(), lamp).forecast[0] == 23


def test_what_is_late_is_wanted_at_once_and_consumes_no_forecast(
    session: Session, team: Any, lamp: Product
) -> None:
    forecast(team, (lamp, 30), month=date(2026, 3, 1))
    confirmed((lamp, 4), customer=acme(), delivery_date=TODAY - timedelta(40))

    found = row(planned(), lamp)

    assert (found.ordered[0], found.forecast[0]) == (4, 30)


def test_a_draft_counts_so_that_a_second_plan_suggests_nothing_new(
    session: Session, team: Any, lamp: Product
) -> None:
    forecast(team, (lamp, 22))
    plan = planned()
    ids = [one.id for one in suggested(plan, lamp)]

    made = services.order_suggestions(ids)
    again = services.order_suggestions(ids)

    assert (made["done"], made["refused"]) == (len(ids), 0)
    [order] = session.scalars(select(PurchaseOrder))
    assert (order.number, order.status) == (made["orders"][0], "draft")
    lines: Any = session.scalars(select(PurchaseLine).order_by(PurchaseLine.expected_on)).all()
    assert (lines[0].quantity, lines[0].units_ordered) == (2, 24)
    assert [line.expected_on for line in lines] == [
        one.arrives_on for one in suggested(plan, lamp)
    ]
    assert (again["done"], again["refused"], again["orders"]) == (0, len(ids), [])
    assert again["errors"][0]["reason"] == "It is in a purchase order already."
    assert suggested(planned(), lamp) == []


def test_what_cannot_be_ordered_is_told_with_the_reason(
    session: Session, team: Any, lamp: Product
) -> None:
    nobodys = ProductFactory.create(sku="NOBODY")
    whole = ProductFactory.create(sku="WHOLE")
    build_of(whole, (lamp, 2))
    forecast(team, (nobodys, 5), (whole, 5))
    old = planned()
    [of_nobody, built] = [suggested(old, one)[0] for one in (nobodys, whole)]

    told = services.order_suggestions([of_nobody.id, built.id])
    planned()
    of_old = services.order_suggestions([suggested(old, lamp)[0].id])

    reasons = {one["record"]: one["reason"] for one in told["errors"]}
    assert reasons == {
        "NOBODY": "No vendor is known: name its supplier.",
        "WHOLE": "It is built, not bought.",
    }
    assert of_old["errors"][0]["reason"] == "There is a newer plan: order by that."
    assert not session.scalars(select(PurchaseOrder)).all()


def build_of(product: Product, *parts: tuple[Product, int], **more: Any) -> Any:
    drafts = [ComponentDraft(Decimal(n), product_id=part.id) for part, n in parts]
    return set_components(
        product.id, **({"kind": "assembly", "components": drafts, "version": None} | more)
    )


def test_assemblies_and_bundles_pass_on_what_they_need(
    session: Session, team: Any, lamp: Product
) -> None:
    whole, kit = ProductFactory.create(sku="WHOLE"), ProductFactory.create(sku="KIT")
    build_of(whole, (lamp, 2))
    build_of(kit, (whole, 1), (lamp, 3), kind="bundle")
    stocked(1, whole)
    forecast(team, (kit, 10), months=1)

    plan = planned()

    assert (row(plan, kit).source, row(plan, kit).exceptions) == ("bundle", [])
    assert sum(row(plan, whole).dependent) == 10
    assert [one.source for one in suggested(plan, whole)] == ["build"]
    assert sum(row(plan, lamp).dependent) == 30 + 2 * 9
    kinds = {peg["kind"] for one in suggested(plan, lamp) for peg in one.pegs}
    assert kinds == {"component", "bundle"}


def test_an_order_for_a_bundle_wants_its_components_once(
    session: Session, team: Any, lamp: Product
) -> None:
    kit = ProductFactory.create(sku="KIT", price=Decimal(9))
    build_of(kit, (lamp, 3), kind="bundle")
    forecast(team, (kit, 10), months=1)
    confirmed((kit, 4), customer=acme(), delivery_date=APRIL)

    plan = planned()

    assert sum(row(plan, kit).forecast) == 6
    assert (sum(row(plan, lamp).ordered), sum(row(plan, lamp).dependent)) == (12, 18)


def test_what_is_late_or_wanted_sooner_is_to_be_expedited(
    session: Session, team: Any, vendor: Vendor, lamp: Product
) -> None:
    late = sent((lamp, 5), vendor=vendor, expected_on=TODAY - timedelta(3))
    later = sent((lamp, 9), vendor=vendor, expected_on=TODAY + timedelta(12))
    confirmed((lamp, 9), delivery_date=TODAY + timedelta(1))
    forecast(team, (lamp, 0))

    found = row(planned(), lamp)

    assert found.exceptions == ["out", "expedite"]
    assert [(one["document"], one["wanted"]) for one in found.pulls] == [
        (late.number, ""),
        (later.number, "2026-03-12"),
    ]
    assert (found.out_on, found.out_quantity) == (TODAY + timedelta(1), 4)


def test_stock_put_aside_or_doubted_serves_nobody(team: Any, lamp: Product) -> None:
    stocked(50, lamp)
    with transaction() as session:
        balance = select(Balance).where(Balance.product_id == lamp.id)
        session.scalars(balance).one().is_doubted = True
    forecast(team, (lamp, 1))

    assert row(planned(), lamp).on_hand == 0


def test_a_draft_without_a_day_counts_after_the_lead_time(
    team: Any, vendor: Vendor, lamp: Product
) -> None:
    bought((lamp, 7), vendor=vendor)
    forecast(team, (lamp, 0))

    assert row(planned(), lamp).incoming == [7, 0, 0, 0]


def test_a_closed_cycle_says_what_it_said_and_earlier_ones_fill_in(
    session: Session, team: Any, lamp: Product
) -> None:
    cycle = forecast(team, (lamp, 30), months=2)
    planning.close_cycle(cycle.id)

    plan = planned()

    assert row(plan, lamp).forecast == [0, 30, 30, 0]
    assert plan.uncovered == [date(2026, 3, 1), date(2026, 6, 1)]


def test_blank_cells_are_counted_and_are_no_zeros(team: Any, lamp: Product) -> None:
    forecast(team, (lamp, None), months=2)

    plan = planned()

    assert (plan.blanks, plan.products) == (2, 0)


def test_products_made_of_each_other_are_refused_by_name(
    session: Session, team: Any, lamp: Product
) -> None:
    other = ProductFactory.create(sku="RUG")
    with transaction():
        for whole, part in ((lamp, other), (other, lamp)):
            session.add(
                Component(
                    product_id=whole.id, component_id=part.id, position=1, quantity=Decimal(1)
                )
            )
    forecast(team, (lamp, 3))
    plan = services.create_plan(make_supply_plan)

    with pytest.raises(CircularComponents, match=r"LAMP of RUG of LAMP|RUG of LAMP of RUG"):
        services.make_plan(plan.id)
    assert not db.session.get_one(SupplyPlan, plan.id).is_made


def test_without_a_forecast_there_is_nothing_to_plan_by(session: Session, team: Any) -> None:
    with pytest.raises(NoForecast):
        services.create_plan(make_supply_plan)
    with pytest.raises(Invalid):
        services.create_plan(make_supply_plan, cycle_id=10**9)


def test_only_the_newest_plans_are_kept_and_each_is_made_once(
    team: Any, lamp: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.supply.services.making.KEPT", 2)
    forecast(team, (lamp, 3))
    first, second, third = (planned().id for _ in range(3))

    kept = [*db.session.scalars(select(SupplyPlan.id).order_by(SupplyPlan.id))]
    assert kept == [second, third]
    assert services.make_plan(first) == {"products": 0, "suggestions": 0}
    assert services.make_plan(third) == {"products": 0, "suggestions": 0}


def test_what_has_stock_and_nothing_else_is_counted_not_planned(
    team: Any, lamp: Product
) -> None:
    stocked(5)
    forecast(team, (lamp, 3))

    plan = planned()

    assert (plan.products, plan.left_out) == (1, 1)


def test_packs_that_do_not_come_out_even_any_more_are_told(
    session: Session, team: Any, vendor: Vendor, lamp: Product
) -> None:
    forecast(team, (lamp, 3), months=1)
    plan = planned()
    part = session.scalars(select(VendorPart).where(VendorPart.product_id == lamp.id)).one()
    part.pack_quantity = Decimal(7)
    session.commit()

    told = services.order_suggestions([suggested(plan, lamp)[0].id])

    assert "packs of 7" in told["errors"][0]["reason"]


def test_newest_plan_is_one_that_is_made(team: Any, lamp: Product) -> None:
    forecast(team, (lamp, 3))
    made = planned()
    services.create_plan(make_supply_plan)

    assert db.session.scalar(queries.newest_plan()) == made.id
