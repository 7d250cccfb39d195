"""Two people change one record: each keeps what they changed; only what both did is asked."""

from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text, update

from app.catalog.models import BarcodeLine, Product
from app.catalog.services import revise_product
from app.core.actors import Actor, acting_as
from app.core.audit import AuditEntry
from app.core.db import db
from app.core.settings import set_settings, setting
from app.core.settings.services import settings_version
from app.core.versions import Opened, StaleVersion
from tests.conftest import SignIn
from tests.core.conftest import Bearer
from tests.factories import ProductFactory, VendorFactory

ANN = Actor(None, "Ann", None)


def by_ann(product: Product, **changes: Any) -> None:
    with acting_as(ANN):
        revise_product(product.id, version=None, **changes)


def again(product: Product) -> Product:
    db.session.expire_all()
    return db.session.get_one(Product, product.id)


def form_of(product: Product, **changes: str) -> dict[str, str]:
    """What the form of a product sends as it opened, and what somebody typed over it."""
    opened = {
        "version": str(product.version),
        "sku": product.sku,
        "name": product.name,
        "unit": product.unit,
        "currency": product.currency,
        "price": str(product.price),
        "reorder_point": str(product.reorder_point),
    }
    return opened | changes


@pytest.fixture
def client(sign_in: SignIn) -> FlaskClient:
    return sign_in("products.view", "products.edit")


def test_an_old_page_that_changes_one_field_leaves_the_others_as_they_are(
    client: FlaskClient,
) -> None:
    """Changing only the reorder point put the price back from 101 to 96."""
    product = ProductFactory.create(price=96, reorder_point=5)
    opened = form_of(product, reorder_point="8")
    by_ann(product, price=Decimal(101))

    answer = client.post(f"/products/{product.id}", data=opened, follow_redirects=True)

    found: Any = again(product)
    assert (found.price, found.reorder_point) == (101, 8)
    assert "Ann has changed Price meanwhile: that stays." in answer.text


def test_what_both_changed_is_asked_field_by_field(client: FlaskClient) -> None:
    product = ProductFactory.create(name="Oat", price=96, reorder_point=5)
    opened = form_of(product, price="99", reorder_point="8")
    by_ann(product, price=Decimal(101), name="Oat drink")

    page = client.post(f"/products/{product.id}", data=opened)

    assert page.status_code == 409
    assert "Ann has changed this record meanwhile." in page.text
    assert 'name="keep-price"' in page.text
    assert 'name="keep-reorder_point"' not in page.text
    assert "Changed by others only, and kept: Name." in page.text
    assert 'value="Oat drink"' in page.text  # the form shows what stays
    assert again(product).price == 101


@pytest.mark.parametrize(("side", "price"), [("yours", 99), ("theirs", 101)])
def test_a_choice_settles_it(client: FlaskClient, side: str, price: int) -> None:
    product = ProductFactory.create(price=96, reorder_point=5)
    opened = form_of(product, price="99", reorder_point="8")
    by_ann(product, price=Decimal(101))
    decided = {"seen-version": "2", "keep-price": side}

    client.post(f"/products/{product.id}", data=opened | decided)

    found: Any = again(product)
    assert (found.price, found.reorder_point) == (price, 8)


def test_a_conflict_that_nobody_has_decided_is_asked_again(client: FlaskClient) -> None:
    product = ProductFactory.create(price=96)
    opened = form_of(product, price="99")
    by_ann(product, price=Decimal(101))

    page = client.post(f"/products/{product.id}", data=opened | {"seen-version": "2"})

    assert page.status_code == 409
    assert again(product).price == 101


def test_a_choice_does_not_count_for_what_was_changed_after_it(client: FlaskClient) -> None:
    product = ProductFactory.create(price=96)
    opened = form_of(product, price="99")
    by_ann(product, price=Decimal(101))
    by_ann(product, price=Decimal(102))
    decided = {"seen-version": "2", "keep-price": "yours"}

    page = client.post(f"/products/{product.id}", data=opened | decided)

    assert page.status_code == 409
    assert "102" in page.text
    assert again(product).price == 102


