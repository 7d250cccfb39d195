"""What goes with an order on paper says what the order says, and can be read and scanned."""

from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from app.catalog.models import Product
from app.core.actors import Actor, acting_as
from app.core.code128 import LONGEST, code128
from app.core.quantities import money
from app.core.settings import set_settings
from app.fulfilment import services as fulfilment
from app.orders import services
from app.orders.models import ItemDraft
from tests.browser.selling import selling
from tests.conftest import SignIn
from tests.factories import CustomerFactory, UserFactory
from tests.labels.reading import read, require_pango
from tests.orders.conftest import again, confirmed, drafted, stocked

VIEW = "orders.view"
PRICED = ["confirmation", "invoice"]
KINDS = [*PRICED, "packing-slip"]


@pytest.fixture(autouse=True)
def _pango() -> None:
    require_pango()


def document(sign_in: SignIn, order: Any, kind: str) -> bytes:
    answer = sign_in(VIEW).get(f"/orders/{order.id}/documents/{kind}")
    assert answer.mimetype == "application/pdf"
    return answer.data


def pages(pdf: bytes) -> list[str]:
    """The words of each page, with single blanks between them."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages]


def of_rates(product: Product, *rates: str, lines: int = 3, **values: Any) -> Any:
    """A draft whose lines take turns with several tax rates."""
    items = [
        ItemDraft(
            Decimal(n + 1),
            product_id=product.id,
            unit_price=Decimal("12.35"),
            tax_rate=Decimal(rates[n % len(rates)]),
            description=f"Coffee no. {n + 1};",
        )
        for n in range(lines)
    ]
    customer = CustomerFactory.create(name="Ada Lovelace", currency="EUR")
    return services.create_order(customer_id=customer.id, items=items, **values)


@pytest.mark.parametrize("kind", PRICED)
def test_amounts_are_those_of_the_order_with_every_tax_rate(
    sign_in: SignIn, product: Product, kind: str
) -> None:
    order = of_rates(product, "19", "7", customer_po="PO-77", notes="Ring twice")

    (page,) = pages(document(sign_in, order, kind))

    for line in order.lines:
        assert f"{money(line.unit_price)} {line.tax_rate:.0f} % {money(line.total)}" in page
    assert f"Subtotal {money(order.subtotal)} EUR" in page
    # 12.35 and 37.05 at 19 %: 2.35 and 7.04, rounded line by line; 24.70 at 7 %: 1.73.
    assert "Tax 7 % of 24.70 1.73 EUR Tax 19 % of 49.40 9.39 EUR" in page
    assert order.tax == Decimal("1.73") + Decimal("9.39")
    assert f"Total {money(order.total)} EUR" in page
    assert "PO-77" in page
    assert ("Ring twice" in page) is (kind == "confirmation")


@pytest.mark.parametrize("kind", KINDS)
def test_documents_wear_the_look_of_the_company(
    sign_in: SignIn, product: Product, kind: str
) -> None:
    set_settings(
        company_name="Kontor & Söhne",
        company_address="Speicherstraße 14, 20457 Hamburg",
        company_vat_id="DE123456789",
        company_footer="IBAN DE02 1203",
    )

    (page,) = pages(document(sign_in, drafted((product, 1)), kind))

    for words in (
        "Kontor & Söhne Speicherstraße 14 20457 Hamburg VAT DE123456789",
        "IBAN DE02",
    ):
        assert words in page


@pytest.mark.parametrize("kind", KINDS)
def test_many_lines_repeat_the_head_and_number_the_pages(
    sign_in: SignIn, product: Product, kind: str
) -> None:
    order = of_rates(product, "19", lines=60)

    found = pages(document(sign_in, order, kind))

    assert len(found) > 1
    for number, page in enumerate(found, start=1):
        assert f"Page {number} of {len(found)}" in page
        assert order.number in page
        assert ("SKU Product" in page) is ("Coffee no." in page)
    everything = " ".join(found)
    assert [f"Coffee no. {n};" in everything for n in range(1, 61)] == [True] * 60


@pytest.mark.parametrize("lines", [24, 25, 26, 27, 28, 29])
def test_sums_stand_together_and_below_a_line(
    sign_in: SignIn, product: Product, lines: int
) -> None:
    order = of_rates(product, "19", lines=lines)

    found = pages(document(sign_in, order, "invoice"))

    words = [f"Coffee no. {lines};", "Subtotal", "Tax 19 % of", f"Total {money(order.total)}"]
    assert [all(word in page for word in words) for page in found].count(True) == 1


def test_a_currency_without_decimals_has_none_on_paper(
    sign_in: SignIn, product: Product
) -> None:
    order = drafted((product, 3), unit_price=1200, currency="JPY", tax_rate=Decimal(10))

    (page,) = pages(document(sign_in, order, "invoice"))

    for words in ("Subtotal 3,600 JPY", "Tax 10 % of 3,600 360 JPY", "Total 3,960 JPY"):
        assert words in page


def test_what_is_closed_short_is_not_on_the_invoice(sign_in: SignIn, product: Product) -> None:
    stocked(5, product)
    order = confirmed((product, 5), (product, 2))
    services.close_short(order.id, {order.lines[1].id: Decimal(2)})

    (page,) = pages(document(sign_in, order, "invoice"))

    assert "Total 50.00 EUR" in page
    assert page.count("P-1") == 1


def test_a_slip_says_what_is_in_the_parcel(sign_in: SignIn, product: Product) -> None:
    stocked(3, product)
    order = confirmed((product, 5))

    (page,) = pages(document(sign_in, order, "packing-slip"))
    assert "P-1 Paper filters 5 3 pcs" in page
    assert "50.00" not in page  # the customer's people need not know the price

    services.ship_order(order.id, key="ship")
    (page,) = pages(document(sign_in, again(order), "packing-slip"))
    assert "P-1 Paper filters 5 3 pcs" in page


def test_an_address_says_the_country_by_its_name(sign_in: SignIn, product: Product) -> None:
    order = drafted((product, 1), ship_street="Rua 1", ship_city="Porto", ship_country="PT")

    (page,) = pages(document(sign_in, order, "packing-slip"))

    assert "Rua 1 Porto Portugal" in page


@pytest.mark.parametrize("kind", KINDS)
def test_a_draft_and_a_cancelled_order_say_so(
    sign_in: SignIn, product: Product, kind: str
) -> None:
    order = drafted((product, 1))
    (draft,) = pages(document(sign_in, order, kind))
    services.cancel_order(order.id)
    (cancelled,) = pages(document(sign_in, order, kind))

    assert "not been confirmed yet" in draft
    assert "has been cancelled" in cancelled
    assert "not been confirmed yet" not in cancelled


def test_the_bars_of_a_slip_lead_to_the_order_at_the_packing_table(
    sign_in: SignIn,
) -> None:
    packer = UserFactory.create()
    with acting_as(Actor(packer.id, packer.name, None)):
        ids = selling(CustomerFactory.create().id, packer, "Paper filters")
    part = fulfilment.find_packable("TOTE-1")
    assert part.id == ids["task_order_id"]
    order: Any = services.locked_order(part.order_id)

    (code,) = read(document(sign_in, order, "packing-slip"), 203)

    assert (code.symbology, code.text) == ("code128", order.number)
    assert fulfilment.find_packable(code.text).id == part.id


@pytest.mark.parametrize("number", ["", "Größe-1", "A" * (LONGEST + 1), "A\tB"])
def test_what_bars_cannot_say_has_none(number: str) -> None:
    assert code128(number) is None


def test_documents_are_for_who_may_see_orders(sign_in: SignIn, product: Product) -> None:
    order = drafted((product, 1))

    client = sign_in("stock.view")

    for root in ("/orders", "/api/v1/orders"):
        assert client.get(f"{root}/{order.id}/documents/invoice").status_code == 403
        assert sign_in(VIEW).get(f"{root}/{order.id}/documents/letter").status_code == 404
        assert sign_in(VIEW).get(f"{root}/999999/documents/invoice").status_code == 404
    paper = sign_in(VIEW).get(f"/api/v1/orders/{order.id}/documents/invoice")
    assert paper.headers["Content-Disposition"] == (
        f'attachment; filename="invoice-copy-{order.number}.pdf"'
    )
    assert order.number in pages(paper.data)[0]
