"""How changes read on the audit page and in the history of a record."""

from decimal import Decimal

from app.core.db import transaction
from tests.conftest import SignIn
from tests.factories import ProductFactory


def test_of_a_new_record_only_what_it_has_is_told(sign_in: SignIn) -> None:
    ProductFactory.create(name="Rye", price="5.5", cost=0)

    page = sign_in("audit.view").get("/audit?type=product").text

    assert "<dt>Price</dt>" in page
    assert "<dt>SKU</dt>" in page
    assert "<dt>Cost</dt>" not in page
    assert "became" not in page


def test_of_a_change_what_became_nothing_is_told_too(sign_in: SignIn) -> None:
    product = ProductFactory.create(name="Rye", price="5.5")
    with transaction():
        product.price = Decimal(0)

    page = sign_in("audit.view").get("/audit?type=product").text

    assert "<del>5.5</del>" in page
    assert "<ins>0</ins>" in page
