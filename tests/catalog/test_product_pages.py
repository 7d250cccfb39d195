"""The pages of products: for browsers and for htmx, what is refused, and to whom."""

import re
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.catalog import queries, services
from app.catalog.figures import FIGURES, Figures
from app.catalog.models import BarcodeLine, Product, VendorPartLine
from app.core.db import db
from app.core.slices import slices
from tests.conftest import SignIn
from tests.factories import BarcodeFactory, ProductFactory, VendorFactory

HTMX = {"HX-Request": "true"}
EAN, UPC = "4006381333931", "036000291452"
PNG = b"\x89PNG\r\n\x1a\n" + b"picture"


def fields(**changes: Any) -> dict[str, Any]:
    """Give what a browser sends of a filled form."""
    return {"sku": "OAT-1", "name": "Oat drink", "unit": "pcs", "currency": "EUR", **changes}


def skus(page: str) -> list[str]:
    return re.findall(r'<td class="code">([^<]+)</td>', page)


def saved(product_id: int) -> Product:
    db.session.expire_all()
    return db.session.scalars(queries.product(product_id)).one()


def test_the_list_shows_active_products_by_sku(sign_in: SignIn) -> None:
    for sku, is_active in [("B-2", True), ("A-1", True), ("C-3", False)]:
        ProductFactory.create(sku=sku, is_active=is_active)

    page = sign_in("products.view").get("/products").text

    assert "<html" in page
    assert skus(page) == ["A-1", "B-2"]


def test_a_search_from_htmx_receives_only_the_results(sign_in: SignIn) -> None:
    ProductFactory.create(sku="OAT-1", name="Crème d'avoine")
    ProductFactory.create(sku="TEA-1", name="Tea")

    response = sign_in("products.view").get("/products?search=creme+avo", headers=HTMX)

    assert "<html" not in response.text
    assert skus(response.text) == ["OAT-1"]
    assert "HX-Request" in response.vary


@pytest.mark.parametrize(
    "search",
    ["oat-1", "oat1", "dri", "dr", "oat dr", UPC, UPC.zfill(14), "0003600", "ac-9", "AC9X"],
)
def test_a_product_is_found_by_its_words_and_its_codes(sign_in: SignIn, search: str) -> None:
    part = VendorPartLine(VendorFactory.create().id, "AC 9-x")
    services.create_product(
        sku="OAT-1",
        name="Oat drink",
        barcodes=[BarcodeLine(UPC.zfill(14))],
        vendor_parts=[part],
    )
    ProductFactory.create(sku="TEA-1", name="Tea")

    page = sign_in("products.view").get("/products", query_string={"search": search}).text

    assert skus(page) == ["OAT-1"]


@pytest.mark.parametrize(
    "search", ["%", "_", "\\", "rink", "ru", "\1x", "x" * 200, "a b c d e f g h i j"]
)
def test_what_matches_nothing_gives_advice(sign_in: SignIn, search: str) -> None:
    ProductFactory.create(sku="K-1", name="Drunk")

    page = sign_in("products.view").get("/products", query_string={"search": search}).text

    assert "Nothing matches." in page


def test_an_empty_list_says_what_to_do(sign_in: SignIn) -> None:
    page = sign_in("products.view", "products.edit").get("/products").text

    assert "No products yet." in page
    assert 'href="/products/new"' in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("category=Tea", ["B-2"]),
        ("state=inactive", ["C-3"]),
        ("state=all", ["A-1", "B-2", "C-3"]),
        ("state=nonsense", ["A-1", "B-2"]),
        ("supplier={supplier}", ["A-1"]),
        ("supplier=none", ["A-1", "B-2"]),
        ("supplier=99999999999999999999", []),
        ("sort=-sku", ["B-2", "A-1"]),
        ("sort=price", ["B-2", "A-1"]),
        ("sort=-name", ["B-2", "A-1"]),
    ],
)
def test_the_list_is_filtered_and_sorted(sign_in: SignIn, query: str, found: list[str]) -> None:
    supplier = VendorFactory.create()
    ProductFactory.create(sku="A-1", name="Aa", price=Decimal(9), supplier_id=supplier.id)
    ProductFactory.create(sku="B-2", name="Bb", category="Tea", price=Decimal(2))
    ProductFactory.create(sku="C-3", is_active=False)

    page = sign_in("products.view").get("/products?" + query.format(supplier=supplier.id)).text

    assert skus(page) == found


