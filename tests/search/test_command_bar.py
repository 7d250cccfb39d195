"""The command bar, and what a scanner types into it."""

from flask import Flask
from flask.testing import FlaskClient

from app.core.slices import slices
from app.search import command_bar
from tests.conftest import SignIn
from tests.factories import (
    BarcodeFactory,
    CustomerFactory,
    LocationFactory,
    ProductFactory,
    VendorFactory,
)

EVERYTHING = ("products.view", "customers.view", "vendors.view", "stock.view")
HTMX = {"HX-Request": "true"}


def results(client: FlaskClient, term: str) -> str:
    return client.get("/search", query_string={"q": term}, headers=HTMX).get_data(as_text=True)


def test_results_stand_in_groups_each_a_link_to_its_record(sign_in: SignIn) -> None:
    product = ProductFactory.create(sku="OAK-1", name="Oak board")
    customer = CustomerFactory.create(name="Oakley Bakery")
    vendor = VendorFactory.create(name="Oak & Sons")
    location = LocationFactory.create(code="X-1", name="Oak shelf")

    page = results(sign_in(*EVERYTHING), "oak")

    for title in ("Products", "Customers", "Vendors", "Locations"):
        assert f'aria-label="{title}"' in page
    assert f'id="product-{product.id}"' in page
    assert f'href="/products/{product.id}"' in page
    assert f'href="/customers/{customer.id}"' in page
    assert f'href="/vendors/{vendor.id}"' in page
    assert f'href="/locations/{location.id}"' in page
    assert "<html" not in page


def test_a_browser_gets_the_whole_page(sign_in: SignIn) -> None:
    ProductFactory.create(name="Oak board")

    page = sign_in(*EVERYTHING).get("/search?q=oak").get_data(as_text=True)

    assert "<html" in page
    assert 'id="page-product-' in page


def test_only_what_a_person_may_view_is_shown(sign_in: SignIn) -> None:
    ProductFactory.create(name="Oak board")
    CustomerFactory.create(name="Oakley Bakery")
    VendorFactory.create(name="Oak & Sons")
    LocationFactory.create(code="OAK-1")

    page = results(sign_in("customers.view"), "oak")

    assert "Oakley Bakery" in page
    assert "Oak board" not in page
    assert "Oak &amp; Sons" not in page
    assert "OAK-1" not in page


def test_a_group_has_at_most_six_and_leads_to_the_others(sign_in: SignIn) -> None:
    ProductFactory.create_batch(9, name="Oak board")
    client = sign_in(*EVERYTHING)

    page = results(client, "oak")

    assert page.count('role="option"') == 7
    assert 'href="/products?search=oak"' in page
    assert client.get("/products?search=oak").text.count(">Oak board<") == 9


def test_a_group_that_shows_all_leads_nowhere_else(sign_in: SignIn) -> None:
    ProductFactory.create_batch(5, name="Oak board")

    assert "/products?search" not in results(sign_in(*EVERYTHING), "oak")


def test_every_list_that_a_group_leads_to_is_there(app: Flask) -> None:
    with app.test_request_context():
        alls = {one.area: command_bar._all(one, "a & b") for one in slices().search}

    areas = {"products", "customers", "vendors", "orders", "invoices", "locations"}
    numbered = {"receipts", "inbound_shipments", "transfer_orders", "vendor_returns", "builds"}
    assert alls.keys() == areas | numbered | {"book_documents", "purchase_orders", "lots"}
    for area, one in alls.items():
        assert one.href == f"/{area.replace('_', '-')}?search=a+%26+b"
    assert alls["locations"].title == "All locations with “a & b”"
    assert alls["book_documents"].title == "All receipts and credits with “a & b”"


def test_places_of_the_side_bar_are_found_by_their_name(sign_in: SignIn) -> None:
    page = results(sign_in("products.view"), "prod")

    assert 'aria-label="Pages"' in page
    assert 'href="/products"' in page or 'href="/products/"' in page


def test_nothing_found_says_so(sign_in: SignIn) -> None:
    assert "Nothing matches" in results(sign_in(*EVERYTHING), "<qwertyuiop>")
    assert "<qwertyuiop>" not in results(sign_in(*EVERYTHING), "<qwertyuiop>")


def test_an_empty_term_finds_nothing_and_asks_nothing(
    sign_in: SignIn, queries: list[str]
) -> None:
    client = sign_in(*EVERYTHING)
    queries.clear()

    assert results(client, " ").strip() == ""
    assert queries == []


