"""Stock pages: for a browser, for htmx, without permission."""

import re
from decimal import Decimal

import pytest
from flask.testing import FlaskClient

from app.stock import services
from app.stock.models import Location
from app.stock.reservations import ReservedQuantity
from app.stock.views import low
from tests.conftest import SignIn
from tests.factories import LocationFactory, ProductFactory, VendorFactory
from tests.stock.conftest import stocked

HTMX = {"HX-Request": "true"}
ALL = ("stock.view", "stock.adjust", "stock.transfer", "stock.reserve", "stock.reverse")
FORMS: dict[str, dict[str, str]] = {
    "adjustments": {"location": "MAIN-01", "quantity": "-2", "reason": "damaged"},
    "counts": {"location": "main-01", "counted": "8"},
    "write-offs": {"location": "MAIN-01", "quantity": "2", "reason": "lost"},
    "moves": {"source": "MAIN-01", "destination": "MAIN-02", "quantity": "2"},
    "transfers": {"source": "MAIN-01", "destination": "NORTH-01", "quantity": "2"},
    "reservations": {"location": "MAIN-01", "quantity": "2"},
}
PATHS: list[tuple[str, str]] = [
    ("get", "/stock"),
    ("get", "/stock/1"),
    ("get", "/stock/low"),
    ("get", "/stock/low.pdf"),
    ("get", "/stock/low.csv"),
    ("get", "/stock/1/home/edit"),
    ("post", "/stock/1/home"),
    ("post", "/stock/1/reservations/1/release"),
    *[("get", f"/stock/1/{resource}/new") for resource in FORMS],
    *[("post", f"/stock/1/{resource}") for resource in FORMS],
]


@pytest.fixture
def client(sign_in: SignIn) -> FlaskClient:
    return sign_in(*ALL)


def test_the_inventory_is_a_page_for_browsers(sign_in: SignIn) -> None:
    product = stocked("12.5")

    response = sign_in("stock.view").get("/stock")

    assert "<html" in response.text
    assert product.sku in response.text
    assert ">12.5" in response.text


def test_a_search_is_only_the_results_for_htmx(sign_in: SignIn) -> None:
    ProductFactory.create(sku="CUP-1", name="Paper cup")
    ProductFactory.create(sku="LID-1", name="Lid")

    response = sign_in("stock.view").get("/stock?search=pap+cup", headers=HTMX)

    assert "<html" not in response.text
    assert "CUP-1" in response.text
    assert "LID-1" not in response.text
    assert "HX-Request" in response.vary


@pytest.mark.parametrize(
    ("filters", "shown"),
    [
        ("", "ABC"),
        ("?status=low", "BC"),
        ("?status=out", "C"),
        ("?status=nonsense", "ABC"),
        ("?location=MAIN", "AB"),
        ("?location=nowhere", "ABC"),
        ("?sort=-available", "ABC"),
        ("?sort=available", "CBA"),
        ("?sort=on_hand", "CBA"),
        ("?search=sku-b", "B"),
    ],
)
def test_filters_and_sorts_narrow_and_order_the_list(
    sign_in: SignIn, filters: str, shown: str
) -> None:
    for sku, quantity in [("A", 9), ("B", 2), ("C", 0)]:
        product = ProductFactory.create(sku=f"sku-{sku}", reorder_point=Decimal(2))
        if quantity:
            stocked(quantity, product)

    response = sign_in("stock.view").get(f"/stock{filters}")

    assert re.findall(r'class="code">sku-(\w)<', response.text) == list(shown)


def test_figures_of_one_warehouse_are_not_replaced_by_those_of_all(sign_in: SignIn) -> None:
    product = stocked(5)
    client, live = sign_in("stock.view"), f'id="product-{product.id}-available"'

    assert live in client.get("/stock").text
    assert live not in client.get("/stock?location=MAIN").text


def test_an_empty_inventory_says_where_to_begin(sign_in: SignIn) -> None:
    client = sign_in("stock.view")

    assert "No products yet" in client.get("/stock").text
    assert "Nothing matches" in client.get("/stock?search=x").text


@pytest.mark.parametrize("path", ["/stock", "/stock/low", "/movements", "/locations"])
def test_a_longer_list_takes_no_more_queries(
    sign_in: SignIn, queries: list[str], path: str
) -> None:
    client = sign_in("stock.view")
    stocked(1, ProductFactory.create(reorder_point=5))
    client.get(path)
    queries.clear()
    client.get(path)
    for_one = len(queries)
    for _ in range(8):
        stocked(1, ProductFactory.create(reorder_point=5), LocationFactory.create())
    queries.clear()

    client.get(path)

    assert len(queries) == for_one


