"""The low-stock list on paper."""

import builtins
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from tests.conftest import SignIn
from tests.factories import ProductFactory, VendorFactory
from tests.labels.reading import require_pango
from tests.stock.conftest import stocked


@pytest.fixture
def pango() -> None:
    require_pango()


def text_of(pdf: bytes) -> str:
    """The words of all pages, with single blanks between them."""
    return " ".join(
        " ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split()
    )


@pytest.mark.usefixtures("pango")
def test_the_printed_list_can_be_read(sign_in: SignIn) -> None:
    vendor = VendorFactory.create(name="Mühle & Söhne")
    product = ProductFactory.create(
        sku="OAT-1", name="Oat drink <1 l>", reorder_point=5, supplier_id=vendor.id
    )
    stocked("1.5", product)

    response = sign_in("stock.view").get("/stock/low.pdf")

    assert response.mimetype == "application/pdf"
    text = text_of(response.data)
    for word in ("Low stock", "OAT-1", "Oat drink <1 l>", "Mühle & Söhne", "1.5", "3.5 pcs"):
        assert word in text


@pytest.mark.usefixtures("pango")
def test_a_list_that_is_cut_says_so(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.stock.views.low.MOST_PRINTED", 1)
    ProductFactory.create_batch(2, reorder_point=5)

    response = sign_in("stock.view").get("/stock/low.pdf")

    assert "only the first 1 are printed" in text_of(response.data)


@pytest.mark.usefixtures("pango")
def test_nothing_low_is_printed_as_such(sign_in: SignIn) -> None:
    response = sign_in("stock.view").get("/stock/low.pdf")

    assert "Nothing runs low" in text_of(response.data)


def test_without_pango_a_plain_page_names_the_packages(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    really_import = builtins.__import__

    def without_pango(name: str, *rest: Any, **more: Any) -> Any:
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")
        return really_import(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without_pango)

    response = sign_in("stock.view").get("/stock/low.pdf")

    assert response.status_code == 503
    assert "apt-get install libpango-1.0-0 libpangoft2-1.0-0" in response.text