def test_lists_are_imported_and_exported_by_those_who_may(sign_in: SignIn) -> None:
    ProductFactory.create(category="Tea")

    page = sign_in("products.view", "products.import").get("/products?category=Tea").text

    assert 'href="/imports/new?kind=products"' in page
    assert re.search(r'href="/exports/products.csv\?category=Tea"', page)
    assert "exports" not in sign_in("products.view").get("/products").text


def test_filters_that_are_on_can_be_taken_off(sign_in: SignIn) -> None:
    supplier = VendorFactory.create(name="Acme")
    query = f"/products?category=Tea&supplier={supplier.id}&state=all"

    page = sign_in("products.view").get(query).text

    assert "Supplier: Acme" in page
    assert f"/products?supplier={supplier.id}&amp;state=all" in page


def test_the_list_offers_the_categories_in_use(sign_in: SignIn) -> None:
    for category in ["Tea", "Coffee", "Tea", ""]:
        ProductFactory.create(category=category)

    page = sign_in("products.view").get("/products").text

    offered = re.findall(r'<option value="(Tea|Coffee)"', page)
    assert offered == ["Coffee", "Tea"]


def test_the_list_shows_what_there_is(
    app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    product = ProductFactory.create()
    stock = {product.id: Figures(Decimal("12.500"), Decimal(2), Decimal("10.500"))}
    monkeypatch.setitem(slices().provided, FIGURES, lambda _ids: stock)

    page = sign_in("products.view").get("/products").text

    assert re.search(rf'id="product-{product.id}-available"\s+value="10.500">10.5<', page)


def test_a_longer_list_takes_no_more_queries(sign_in: SignIn, queries: list[str]) -> None:
    client, counts = sign_in("products.view"), []
    for _ in range(2):
        for _ in range(60):
            ProductFactory.create(category="Tea", supplier_id=VendorFactory.create().id)
        queries.clear()
        client.get("/products?search=filters&category=Tea")
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert counts[1] <= 8


def test_a_product_page_takes_one_number_of_queries(
    sign_in: SignIn, queries: list[str]
) -> None:
    client, counts = sign_in("products.view"), []
    for length in (1, 9):
        product = services.create_product(
            sku=f"OAT-{length}",
            name="Oat drink",
            barcodes=[BarcodeLine(f"OWN-{length}-{n}") for n in range(length)],
            vendor_parts=[
                VendorPartLine(VendorFactory.create().id, f"AC-{n}") for n in range(length)
            ],
        )
        queries.clear()
        client.get(f"/products/{product.id}")
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_a_product_page_shows_facts_codes_and_history(sign_in: SignIn) -> None:
    vendor = VendorFactory.create(name="Acme")
    product = services.create_product(
        sku="OAT-1",
        name="Oat drink",
        supplier_id=vendor.id,
        barcodes=[BarcodeLine(EAN, Decimal(6))],
        vendor_parts=[VendorPartLine(vendor.id, "AC-9", Decimal("2.5"))],
    )

    page = sign_in("products.view").get(f"/products/{product.id}").text

    for text in ["Oat drink", EAN, "AC-9", "Acme", f"{EAN} (6 units)"]:
        assert text in page
    assert f'id="product-{product.id}-on_hand"' in page
    assert "/edit" not in page


def test_a_product_page_from_htmx_is_only_the_record(sign_in: SignIn) -> None:
    product = ProductFactory.create()

    page = sign_in("products.view").get(f"/products/{product.id}", headers=HTMX).text

    assert "<html" not in page
    assert "History" in page


def test_a_product_page_leads_to_its_stock(sign_in: SignIn) -> None:
    here = f"/products/{ProductFactory.create().id}"

    page = sign_in("products.view", "stock.view").get(here).text

    assert f'href="{here.replace("products", "stock")}"' in page
    assert 'href="/stock' not in sign_in("products.view").get(here).text


def test_a_product_is_added_with_its_lines(sign_in: SignIn) -> None:
    vendor = VendorFactory.create()
    lines = {
        "barcodes-0-code": EAN,
        "barcodes-0-units": "",
        "barcodes-1-code": "",
        "barcodes-1-units": "4",
        "vendor_parts-0-vendor_id": vendor.code,
        "vendor_parts-0-part_number": "AC-9",
        "vendor_parts-0-price": "2.5",
        "vendor_parts-1-vendor_id": "",
        "vendor_parts-1-part_number": "",
    }

    response = sign_in("products.edit", "products.costs").post(
        "/products", data=fields(price="12.50", weight="0.4", **lines)
    )

    product = db.session.scalars(select(Product).where(Product.sku == "OAT-1")).one()
    assert response.status_code == 303
    assert response.location == f"/products/{product.id}"
    product = saved(product.id)
    assert [product.price, product.weight] == [Decimal("12.5"), Decimal("0.4")]
    assert product.barcodes == [BarcodeLine(EAN)]
    assert product.vendor_parts == [VendorPartLine(vendor.id, "AC-9", Decimal("2.5"))]


def test_htmx_is_sent_to_the_new_product(sign_in: SignIn) -> None:
    response = sign_in("products.edit").post("/products", data=fields(), headers=HTMX)

    assert response.status_code == 204
    assert response.headers["HX-Redirect"].startswith("/products/")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"sku": ""}, "This is needed."),
        ({"name": "   "}, "This is needed."),
        ({"price": "-1"}, "from 0 to"),
        ({"price": "NaN"}, "not a number"),
        ({"price": "1.23456"}, "At most 4 decimals"),
        ({"price": "abc"}, "This is not a number"),
        ({"currency": "XXX"}, "Not a valid choice"),
        ({"supplier_id": "7"}, "No vendor has this code or this name."),
        ({"name": "a\1b"}, "control character"),
        ({"barcodes-0-code": "5.65E+12"}, "spreadsheet has shortened"),
        ({"barcodes-0-code": EAN, "barcodes-0-units": "0"}, "More than zero."),
        ({"barcodes-0-code": UPC, "barcodes-1-code": UPC.zfill(14)}, "is there twice"),
        ({"vendor_parts-0-part_number": "AC-9"}, "Whose number is it?"),
        ({"sku": "TAKEN"}, "is the SKU of Tea already"),
        ({"barcodes-0-code": "TEA"}, "belongs to TAKEN Tea already"),
    ],
)
def test_what_does_not_fit_comes_back_with_the_reason(
    sign_in: SignIn, changes: dict[str, str], reason: str
) -> None:
    BarcodeFactory.create(product=ProductFactory.create(sku="TAKEN", name="Tea"), code="TEA")

    response = sign_in("products.edit").post("/products", data=fields(**changes))

    assert response.status_code == 422
    assert reason in response.text
    assert db.session.scalars(select(Product.sku)).all() == ["TAKEN"]