def test_a_product_shows_where_it_lies_and_what_is_reserved(
    sign_in: SignIn, second: Location
) -> None:
    product = stocked(10)
    stocked(3, product, second)
    services.reserve(
        ReservedQuantity(product.id, second.id, None, Decimal(2)), key="r", note="Fair"
    )

    response = sign_in("stock.view").get(f"/stock/{product.id}")

    assert "MAIN-01" in response.text
    assert f'id="balance-{product.id}-{second.id}-available"' in response.text
    assert "Fair" in response.text
    assert "Opening balance" in response.text


def test_a_product_page_takes_no_more_queries_with_more_stock(
    sign_in: SignIn, queries: list[str]
) -> None:
    client, product = sign_in(*ALL), stocked(1)
    client.get(f"/stock/{product.id}")
    queries.clear()
    client.get(f"/stock/{product.id}")
    for_one = len(queries)
    for number in range(6):
        there = LocationFactory.create()
        stocked(5, product, there)
        services.reserve(
            ReservedQuantity(product.id, there.id, None, Decimal(1)), key=f"r{number}"
        )
    queries.clear()

    client.get(f"/stock/{product.id}")

    assert len(queries) == for_one


def test_low_stock_says_how_much_to_buy_and_from_whom(sign_in: SignIn) -> None:
    vendor = VendorFactory.create(name="Mill & Sons")
    product = ProductFactory.create(
        sku="OAT-1", reorder_point=5, maximum_stock=40, supplier_id=vendor.id
    )
    stocked(3, product)
    stocked(6, ProductFactory.create(sku="FULL", reorder_point=5))

    response = sign_in("stock.view").get("/stock/low")

    assert "OAT-1" in response.text
    assert "FULL" not in response.text
    assert "Mill &amp; Sons" in response.text
    assert ">37" in response.text


@pytest.mark.parametrize(("supplier", "shown"), [("", "AB"), ("own", "A"), ("x", "AB")])
def test_low_stock_is_filtered_by_supplier(sign_in: SignIn, supplier: str, shown: str) -> None:
    vendor = VendorFactory.create()
    ProductFactory.create(sku="sku-A", reorder_point=5, supplier_id=vendor.id)
    ProductFactory.create(sku="sku-B", reorder_point=5)
    asked = vendor.id if supplier == "own" else supplier

    response = sign_in("stock.view").get(f"/stock/low?supplier={asked}", headers=HTMX)

    assert [c for c in "AB" if f"sku-{c}" in response.text] == list(shown)


def test_nothing_low_is_good_news(sign_in: SignIn) -> None:
    client = sign_in("stock.view")

    assert "Nothing runs low" in client.get("/stock/low").text
    assert "Nothing matches" in client.get("/stock/low?search=x").text


def test_the_low_stock_file_runs_nothing_in_a_spreadsheet(sign_in: SignIn) -> None:
    stocked("1.5", ProductFactory.create(sku="=1+1", name="A, B", reorder_point=5))

    response = sign_in("stock.view").get("/stock/low.csv")

    lines = response.data.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("SKU,Name,Supplier")
    assert lines[1] == '\'=1+1,"A, B",,pcs,1.5,0,1.5,0,5,3.5'
    assert "attachment" in response.headers["Content-Disposition"]


def test_a_low_stock_file_that_is_cut_says_so(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(low, "MOST_EXPORTED", 1)
    for sku in ("A-1", "A-2"):
        ProductFactory.create(sku=sku, reorder_point=5)

    lines = sign_in("stock.view").get("/stock/low.csv").data.decode("utf-8-sig").splitlines()

    assert [line.partition(",")[0] for line in lines[:2]] == ["SKU", "A-1"]
    assert lines[2:] == ["There are more rows: these are the first 1."]


@pytest.mark.parametrize(("method", "path"), PATHS)
def test_nothing_opens_without_its_permission(sign_in: SignIn, method: str, path: str) -> None:
    assert sign_in("something.else").open(path, method=method).status_code == 403


@pytest.mark.parametrize(("method", "path"), PATHS[5:])
def test_seeing_stock_is_not_changing_it(sign_in: SignIn, method: str, path: str) -> None:
    assert sign_in("stock.view").open(path, method=method).status_code == 403


@pytest.mark.parametrize("path", ["/stock/404", "/stock/404/adjustments/new"])
def test_an_unknown_product_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404