def test_a_product_tells_how_much_is_on_hand_to_those_who_see_stock(sign_in: SignIn) -> None:
    ProductFactory.create(name="Oak board")

    assert "0 on hand" in results(sign_in("products.view", "stock.view"), "oak")
    assert "on hand" not in results(sign_in("products.view"), "oak")


def test_what_is_inactive_is_marked(sign_in: SignIn) -> None:
    ProductFactory.create(name="Oak board", is_active=False)

    assert "Inactive" in results(sign_in(*EVERYTHING), "oak")


def test_what_is_in_use_comes_before_what_is_not(sign_in: SignIn) -> None:
    for number in range(6):
        ProductFactory.create(name=f"Oak board {number}", is_active=False)
    ProductFactory.create(name="Oak board in use")

    found = results(sign_in(*EVERYTHING), "oak")

    assert found.index("Oak board in use") < found.index("Oak board 0")


def test_a_scanned_barcode_opens_its_product(sign_in: SignIn) -> None:
    barcode = BarcodeFactory.create(code="00041250500735")

    answer = sign_in(*EVERYTHING).get("/search?q=041250500735&scan=1")

    assert answer.status_code == 303
    assert answer.location == f"/products/{barcode.product_id}"


def test_a_sku_typed_without_its_dashes_opens_its_product(sign_in: SignIn) -> None:
    product = ProductFactory.create(sku="AB-12 C")

    answer = sign_in(*EVERYTHING).get("/search?q=ab12c")

    assert (answer.status_code, answer.location) == (303, f"/products/{product.id}")


def test_the_barcode_or_the_code_of_a_place_opens_it(sign_in: SignIn) -> None:
    location = LocationFactory.create(code="A-01-1", barcode="LOC00017")
    client = sign_in(*EVERYTHING)

    for term in ("LOC00017", "a-01-1"):
        assert client.get(f"/search?q={term}").location == f"/locations/{location.id}"


def test_a_code_of_two_records_shows_both(sign_in: SignIn) -> None:
    ProductFactory.create(sku="A-1", name="Oak board")
    LocationFactory.create(code="A-1", name="Shelf")

    answer = sign_in(*EVERYTHING).get("/search?q=a-1&scan=1")

    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert 'aria-label="Exact match"' in page
    assert "Oak board" in page
    assert "Shelf" in page
    assert "No record has the code" not in page


def test_htmx_sees_the_exact_match_first_and_only_once(sign_in: SignIn) -> None:
    barcode = BarcodeFactory.create(code="4006381333931", product__name="Marker")

    page = results(sign_in(*EVERYTHING), "4006381333931")

    assert page.index('aria-label="Exact match"') < page.index("Marker")
    assert page.count(f'id="product-{barcode.product_id}"') == 1


def test_the_code_of_a_carton_tells_how_much_it_is_worth(sign_in: SignIn) -> None:
    BarcodeFactory.create(code="14006381333938", units=12, product__unit="pcs")

    assert "This code is 12 pcs" in results(sign_in(*EVERYTHING), "14006381333938")


def test_a_scanned_code_that_nobody_has_says_so(sign_in: SignIn) -> None:
    answer = sign_in(*EVERYTHING).get("/search?q=99887766&scan=1")

    assert answer.status_code == 200
    assert "No record has the code" in answer.get_data(as_text=True)


def test_a_scan_does_not_open_what_a_person_may_not_view(sign_in: SignIn) -> None:
    BarcodeFactory.create(code="4006381333931", product__name="Marker")

    answer = sign_in("customers.view").get("/search?q=4006381333931&scan=1")

    assert answer.status_code == 200
    assert "Marker" not in answer.get_data(as_text=True)


def test_a_stranger_is_asked_to_sign_in(sign_in: SignIn) -> None:
    stranger = sign_in().application.test_client()

    assert "/session" in stranger.get("/search?q=oak").location


def test_the_number_of_queries_does_not_grow(sign_in: SignIn, queries: list[str]) -> None:
    ProductFactory.create(name="Oak board")
    client = sign_in(*EVERYTHING)
    results(client, "oak")
    queries.clear()
    results(client, "oak")
    few = len(queries)
    ProductFactory.create_batch(5, name="Oak board")
    queries.clear()

    results(client, "oak")

    assert len(queries) == few
