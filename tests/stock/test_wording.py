"""What the stock pages say, where a bare figure or code would mislead."""

import re

from app.stock import services
from tests.conftest import SignIn
from tests.factories import ProductFactory
from tests.stock.conftest import stocked


def test_an_empty_inventory_leads_to_the_first_products(sign_in: SignIn) -> None:
    page = sign_in("stock.view", "products.edit", "products.import").get("/stock").text

    assert "/imports/new?kind=products" in page
    assert "/products/new" in page


def test_an_empty_inventory_offers_nothing_that_is_forbidden(sign_in: SignIn) -> None:
    page = sign_in("stock.view").get("/stock").text

    assert "No products yet." in page
    assert "/imports/new" not in page
    assert "/products/new" not in page


def test_what_nobody_watches_is_no_alarm_when_there_is_none(sign_in: SignIn) -> None:
    ProductFactory.create(reorder_point=0)

    page = sign_in("stock.view").get("/stock").text

    assert "No stock" in page
    assert "badge out" not in page


def test_what_is_watched_alarms_when_there_is_none(sign_in: SignIn) -> None:
    ProductFactory.create(reorder_point=5)

    page = sign_in("stock.view").get("/stock").text

    assert "badge out" in page
    assert "No stock" not in page


def test_pieces_go_without_saying(sign_in: SignIn) -> None:
    ProductFactory.create(sku="CUP-1", unit="pcs")
    ProductFactory.create(sku="TEA-1", unit="kg")

    page = sign_in("stock.view").get("/stock").text

    assert '<span class="unit">kg</span>' in page
    assert '<span class="unit">pcs</span>' not in page


def test_a_product_does_not_name_itself_in_each_of_its_movements(sign_in: SignIn) -> None:
    product = stocked(1)

    client = sign_in("stock.view")

    assert product.name in client.get("/movements").text
    assert (
        f'<span class="hint">{product.name}</span>'
        not in client.get(f"/stock/{product.id}").text
    )


def test_places_outside_of_our_walls_come_last(sign_in: SignIn) -> None:
    services.create_location(code="ZZZ", kind="warehouse")

    page = sign_in("stock.view").get("/locations").text

    assert page.index(">ZZZ<") < page.index(">ADJUSTMENTS<")


def test_a_move_first_asks_where_to(sign_in: SignIn) -> None:
    product = stocked(1)

    client = sign_in("stock.view", "stock.transfer")
    form = client.get(f"/stock/{product.id}/moves/new", headers={"HX-Request": "true"}).text

    focused = [field for field in re.findall(r"<input[^>]*>", form) if " autofocus" in field]
    assert ['name="destination"' in field for field in focused] == [True]


def test_thousands_are_set_apart(sign_in: SignIn) -> None:
    stocked("12000.5")

    assert ">12,000.5" in sign_in("stock.view").get("/stock").text