def test_a_new_product_is_priced_in_the_money_of_the_company(sign_in: SignIn) -> None:
    page = sign_in("products.edit").get("/products/new").text

    assert re.search(r'<option selected value="USD">', page)
    assert 'name="barcodes-1-code"' in page
    assert 'name="vendor_parts-1-part_number"' in page


def test_a_change_that_does_not_fit_comes_back_with_the_reason(sign_in: SignIn) -> None:
    product = ProductFactory.create(name="Oat")

    response = sign_in("products.edit").post(
        f"/products/{product.id}", data=fields(name="", version="1"), headers=HTMX
    )

    assert response.status_code == 422
    assert "<html" not in response.text
    assert "This is needed." in response.text
    assert saved(product.id).name == "Oat"


def test_more_lines_are_added_without_saving(sign_in: SignIn) -> None:
    data = fields(more="1", **{f"barcodes-{n}-code": f"OWN-{n}" for n in range(3)})

    response = sign_in("products.edit").post("/products", data=data)

    assert response.status_code == 200
    assert re.findall(r'name="(barcodes-\d-code)"', response.text)[-1] == "barcodes-4-code"
    assert 'value="OWN-2"' in response.text
    assert db.session.scalars(select(Product)).all() == []


def test_a_product_is_changed(sign_in: SignIn) -> None:
    product = services.create_product(sku="OAT-1", name="Oat", barcodes=[BarcodeLine(EAN)])
    client = sign_in("products.edit", "products.view")
    form = client.get(f"/products/{product.id}/edit").text
    assert f'value="{EAN}"' in form
    assert 'name="version"' in form

    response = client.post(
        f"/products/{product.id}",
        data=fields(name="Oats", version="1", **{"barcodes-0-code": UPC}),
    )

    assert response.status_code == 303
    assert (saved(product.id).name, saved(product.id).version) == ("Oats", 2)
    assert saved(product.id).barcodes == [BarcodeLine(UPC)]


