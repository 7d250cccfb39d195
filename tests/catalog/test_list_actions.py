"""What can be done to many products, customers and vendors."""

import pytest

from app.catalog.models import Product
from app.core.db import db
from tests.bulk import act
from tests.conftest import SignIn
from tests.factories import CustomerFactory, ProductFactory, VendorFactory

DONE = {"done": 2, "refused": 0}


def again(products: list[Product]) -> list[Product]:
    return [db.session.get_one(Product, product.id) for product in products]


def test_products_are_taken_out_of_use_and_into_it_again(sign_in: SignIn) -> None:
    products = ProductFactory.create_batch(2)
    ids, client = [one.id for one in products], sign_in("products.view", "products.edit")

    assert act(client, "products/actions/deactivate", ids) == DONE
    assert [one.is_active for one in again(products)] == [False, False]
    assert act(client, "products/actions/activate", ids) == DONE
    assert [one.is_active for one in again(products)] == [True, True]


def test_products_are_given_a_category_and_a_supplier(sign_in: SignIn) -> None:
    products, vendor = ProductFactory.create_batch(2), VendorFactory.create()
    ids, client = [one.id for one in products], sign_in("products.view", "products.edit")

    act(client, "products/actions/category", ids, category=" Tea ")
    act(client, "products/actions/supplier", ids, supplier=vendor.name)

    assert {(one.category, one.supplier_id) for one in again(products)} == {("Tea", vendor.id)}


def test_a_supplier_that_is_none_comes_back(sign_in: SignIn) -> None:
    product = ProductFactory.create()
    data = {"confirmed": "1", "ids": str(product.id), "supplier": "nobody"}

    answer = sign_in("products.view", "products.edit").post(
        "/lists/products/actions/supplier", data=data
    )

    assert answer.status_code == 422
    assert "No vendor has this code" in answer.text


@pytest.mark.parametrize(
    ("data", "query"),
    [({"ids": "{id}"}, "items=OAT-1"), ({"all": "1", "state": "category=Tea"}, "category=Tea")],
)
def test_labels_are_printed_of_what_is_selected(
    sign_in: SignIn, data: dict[str, str], query: str
) -> None:
    product = ProductFactory.create(sku="OAT-1", category="Tea")
    data = {name: text.format(id=product.id) for name, text in data.items()}

    answer = sign_in("products.view", "labels.print").post(
        "/lists/products/actions/labels", data=data
    )

    assert answer.location.startswith("/labels/new?subject=sku")
    assert query in answer.location


@pytest.mark.parametrize("area", ["customers", "vendors"])
def test_contacts_are_taken_out_of_use_and_into_it_again(sign_in: SignIn, area: str) -> None:
    factory = CustomerFactory if area == "customers" else VendorFactory
    contacts = factory.create_batch(2)
    ids, client = [one.id for one in contacts], sign_in(f"{area}.view", f"{area}.edit")

    assert act(client, f"{area}/actions/deactivate", ids) == DONE
    assert act(client, f"{area}/actions/activate", ids) == DONE
