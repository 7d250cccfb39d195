"""What can be done to many orders."""

from io import BytesIO

from flask.testing import FlaskClient
from pypdf import PdfReader

from app.catalog.models import Product
from tests.bulk import act
from tests.conftest import SignIn
from tests.labels.reading import require_pango
from tests.orders.conftest import again, confirmed, drafted, stocked

MAY = ("orders.view", "orders.confirm")


def test_orders_are_confirmed_but_not_twice(sign_in: SignIn, product: Product) -> None:
    stocked(9, product)
    draft, known = drafted((product, 2)), confirmed((product, 2))

    report = act(sign_in(*MAY), "orders/actions/confirm", [draft.id, known.id])

    assert again(draft).status == "allocated"
    assert (report["done"], report["refused"]) == (1, 1)
    assert report["errors"][0]["record"] == known.number


def test_orders_are_held_with_a_reason(sign_in: SignIn, product: Product) -> None:
    order, client = confirmed((product, 2)), sign_in(*MAY)
    missing = client.post(
        "/lists/orders/actions/hold", data={"confirmed": "1", "ids": str(order.id)}
    )

    act(client, "orders/actions/hold", [order.id], reason="Unpaid")

    assert missing.status_code == 422
    assert "Say why it has to wait." in missing.text
    assert again(order).status == "on_hold"


def test_packing_slips_are_printed_into_one_file(sign_in: SignIn, product: Product) -> None:
    require_pango()
    orders = [confirmed((product, 1)) for _ in range(2)]
    client: FlaskClient = sign_in(*MAY)

    report = act(client, "orders/actions/packing-slips", [one.id for one in orders])

    file = client.get(report["packing_slips_url"])
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(file.data)).pages)
    assert file.mimetype == "application/pdf"
    for order in orders:
        assert order.number in text
