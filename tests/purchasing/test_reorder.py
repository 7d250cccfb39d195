"""What is to be bought and why, and the drafts that come of it."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalog.models import Product, Vendor, VendorPart
from app.core.alerts import Alert
from app.core.days import today
from app.core.jobs import JobRun
from app.purchasing import queries, services
from app.purchasing.models import PurchaseDraft, PurchaseOrder
from tests.bulk import act
from tests.conftest import SignIn
from tests.factories import (
    LocationFactory,
    ProductFactory,
    ReorderRuleFactory,
    VendorFactory,
    VendorPartFactory,
    WarehouseFactory,
)
from tests.orders.conftest import confirmed
from tests.purchasing.conftest import Call, drafted, number, place, sent, stocked


@pytest.fixture
def vendor() -> Vendor:
    return VendorFactory.create(name="Acme", currency="EUR", lead_time_days=10)


@pytest.fixture
def low(vendor: Vendor) -> Product:
    """A product of which 8 are there, and 50 should be; it comes by the dozen."""
    product = ProductFactory.create(
        sku="P-1", supplier_id=vendor.id, reorder_point=Decimal(20), maximum_stock=Decimal(50)
    )
    part(product, vendor, pack_quantity=12)
    return stocked(8, product)


def part(product: Product, vendor: Vendor, **terms: Any) -> VendorPart:
    values = {"price": Decimal(30)} | {
        name: number(value) if isinstance(value, int) else value
        for name, value in terms.items()
    }
    return VendorPartFactory.create(product=product, vendor=vendor, **values)


def need(product: Product) -> Any:
    found = services.needs_of([product.id])
    return found[0] if found else None


def orders(session: Session) -> list[Any]:
    found = queries.with_lines(select(PurchaseOrder)).order_by(PurchaseOrder.id)
    return [*session.scalars(found.execution_options(populate_existing=True))]


def test_it_says_every_step_of_what_it_suggests(low: Product) -> None:
    assert need(low).suggested == 48
    assert need(low).why == (
        "8 available; the reorder point is 20; 42 short of the maximum of 50, multiple of 12, "
        "so 48."
    )


def test_without_a_maximum_it_is_the_reorder_quantity_or_up_to_the_point(
    session: Session, low: Product
) -> None:
    low.maximum_stock = None
    session.commit()
    assert need(low).suggested == 12

    low.reorder_quantity = Decimal(30)
    session.commit()
    assert need(low).suggested == 36
    assert "; 12 short, the reorder quantity is 30, multiple of 12, so 36." in need(low).why


def test_the_minimum_is_itself_rounded_up_to_the_multiple(
    session: Session, low: Product, vendor: Vendor
) -> None:
    [terms] = session.scalars(select(VendorPart)).all()
    terms.minimum_quantity, terms.order_multiple = Decimal(50), Decimal(24)
    session.commit()

    assert need(low).suggested == 72
    assert "minimum 50, multiple of 24, so 72" in need(low).why


def test_above_its_point_nothing_is_bought(low: Product) -> None:
    stocked(13, low)

    assert need(low) is None


def test_what_comes_within_the_lead_time_counts_and_what_comes_later_hides_nothing(
    low: Product,
) -> None:
    sent((low, 5), expected_on=today() + timedelta(10))
    sent((low, 100), expected_on=today() + timedelta(11))
    sent((low, 2), expected_on=today() - timedelta(1))

    found = need(low)

    assert (found.incoming, found.incoming_late, found.incoming_later) == (7, 2, 100)
    assert found.projected == 15
    assert "+ 7 incoming, 2 of it late = 15" in found.why
    assert "100 come later than the lead time" in found.why


def test_what_customers_wait_for_counts_against_it(low: Product) -> None:
    confirmed((low, 11))

    assert (need(low).available, need(low).backordered, need(low).projected) == (0, 3, -3)
    assert need(low).suggested == 60


def test_safety_stock_comes_on_top_of_the_point(session: Session, low: Product) -> None:
    stocked(17, low)
    assert need(low) is None

    low.safety_stock = Decimal(5)
    session.commit()

    assert "the reorder point is 20 and 5 safety stock" in need(low).why


def test_what_is_in_drafts_is_not_suggested_again(low: Product) -> None:
    order = drafted((low, 2), pack_quantity=12)
    assert (need(low).drafted, need(low).suggested) == (24, 24)
    assert f"24 in {order.number} already, multiple of 12, so 24" in need(low).why
    also = drafted((low, 2), pack_quantity=12)
    assert f"48 in {order.number}, {also.number} already, so nothing more" in need(low).why
    services.cancel_order(also.id)

    services.cancel_order(order.id)
    assert need(low).suggested == 48


def test_doubted_goods_and_those_put_aside_are_no_stock(low: Product) -> None:
    aside = LocationFactory.create(
        code="ASIDE",
        kind="quarantine",
        path="MAIN/ASIDE/",
        parent_id=place("MAIN").id,
    )
    stocked(100, low, aside)

    assert need(low).available == 8


def test_a_rule_of_a_warehouse_looks_at_that_warehouse_alone(low: Product) -> None:
    east = WarehouseFactory.create(code="EAST")
    shelf = LocationFactory.create(code="E-1", path="EAST/E-1/", parent_id=east.id)
    ReorderRuleFactory.create(product=low, warehouse=east, maximum_stock=Decimal(30))
    stocked(4, low, shelf)
    sent((low, 50))  # to the other one

    found = need(low)

    assert (found.place, found.available, found.incoming, found.suggested) == ("EAST", 4, 0, 36)
    assert found.why.startswith("EAST: 4 available; the reorder point is 5; 26 short of")


def test_ticked_rows_become_one_draft_for_each_vendor_and_warehouse(
    session: Session, low: Product, vendor: Vendor
) -> None:
    also = ProductFactory.create(supplier_id=vendor.id, reorder_point=Decimal(1))
    part(also, vendor)
    other = ProductFactory.create(reorder_point=Decimal(1))
    part(other, VendorFactory.create())
    east = WarehouseFactory.create(code="EAST")
    there = ProductFactory.create(supplier_id=vendor.id)
    part(there, vendor)
    ReorderRuleFactory.create(product=there, warehouse=east)
    everything = [low.id, also.id, other.id, there.id]

    made = services.draft_orders(everything)

    found = orders(session)
    assert made["orders"] == [order.number for order in found]
    assert sorted(len(order.lines) for order in found) == [1, 1, 2]
    assert {(o.vendor_id, o.warehouse_id) for o in found if o.warehouse_id == east.id} == {
        (vendor.id, east.id)
    }
    [line] = [one for order in found for one in order.lines if one.product_id == low.id]
    assert (line.quantity, line.pack_quantity, line.units_ordered) == (4, 12, 48)
    assert (line.unit_price, found[0].status, found[0].channel) == (30, "draft", "reorder")
    again = services.draft_orders(everything)
    assert (again["orders"], again["refused"]) == ([], 4)
    assert len(orders(session)) == 3


def test_what_has_no_vendor_or_no_price_is_refused_with_the_reason(vendor: Vendor) -> None:
    nobody = ProductFactory.create(sku="NOBODY", reorder_point=Decimal(1))
    priceless = ProductFactory.create(
        sku="PRICELESS", supplier_id=vendor.id, reorder_point=Decimal(1)
    )

    made = services.draft_orders([nobody.id, priceless.id])

    assert made["orders"] == []
    reasons = {one["record"]: one["reason"] for one in made["errors"]}
    assert reasons["NOBODY"] == "No vendor is known: name its supplier."
    assert "give the price of PRICELESS in EUR" in reasons["PRICELESS"]


def test_price_breaks_go_by_all_lines_of_an_order(low: Product, vendor: Vendor) -> None:
    product = ProductFactory.create()
    part(product, vendor, pack_quantity=12, price_breaks="10: 25; 5: 28")
    drafts = [wanted(product, 4), wanted(product, 6)]

    order = services.create_order(vendor_id=vendor.id, items=drafts)

    assert [line.unit_price for line in order.lines] == [25, 25]
    one_line: Any = services.create_order(vendor_id=vendor.id, items=drafts[:1])
    [alone] = one_line.lines
    assert (alone.unit_price, alone.units_ordered) == (30, 48)


def wanted(product: Product, quantity: int) -> Any:
    return PurchaseDraft(number(quantity), product_id=product.id)


def test_each_product_is_told_once_until_it_was_above_again(
    session: Session, low: Product
) -> None:
    def told() -> list[tuple[str, bool, int]]:
        found = session.scalars(
            select(Alert).where(Alert.kind == "product.low").order_by(Alert.id)
        ).all()
        for one in found:
            session.refresh(one)
        return [(one.title, one.closed_at is None, one.occurrences) for one in found]

    services.watch_reorder()
    services.watch_reorder()
    assert told() == [("P-1 is at its reorder point", True, 1)]

    stocked(50, low)
    services.watch_reorder()
    assert [is_open for _title, is_open, _times in told()] == [False]

    confirmed((low, 50))
    services.watch_reorder()
    assert [is_open for _title, is_open, _times in told()] == [False, True]


def test_the_page_says_why_and_the_call_too(
    sign_in: SignIn, call: Call, low: Product, vendor: Vendor
) -> None:
    page = sign_in("purchase_orders.view").get("/reorder").text
    assert "42 short of the maximum of 50, multiple of 12, so 48" in page
    assert "Acme" in page

    [item] = call("GET", "/api/v1/reorder").json["items"]  # type: ignore[index]
    assert (item["sku"], item["suggested_quantity"]) == ("P-1", "48")
    assert item["needs"][0]["why"].endswith("so 48.")
    other = VendorFactory.create()
    assert call("GET", f"/api/v1/reorder?vendor={other.id}").json["items"] == []  # type: ignore[index]


def test_the_page_of_its_job_says_which_drafts_were_made(
    sign_in: SignIn, session: Session, low: Product
) -> None:
    nobody = ProductFactory.create(sku="NOBODY", reorder_point=Decimal(1))
    client = sign_in("purchase_orders.view", "purchase_orders.edit", "jobs.view")

    act(client, "reorder/actions/draft", [low.id, nobody.id])

    [order] = orders(session)
    asked = JobRun.label == "Draft purchase orders: 2 products"
    run = session.scalars(select(JobRun).where(asked)).one()
    page = client.get(f"/jobs/{run.id}").text
    assert "1 draft made, 1 product refused:" in page
    assert f'<a href="/purchase-orders/{order.id}">{order.number}</a>' in page
    assert "apply_action" not in page
    for word in ("Ids", "Values", "Filters", "Request"):
        assert f"<dt>{word}</dt>" not in page


def test_rules_are_written_on_their_page(sign_in: SignIn, low: Product) -> None:
    client = sign_in("purchase_orders.view", "products.edit")
    body = {"product": "p-1", "warehouse_id": place("MAIN").id, "reorder_point": "7"}

    assert client.post("/reorder-rules", data=body).status_code == 303
    assert "P-1" in client.get("/reorder-rules").text
    twice = client.post("/reorder-rules", data=body)
    assert "P-1 has a rule for MAIN" in twice.text
