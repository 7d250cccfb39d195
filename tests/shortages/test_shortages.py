"""What an order, a bundle or a bill of materials is missing is bought at one press."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from app.catalog.models import Product, Vendor
from app.catalog.services import ComponentDraft, set_components
from app.core.db import db
from app.core.errors import Invalid
from app.documents.errors import NotAllowed
from app.orders.services import cancel_order
from app.purchasing.models import PurchaseLine, PurchaseOrder
from app.shortages import services
from tests.conftest import SignIn
from tests.core.conftest import Bearer, bearer
from tests.factories import ProductFactory, VendorFactory, VendorPartFactory
from tests.orders.conftest import confirmed
from tests.purchasing.conftest import sent
from tests.stock.conftest import stocked

__all__ = ["bearer"]


@pytest.fixture
def acme() -> Vendor:
    return VendorFactory.create(name="Acme", currency="EUR")


def bought(vendor: Vendor, sku: str, **terms: Any) -> Product:
    """A product that a vendor sells, for 10 a pack."""
    product = ProductFactory.create(sku=sku, supplier_id=vendor.id, currency="EUR")
    VendorPartFactory.create(product=product, vendor=vendor, price=Decimal(10), **terms)
    return product


def made(sku: str, *parts: tuple[Product, object], kind: str, **more: Any) -> Product:
    product = ProductFactory.create(sku=sku)
    drafts = [ComponentDraft(Decimal(str(n)), product_id=part.id) for part, n in parts]
    return set_components(product.id, kind=kind, components=drafts, version=None, **more)


def ordered(result: Mapping[str, Any]) -> dict[str, Any]:
    """What some drafts say, by SKU."""
    lines = (
        select(PurchaseLine.sku, PurchaseLine.units_ordered)
        .join(PurchaseLine.order)
        .where(PurchaseOrder.number.in_(result["orders"]))
    )
    return dict(db.session.execute(lines).all())


def test_an_order_buys_what_it_is_missing_once(acme: Vendor) -> None:
    kettle = stocked(3, bought(acme, "KETTLE"))
    order = confirmed((kettle, 10))

    row: Any = services.shortages_of_order(order.id)[0]
    first, again = services.buy_for_order(order.id), services.buy_for_order(order.id)

    assert (row.needed, row.short, row.suggested) == (7, 7, 7)
    assert ordered(first) == {"KETTLE": 7}
    assert again == {"orders": [], "errors": []}
    assert services.said_of(again) == "Nothing had to be drafted."


def test_what_comes_serves_all_orders_before_more_is_bought(acme: Vendor) -> None:
    kettle = bought(acme, "KETTLE")
    first, second = confirmed((kettle, 10)), confirmed((kettle, 5))
    sent((kettle, 12), vendor=acme)

    assert [one.short for one in services.shortages_of_order(first.id)] == [3]
    assert ordered(services.buy_for_order(second.id)) == {"KETTLE": 3}
    assert services.shortages_of_order(first.id)[0].short == 0


def test_quantities_are_rounded_to_what_the_vendor_sells(acme: Vendor) -> None:
    cup = bought(acme, "CUP", pack_quantity=Decimal(12), minimum_quantity=Decimal(30))
    order = confirmed((cup, 5))

    row: Any = services.shortages_of_order(order.id)[0]

    assert (row.short, row.suggested) == (5, 36)
    assert row.why == "5 needed, 0 available, 5 on backorder in all: 5 short, so 36."
    assert ordered(services.buy_for_order(order.id)) == {"CUP": 36}


def test_each_vendor_gets_a_draft_and_who_is_missing_is_named(acme: Vendor) -> None:
    other = VendorFactory.create(name="Other", currency="EUR")
    orphan = ProductFactory.create(sku="ORPHAN", supplier_id=None)
    order = confirmed((bought(acme, "A"), 1), (bought(other, "B"), 2), (orphan, 3))

    result = services.buy_for_order(order.id)

    assert len(result["orders"]) == 2
    assert ordered(result) == {"A": 1, "B": 2}
    assert [one["record"] for one in result["errors"]] == ["ORPHAN"]
    assert "ORPHAN: No vendor is known" in services.said_of(result)


def test_a_bundle_of_an_order_buys_its_components(acme: Vendor) -> None:
    cup, pot = bought(acme, "CUP"), stocked(9, bought(acme, "POT"))
    kit = made("KIT", (cup, 2), (pot, 1), kind="bundle")
    order = confirmed((kit, 4))

    assert ordered(services.buy_for_order(order.id)) == {"CUP": 8}


def test_a_bill_of_materials_uses_what_is_built_before_it_buys(acme: Vendor) -> None:
    bolt, tube = bought(acme, "BOLT"), stocked(5, bought(acme, "TUBE"))
    frame = stocked(2, made("FRAME", (tube, 3), (bolt, 4), kind="assembly"))
    bike = made("BIKE", (frame, 1), (bolt, 10), kind="assembly")

    rows: Any = {one.sku: one for one in services.shortages_of_product(bike.id, Decimal(6))}

    # Four frames are built: 12 tubes of which 5 are there, and 16 bolts beside the 60.
    assert {sku: (row.needed, row.short) for sku, row in rows.items()} == {
        "TUBE": (12, 7),
        "BOLT": (76, 76),
    }
    result = services.buy_for_product(bike.id, quantity=Decimal(6))
    assert ordered(result) == {"TUBE": 7, "BOLT": 76}
    assert services.buy_for_product(bike.id, quantity=Decimal(6))["orders"] == []


def test_parts_of_one_go_are_rounded_up(acme: Vendor) -> None:
    glue = bought(acme, "GLUE")
    panel = made("PANEL", (glue, 1), kind="assembly", build_quantity=Decimal(3))

    [row] = services.shortages_of_product(panel.id, Decimal(1))

    assert row.needed == Decimal("0.334")


def test_an_assembly_that_somebody_sells_is_bought_as_it_is(acme: Vendor) -> None:
    bolt = bought(acme, "BOLT")
    frame = bought(acme, "FRAME")
    drafts = [ComponentDraft(Decimal(4), product_id=bolt.id)]
    set_components(frame.id, kind="assembly", components=drafts, version=None)
    bike = made("BIKE", (frame, 1), kind="assembly")

    assert ordered(services.buy_for_product(bike.id, quantity=Decimal(2))) == {"FRAME": 2}
    row: Any = services.shortages_of_product(frame.id, Decimal(1))[0]
    assert (row.sku, row.needed) == ("BOLT", 4)  # asked for itself, it is made


def test_what_waits_for_nothing_and_what_is_made_of_nothing_is_refused(acme: Vendor) -> None:
    kettle = stocked(10, bought(acme, "KETTLE"))
    order = confirmed((kettle, 1))

    assert services.buy_for_order(order.id)["orders"] == []
    with pytest.raises(NotAllowed, match="does not wait"):
        services.buy_for_order(cancel_order(order.id, reason="").id)
    with pytest.raises(NotAllowed, match="made of nothing"):
        services.shortages_of_product(kettle.id, Decimal(1))
    with pytest.raises(Invalid, match="above zero"):
        services.shortages_of_product(kettle.id, Decimal(0))


def test_people_look_and_press_once(sign_in: SignIn, acme: Vendor) -> None:
    cup = bought(acme, "CUP")
    kit = made("KIT", (cup, 2), kind="bundle")
    order = confirmed((cup, 3))
    person = sign_in("purchase_orders.edit", "orders.view", "products.view")
    of_order = f"/shortages/orders/{order.id}/purchases"
    of_kit = f"/shortages/products/{kit.id}/purchases"

    assert of_order in person.get(f"/orders/{order.id}").text
    assert of_kit in person.get(f"/products/{kit.id}").text
    assert "Buy 3 of Acme" in person.get(f"{of_order}/new").text
    done = person.post(of_order, data={"warehouse_id": ""}, follow_redirects=True)
    assert "Drafted: PO-" in done.text
    looked = person.post(of_kit, data={"quantity": "5", "look": "1"})
    assert (looked.status_code, "Buy 10 of Acme" in looked.text) == (200, True)
    assert person.post(of_kit, data={"quantity": "0"}).status_code == 422
    assert person.post(of_kit, data={"quantity": "5"}).status_code == 303
    assert sign_in("orders.view").post(of_order).status_code == 403


def test_programs_look_and_press_once(bearer: Bearer, acme: Vendor) -> None:
    cup = bought(acme, "CUP")
    kit = made("KIT", (cup, 2), kind="bundle")
    order = confirmed((cup, 3))
    program = bearer("purchase_orders.view", "purchase_orders.edit")
    root = "/api/v1/shortages"

    missing = program.get(f"{root}/orders/{order.id}").json["items"]
    drafted = program.post(f"{root}/orders/{order.id}/purchases", json={})
    planned = program.get(f"{root}/products/{kit.id}?quantity=5").json["items"]
    bundle = program.post(f"{root}/products/{kit.id}/purchases", json={"quantity": "5"})

    assert [(one["sku"], one["short"]) for one in missing] == [("CUP", "3")]
    assert (drafted.status_code, len(drafted.json["orders"])) == (200, 1)
    assert [(one["needed"], one["drafted"], one["short"]) for one in planned] == [
        ("10", "3", "10")
    ]
    assert ordered(bundle.json) == {"CUP": 10}
    assert program.get(f"{root}/orders/0").status_code == 404


def replaceable(whole: str, part: Product, each: object, *others: Product) -> Product:
    """An assembly of one component, in place of which others may be taken."""
    product = ProductFactory.create(sku=whole)
    draft = ComponentDraft(
        Decimal(str(each)), product_id=part.id, substitutes=[one.sku for one in others]
    )
    return set_components(product.id, kind="assembly", components=[draft], version=None)


def test_a_substitute_that_is_there_is_taken_before_anything_is_bought(acme: Vendor) -> None:
    bolt, nut = bought(acme, "BOLT"), stocked(4, bought(acme, "NUT"))
    stocked(3, bolt)
    thing = replaceable("THING", bolt, 2, nut)

    row: Any
    plain: Any
    [row] = services.shortages_of_product(thing.id, Decimal(5))
    [plain] = services.shortages_of_product(thing.id, Decimal(5), substitutes=False)

    assert (row.needed, row.short, row.suggested) == (10, 3, 3)
    assert row.why == "10 needed, 3 available, 4 of NUT instead: 3 short."
    assert (plain.short, plain.instead) == (7, ())
    assert ordered(services.buy_for_product(thing.id, quantity=Decimal(5))) == {"BOLT": 3}


def test_a_substitute_that_somebody_waits_for_is_not_taken(acme: Vendor) -> None:
    bolt, nut = bought(acme, "BOLT"), bought(acme, "NUT")
    confirmed((nut, 3))
    stocked(4, nut)
    thing = replaceable("THING", bolt, 1, nut)

    row: Any
    [row] = services.shortages_of_product(thing.id, Decimal(5))

    assert [(one.sku, one.quantity) for one in row.instead] == [("NUT", 1)]
    assert row.short == 4


def test_a_substitute_that_is_wanted_itself_is_not_taken(acme: Vendor) -> None:
    bolt, nut = bought(acme, "BOLT"), stocked(6, bought(acme, "NUT"))
    thing = ProductFactory.create(sku="THING")
    drafts = [
        ComponentDraft(Decimal(1), product_id=bolt.id, substitutes=["NUT"]),
        ComponentDraft(Decimal(1), product_id=nut.id),
    ]
    set_components(thing.id, kind="assembly", components=drafts, version=None)

    rows: dict[str, Any] = {
        one.sku: one for one in services.shortages_of_product(thing.id, Decimal(4))
    }

    assert (rows["BOLT"].short, rows["NUT"].short) == (2, 0)


def test_programs_and_people_may_refuse_substitutes(
    acme: Vendor, bearer: Bearer, sign_in: SignIn
) -> None:
    bolt, nut = bought(acme, "BOLT"), stocked(4, bought(acme, "NUT"))
    thing = replaceable("THING", bolt, 1, nut)
    program = bearer("purchase_orders.view", "purchase_orders.edit")
    address = f"/api/v1/shortages/products/{thing.id}"

    with_them = program.get(f"{address}?quantity=4").json["items"][0]
    without = program.get(f"{address}?quantity=4&substitutes=false").json["items"][0]
    person = sign_in("purchase_orders.edit", "products.view")
    shown = person.get(f"/shortages/products/{thing.id}/purchases/new?quantity=4").text
    drafted = program.post(f"{address}/purchases", json={"quantity": "4", "substitutes": False})

    assert (with_them["short"], without["short"]) == ("0", "4")
    assert with_them["instead"] == [{"product_id": nut.id, "sku": "NUT", "quantity": "4"}]
    assert "Take substitutes that are there" in shown
    assert ordered(drafted.json) == {"BOLT": 4}