def test_lines_of_a_record_are_merged_as_one_field() -> None:
    product = ProductFactory.create(name="Oat")
    by_ann(product, barcodes=[BarcodeLine("4006381333931")])

    revise_product(product.id, version=1, name="Oats", barcodes=[])

    found = again(product)
    assert (found.name, [line.code for line in found.barcodes]) == ("Oats", ["4006381333931"])


def test_the_same_change_twice_is_no_conflict() -> None:
    product = ProductFactory.create(name="Oat")
    by_ann(product, name="Oats")

    revise_product(product.id, version=1, name="Oats")

    assert again(product).version == 2


def test_what_was_changed_and_changed_back_is_no_conflict() -> None:
    product = ProductFactory.create(name="Oat", category="Tea")
    by_ann(product, name="Oats")
    by_ann(product, name="Oat")

    revise_product(product.id, version=1, name="Oat", category="Drinks")

    assert again(product).category == "Drinks"


def test_without_the_whole_history_all_that_differs_is_in_doubt() -> None:
    """What was written before the history knew versions, or past it, cannot be told apart."""
    product = ProductFactory.create(name="Oat", price=96)
    by_ann(product, price=Decimal(101))
    db.session.execute(text("SET LOCAL session_replication_role = replica"))  # as a migration
    db.session.execute(update(AuditEntry).values(version=None))
    db.session.execute(text("SET LOCAL session_replication_role = origin"))

    with pytest.raises(StaleVersion) as refused:
        revise_product(product.id, version=1, name="Oats", price=Decimal(96))

    assert refused.value.conflicts.keys() == {"name", "price"}


def test_a_version_that_is_not_there_yet_is_refused() -> None:
    product = ProductFactory.create(name="Oat")

    with pytest.raises(StaleVersion):
        revise_product(product.id, version=9, name="Oats")


def test_a_program_keeps_what_others_changed(bearer: Bearer) -> None:
    product = ProductFactory.create(price=96, reorder_point=5)
    program = bearer("products.view", "products.edit")
    seen = program.get(f"/api/v1/products/{product.id}").json
    by_ann(product, price=Decimal(101))

    answer = program.put(f"/api/v1/products/{product.id}", json={**seen, "reorder_point": "8"})

    assert answer.status_code == 200, answer.text
    assert (answer.json["price"], answer.json["reorder_point"]) == ("101", "8")


def test_a_program_hears_both_values_and_the_version(bearer: Bearer) -> None:
    product = ProductFactory.create(price=96)
    by_ann(product, price=Decimal(101))

    answer = bearer("products.edit").put(
        f"/api/v1/products/{product.id}", json={"version": 1, "price": "99"}
    )

    assert answer.status_code == 409
    assert answer.json["code"] == "stale_version"
    assert answer.json["fields"] == {
        "price": ["It is 101 now; you sent 99."],
        "version": ["It is 2 now."],
    }


def test_settings_are_merged_too(app: Flask) -> None:
    version = settings_version()
    set_settings(version=version, currency="EUR")

    set_settings(version=version, currency="USD", session_hours=12)

    assert (setting("currency"), setting("session_hours")) == ("EUR", 12)
    with pytest.raises(StaleVersion):
        set_settings(version=version, currency="CHF")
    opened = Opened(version, decided={"currency": "yours"}, seen=settings_version())
    set_settings(version=opened, currency="CHF")
    assert setting("currency") == "CHF"


def test_a_vendor_in_conflict_is_called_by_name(client: FlaskClient) -> None:
    mine, hers = VendorFactory.create(name="Acme"), VendorFactory.create(name="Zeta")
    product = ProductFactory.create()
    opened = form_of(product, supplier_id=mine.code)
    by_ann(product, supplier_id=hers.id)

    page = client.post(f"/products/{product.id}", data=opened).text

    assert "<span>Acme</span>" in page
    assert "<span>Zeta</span>" in page
