"""Twins of old are listed until people have told them apart."""

from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.catalog import services as catalog
from app.catalog.models import Product
from app.core.alerts import Alert
from app.stock import services
from tests.conftest import SignIn
from tests.core.conftest import bearer
from tests.factories import ProductFactory

__all__ = ["bearer"]


def twins(session: Session) -> list[Product]:
    """Two products with one SKU, as the migration leaves them."""
    first = ProductFactory.create(sku="T-1", name="Typed")
    second = ProductFactory.create(sku="other", name="Pasted")
    session.execute(text("UPDATE product SET sku = 't-1', twin = 1 WHERE sku = 'other'"))
    session.refresh(second)
    return [first, second]


def test_twins_are_listed_side_by_side(session: Session, sign_in: SignIn) -> None:
    first, second = twins(session)

    page = sign_in("products.edit", "products.view").get("/stock/twins").text

    assert f"/products/{first.id}" in page
    assert f"/products/{second.id}" in page
    assert sign_in("products.view").get("/stock/twins").status_code == 403


def test_the_alert_is_open_until_they_are_told_apart(session: Session) -> None:
    first, second = twins(session)

    assert services.check_twins() == {"twins": 2}
    alert = session.query(Alert).filter_by(key="catalog:twins").one()
    assert alert.is_open
    catalog.revise_product(first.id, version=None, sku="T-9")

    assert services.check_twins() == {"twins": 0}
    session.expire_all()
    assert not alert.is_open
    assert second.twin == 0


def test_a_program_lists_them_and_settles_those_told_apart(
    session: Session, bearer: Any
) -> None:
    first, second = twins(session)
    services.check_twins()
    program = bearer("products.edit")

    listed = program.get("/api/v1/inventory/twins").json["items"]
    catalog.revise_product(first.id, version=None, sku="T-9")
    left = program.post("/api/v1/inventory/twins/settle")

    assert [(one["record"], one["id"]) for one in listed] == [
        ("product", first.id),
        ("product", second.id),
    ]
    assert (left.status_code, left.json) == (200, {"items": []})
    session.expire_all()
    assert not session.query(Alert).one().is_open
    assert bearer("products.view").get("/api/v1/inventory/twins").status_code == 403
