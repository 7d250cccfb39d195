"""Fields for places offer what fits: by code, name or barcode, where the goods lie first."""

from decimal import Decimal

import pytest
from flask.testing import FlaskClient

from app.catalog.models import Product
from tests.conftest import SignIn
from tests.factories import LocationFactory, ProductFactory
from tests.orders.conftest import stocked


@pytest.fixture
def product() -> Product:
    """Ten pieces in the second of three bins; another bin is blocked, and one is no more."""
    product = ProductFactory.create()
    LocationFactory.create(code="A-01", path="A-01/", name="Left")
    there = LocationFactory.create(code="A-02", path="A-02/", name="Right", barcode="BIN7")
    LocationFactory.create(code="B-01", path="B-01/")
    LocationFactory.create(code="A-03", path="A-03/", is_blocked=True)
    LocationFactory.create(code="A-04", path="A-04/", is_active=False)
    stocked(Decimal(10), product, there)
    return product


def offered(client: FlaskClient, query: str) -> list[str]:
    """The codes offered, in their order."""
    answer = client.get(f"/choices/locations?{query}")
    assert answer.status_code == 200
    return [part.partition('"')[0] for part in answer.text.split('data-value="')[1:]]


def test_places_are_found_by_code_name_and_barcode(sign_in: SignIn, product: Product) -> None:
    client = sign_in("stock.adjust")

    assert offered(client, "q=a-0") == ["A-01", "A-02"]
    assert offered(client, "q=right") == ["A-02"]
    assert offered(client, "q=BIN7") == ["A-02"]
    assert offered(client, "q=nowhere") == []


def test_where_the_product_lies_comes_first(sign_in: SignIn, product: Product) -> None:
    client = sign_in("stock.adjust")

    found = offered(client, f"q=a-0&about={product.id}")

    assert found == ["A-02", "A-01"]
    assert "10 available" in client.get(f"/choices/locations?about={product.id}").text


def test_no_more_places_are_offered_than_somebody_reads(
    sign_in: SignIn, product: Product
) -> None:
    for number in range(30):
        LocationFactory.create(code=f"Z-{number}", path=f"Z-{number}/")

    assert len(offered(sign_in("stock.view"), "q=z-")) == 12


@pytest.mark.parametrize("about", ["0", "-1", "x", "99999999999999999999", "424242"])
def test_an_id_that_is_none_is_no_product(
    sign_in: SignIn, product: Product, about: str
) -> None:
    assert "A-01" in offered(sign_in("stock.view"), f"q=a-01&about={about}")


def test_places_are_for_who_works_with_them(sign_in: SignIn) -> None:
    assert sign_in("orders.view").get("/choices/locations?q=a").status_code == 403
