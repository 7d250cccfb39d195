"""A service takes what pages, programs and files bring: each text by a rule of its own."""

from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import String, inspect

from app.catalog.forms import CustomerForm, ProductForm, VendorForm
from app.catalog.models import Customer, Product, Vendor
from app.catalog.services import contacts, products
from app.orders.forms import OrderForm
from app.orders.models import SalesOrder
from app.orders.services import creating
from tests.laws import sides


@pytest.mark.parametrize(
    ("model", "form", "rules"),
    [
        (SalesOrder, OrderForm, creating.RULES),
        (Product, ProductForm, products.RULES),
        (Customer, CustomerForm, contacts.RULES),
        (Vendor, VendorForm, contacts.RULES),
    ],
)
def test_every_text_that_is_asked_for_has_a_rule(
    model: type[Any], form: type[Any], rules: Mapping[str, Any]
) -> None:
    columns = inspect(model).columns
    texts = {name for name, column in columns.items() if isinstance(column.type, String)}
    asked_for = texts & sides.in_form(form, called={})

    assert asked_for - rules.keys() == set()
    assert len(asked_for) > 3
