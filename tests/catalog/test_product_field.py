"""A field that names a product takes what its list offers, typed or scanned."""

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from app.catalog.choices import product_field
from app.core.forms import Form
from tests.factories import BarcodeFactory, ProductFactory


class Named(Form):
    product_id = product_field("Product")


def named(app: Flask, code: str) -> Named:
    with app.test_request_context():
        form = Named(MultiDict({"product_id": code}))
        form.validate()
        return form


@pytest.mark.parametrize("code", ["oak-1", "OAK-1\u200b", "4006381333931", "House-7"])
def test_a_product_is_named_by_its_sku_or_a_barcode(app: Flask, code: str) -> None:
    product = ProductFactory.create(sku="OAK-1")
    for barcode in ("4006381333931", "HOUSE-7"):
        BarcodeFactory.create(product=product, code=barcode)

    assert named(app, code).product_id.data == product.id


def test_a_code_of_two_products_names_neither(app: Flask) -> None:
    ProductFactory.create(sku="TWO")
    BarcodeFactory.create(product=ProductFactory.create(), code="two")

    errors = named(app, "TWO").product_id.errors

    assert [*errors] == ["Several products have such a code: choose one."]
