"""Products, customers and vendors in use: taken out of use only when nobody is left waiting."""

import pytest

from app.catalog import services as catalog
from app.catalog.models import Customer, Product, Vendor
from app.core.db import db
from app.core.errors import Invalid
from app.core.uses import InUse
from app.orders import services
from app.orders.models import ItemDraft
from tests.core.conftest import Bearer
from tests.factories import CustomerFactory, ProductFactory, VendorFactory
from tests.orders.conftest import again, confirmed, drafted, key, number, stocked


def test_a_reserved_product_says_so_and_stays(bearer: Bearer, product: Product) -> None:
    """It went out of use without a word, and its order could never leave."""
    stocked(5, product)
    order = confirmed((product, 2))

    answer = bearer("products.edit").delete(f"/api/v1/products/{product.id}")

    assert answer.status_code == 409
    assert "2 reserved" in answer.json["error"]
    assert f"1 open order ({order.number})" in answer.json["error"]
    services.ship_order(order.id, key=key())
    assert again(order).status == "shipped"


def test_what_nobody_waits_for_goes_out_of_use(product: Product) -> None:
    stocked(5, product)
    order = confirmed((product, 2))
    services.cancel_order(order.id)

    catalog.deactivate_product(product.id)

    assert not product.is_active


def test_a_product_that_a_shop_took_out_of_use_is_still_shipped(product: Product) -> None:
    stocked(5, product)
    order = confirmed((product, 2))
    product.is_active = False  # as what comes from outside says it
    db.session.flush()

    services.ship_order(order.id, key=key())

    assert again(order).status == "shipped"


def test_many_orders_are_named_and_counted(product: Product) -> None:
    for _ in range(5):
        confirmed((product, 1))

    with pytest.raises(InUse, match=r"5 open orders \(SO-\d+, SO-\d+, SO-\d+ and 2 more\)"):
        catalog.deactivate_product(product.id)


def test_a_customer_with_an_unfinished_order_stays(product: Product) -> None:
    customer = CustomerFactory.create(name="Ada")
    order = drafted((product, 1), customer=customer)

    with pytest.raises(InUse, match=f"Ada is in use: 1 unfinished order .{order.number}"):
        catalog.deactivate_contact(Customer, customer.id)

    services.cancel_order(order.id)
    catalog.deactivate_contact(Customer, customer.id)


def test_a_vendor_that_products_come_from_stays() -> None:
    vendor = VendorFactory.create(name="Acme")
    ProductFactory.create_batch(2, supplier_id=vendor.id)

    with pytest.raises(InUse, match="Acme is in use: supplier of 2 products"):
        catalog.deactivate_contact(Vendor, vendor.id)


def test_a_draft_refuses_a_product_out_of_use_at_once(product: Product) -> None:
    product.is_active = False
    db.session.flush()

    with pytest.raises(Invalid, match="P-1 is not in use any more"):
        drafted((product, 1))


def test_a_line_whose_product_went_out_of_use_may_stay(product: Product) -> None:
    order = drafted((product, 2))
    product.is_active = False
    db.session.flush()
    line = order.lines[0].id

    services.change_order(
        order.id, version=None, notes="x", items=[ItemDraft(number(1), sku="P-1", id=line)]
    )

    assert again(order).lines[0].quantity == 1


def test_a_draft_on_hold_is_confirmed_afterwards(product: Product) -> None:
    stocked(5, product)
    order = drafted((product, 2))
    services.hold_order(order.id, reason="Ask first")

    services.confirm_order(order.id)

    order = again(order)
    assert (order.status, order.hold_reason) == ("allocated", "")


def test_an_order_on_hold_that_was_confirmed_is_not_confirmed_again(product: Product) -> None:
    order = confirmed((product, 2))
    services.hold_order(order.id, reason="Unpaid")

    with pytest.raises(Exception, match="has been confirmed before"):
        services.confirm_order(order.id)