def test_more_lines_while_editing_save_nothing(sign_in: SignIn) -> None:
    product = ProductFactory.create(name="Oat")

    response = sign_in("products.edit").post(
        f"/products/{product.id}", data=fields(name="Oats", more="1")
    )

    assert response.status_code == 200
    assert saved(product.id).name == "Oat"


def test_a_product_keeps_its_own_sku_and_codes(sign_in: SignIn) -> None:
    product = services.create_product(sku="OAT-1", name="Oat", barcodes=[BarcodeLine(UPC)])
    codes = {"barcodes-0-code": UPC.zfill(14), "barcodes-0-units": "6"}

    response = sign_in("products.edit").post(
        f"/products/{product.id}", data=fields(version="1", **codes)
    )

    assert response.status_code == 303
    assert saved(product.id).barcodes == [BarcodeLine(UPC.zfill(14), Decimal(6))]


def test_an_old_version_comes_back_with_both_values(sign_in: SignIn) -> None:
    product = ProductFactory.create(sku="OAT-1", name="Oat")
    services.revise_product(product.id, version=1, name="Oat milk")

    response = sign_in("products.edit").post(
        f"/products/{product.id}",
        data=fields(name="Oats", version="1"),
    )

    assert response.status_code == 409
    for text in ["<span>Oat milk</span>", "<span>Oats</span>"]:
        assert text in response.text
    assert 'name="version" type="hidden" value="1"' in response.text
    assert 'name="seen-version" value="2"' in response.text
    assert saved(product.id).name == "Oat milk"


def test_a_product_is_deactivated_and_activated(sign_in: SignIn) -> None:
    product = ProductFactory.create(name="Oat drink")
    client = sign_in("products.edit")

    response = client.post(f"/products/{product.id}/deactivation", headers=HTMX)
    assert response.status_code == 204
    assert "product:changed" in response.headers["HX-Trigger"]
    assert not saved(product.id).is_active

    response = client.post(f"/products/{product.id}/activation")
    assert response.status_code == 303
    assert saved(product.id).is_active


def picture(content: bytes) -> dict[str, Any]:
    return {"image": (BytesIO(content), "picture.png")}


def test_a_picture_is_uploaded_shown_and_removed(sign_in: SignIn) -> None:
    product = ProductFactory.create()
    client, here = sign_in("products.edit", "products.view"), f"/products/{product.id}"
    assert client.get(f"{here}/image/new").status_code == 200

    assert client.post(f"{here}/image", data=picture(PNG)).status_code == 303

    address = f"{here}/image?v={saved(product.id).image_id}"
    assert address in client.get(here).text
    image = client.get(address)
    assert (image.data, image.mimetype) == (PNG, "image/png")
    assert image.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert image.headers["X-Content-Type-Options"] == "nosniff"
    assert "immutable" not in client.get(f"{here}/image").headers["Cache-Control"]

    assert client.post(f"{here}/image/removal", headers=HTMX).status_code == 204
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("data", "reason"),
    [({}, "Choose a picture."), (picture(b"<svg>"), "no PNG, JPEG or WebP")],
)
def test_what_is_no_picture_is_refused(
    sign_in: SignIn, data: dict[str, Any], reason: str
) -> None:
    product = ProductFactory.create()

    response = sign_in("products.edit").post(f"/products/{product.id}/image", data=data)

    assert response.status_code == 422
    assert reason in response.text


