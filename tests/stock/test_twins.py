"""Twins of old are listed until people have told them apart."""

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.catalog import services as catalog
from app.catalog.models import Product
from app.core.alerts import Alert
from app.stock import services
from tests.conftest import SignIn
from tests.factories import ProductFactory


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
