"""How changes read on the audit page and in the history of a record."""

from decimal import Decimal

from app.core.db import transaction
from tests.conftest import SignIn
from tests.factories import ProductFactory, VendorFactory


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


def test_what_is_named_by_its_id_is_told_by_its_name(
    sign_in: SignIn, queries: list[str]
) -> None:
    old, new = VendorFactory.create(name="Acme"), VendorFactory.create(name="Bolt")
    for _ in range(3):
        product = ProductFactory.create(supplier_id=old.id)
        with transaction():
            product.supplier_id = new.id
    client = sign_in("audit.view")
    queries.clear()

    page = client.get("/audit?type=product").text

    assert "<del>Acme</del>" in page
    assert "<ins>Bolt</ins>" in page
    assert sum("FROM vendor" in query for query in queries) == 1