@pytest.mark.parametrize("address", ["/products", "/products/{id}", "/products/{id}/image"])
def test_pages_are_closed_to_those_who_may_not_see_products(
    sign_in: SignIn, address: str
) -> None:
    product = ProductFactory.create()

    assert sign_in().get(address.format(id=product.id)).status_code == 403


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("GET", "/products/new"),
        ("POST", "/products"),
        ("GET", "/products/{id}/edit"),
        ("POST", "/products/{id}"),
        ("POST", "/products/{id}/deactivation"),
        ("POST", "/products/{id}/activation"),
        ("GET", "/products/{id}/image/new"),
        ("POST", "/products/{id}/image"),
        ("POST", "/products/{id}/image/removal"),
    ],
)
def test_changes_are_closed_to_those_who_may_only_see(
    sign_in: SignIn, method: str, address: str
) -> None:
    product = ProductFactory.create()

    client = sign_in("products.view")

    assert client.open(address.format(id=product.id), method=method).status_code == 403


@pytest.mark.parametrize("address", ["/products/7", "/products/7/edit", "/products/7/image"])
def test_what_is_not_there_is_not_found(sign_in: SignIn, address: str) -> None:
    assert sign_in("products.view", "products.edit").get(address).status_code == 404


def test_a_number_of_our_own_that_looks_like_a_gtin_is_kept_by_choice(
    sign_in: SignIn,
) -> None:
    client, own = sign_in("products.edit", "products.view"), "69045451079834"

    refused = client.post("/products", data=fields(**{"barcodes-0-code": own}))
    ticked = fields(**{"barcodes-0-code": own, "barcodes-0-is_own": "y"})
    client.post("/products", data=ticked)
    product = saved(db.session.scalars(select(Product.id)).one())
    edited = client.get(f"/products/{product.id}/edit").text
    again = client.post(f"/products/{product.id}", data=ticked | {"version": "1"})

    assert (refused.status_code, "say so" in refused.text) == (422, True)
    assert product.barcodes == [BarcodeLine(own, is_own=True)]
    assert re.search(
        r'name="barcodes-0-is_own"[^>]*checked|checked[^>]*barcodes-0-is_own', edited
    )
    assert again.status_code == 303


def test_a_real_gtin_is_no_number_of_our_own_whatever_is_ticked(sign_in: SignIn) -> None:
    ticked = fields(**{"barcodes-0-code": EAN, "barcodes-0-is_own": "y"})

    sign_in("products.edit").post("/products", data=ticked)

    assert saved(db.session.scalars(select(Product.id)).one()).barcodes == [BarcodeLine(EAN)]


def test_vendors_are_offered_for_what_is_typed(sign_in: SignIn) -> None:
    """However many there are: a list to scroll through would have to end somewhere."""
    vendor = VendorFactory.create(name="Acme Tools")
    VendorFactory.create(name="Acme Gone", is_active=False)

    offered = sign_in("products.edit").get("/choices/vendors?q=acme").text

    assert f'data-value="{vendor.code}"' in offered
    assert "Acme Gone" not in offered
    assert "/vendors/new" not in offered
    assert (
        "/vendors/new"
        in sign_in("products.edit", "vendors.edit").get("/choices/vendors?q=acme").text
    )
    assert sign_in("products.view").get("/choices/vendors?q=acme").status_code == 403


def test_a_product_is_edited_with_the_code_and_the_name_of_its_supplier(
    sign_in: SignIn,
) -> None:
    vendor = VendorFactory.create(name="Acme Tools", is_active=False)
    product = ProductFactory.create(supplier_id=vendor.id)

    page = sign_in("products.edit").get(f"/products/{product.id}/edit").text

    assert f'value="{vendor.code}"' in page
    assert 'data-shown="Acme Tools"' in page


def test_two_vendors_of_one_name_are_told_apart_by_code(sign_in: SignIn) -> None:
    twins = VendorFactory.create_batch(2, name="Acme")
    client = sign_in("products.edit")

    refused = client.post("/products", data=fields(supplier_id="Acme"))
    client.post("/products", data=fields(supplier_id=twins[1].code.lower()))

    assert "Several vendors are called Acme: choose a code." in refused.text
    product = db.session.scalars(select(Product)).one()
    assert product.supplier_id == twins[1].id
