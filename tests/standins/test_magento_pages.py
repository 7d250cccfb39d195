"""The pages for people: credentials, orders, products, faults and habits."""

import pytest
import requests

from tests.standins.magento import Magento
from tests.standins.magento.faults import USUAL

pytest_plugins = "tests.standins.magento.fixtures"
SIMPLE, CONFIGURABLE, APART = 1, 20, 30


def look(magento: Magento, path: str = "/", **query: str) -> str:
    answer = requests.get(f"{magento.url}{path}", params=query, timeout=5)
    assert answer.status_code == 200
    return answer.text


def press(magento: Magento, path: str, **fields: str) -> requests.Response:
    return requests.post(f"{magento.url}{path}", data=fields, timeout=5)


def test_the_overview_shows_all_that_is_to_be_pasted(magento: Magento) -> None:
    access, page = magento.access, look(magento)
    wanted = [
        magento.url,
        access.consumer_key,
        access.consumer_secret,
        access.access_token,
        access.access_token_secret,
        access.user,
        access.password,
    ]
    assert all(f"<code>{one}</code>" in page for one in wanted)


def test_the_ways_to_sign_in_are_switched(magento: Magento) -> None:
    access = magento.access
    access.sign_in()
    assert "This shop refuses" in press(magento, "/access", do="bearer").text
    assert "switched off" in press(magento, "/access", do="active").text
    assert "0 were given" in press(magento, "/access", do="expire").text
    assert (access.allows_bearer, access.is_active, access.admin_tokens) == (False, False, {})


def test_an_order_is_placed_and_paid_by_its_buttons(magento: Magento) -> None:
    fields = {"product0": str(SIMPLE), "quantity0": "3", "product1": str(CONFIGURABLE)}
    page = press(magento, "/orders", **fields, quantity1="1", currency="PLN", do="place")
    key = int(page.url.rpartition("/")[2])
    assert "Nothing is paid yet." in page.text
    assert "└ KW-000019" in page.text

    press(magento, f"/orders/{key}", do="pay_part")
    page = press(magento, f"/orders/{key}", do="pay")

    order = magento.shop.order(key)
    assert (order["order_currency_code"], order["state"]) == ("PLN", "processing")
    invoices = magento.shop.invoices.where("order_id", key)
    assert [row.fields["total_qty"] for row in invoices] == [2, 2]
    assert all(row.columns["increment_id"] in page.text for row in invoices)


def test_an_order_by_chance_is_placed_and_paid(magento: Magento) -> None:
    page = press(magento, "/orders", do="pay")
    key = int(page.url.rpartition("/")[2])
    assert magento.shop.order(key)["total_due"] == 0


def test_shipments_are_seen_with_track_and_comment(magento: Magento) -> None:
    key = magento.shop.place_paid([(APART, 1)])
    assert "None yet" in look(magento, f"/orders/{key}")
    track = {"track_number": "1Z<9>", "title": "UPS Ground", "carrier_code": "ups"}
    requests.post(
        f"{magento.url}/rest/V1/order/{key}/ship",
        json={"tracks": [track], "comment": {"comment": "pick 41"}},
        headers={"Authorization": f"Bearer {magento.access.access_token}"},
        timeout=5,
    )
    page = look(magento, f"/orders/{key}")
    assert "<code>1Z&lt;9&gt;</code>" in page
    assert "“pick 41”" in page
    assert "2 × KW-000029" in page


@pytest.mark.parametrize(
    ("what", "state"),
    [
        ("cancel", "canceled"),
        ("hold", "holded"),
        ("review", "payment_review"),
        ("touch", "new"),
        ("pay", "processing"),
        ("send", "processing"),
        ("send_part", "processing"),
    ],
)
def test_a_button_changes_an_order(magento: Magento, what: str, state: str) -> None:
    key = magento.shop.place([(SIMPLE, 2), (APART, 1)])
    before = magento.shop.order(key)["updated_at"]
    later = magento.shop.clock() + 100
    magento.shop.clock = lambda: later

    assert f"state {state}" in press(magento, f"/orders/{key}", do=what).text

    assert magento.shop.order(key)["updated_at"] > before


def test_an_order_that_is_edited_is_replaced(magento: Magento) -> None:
    key = magento.shop.place([(SIMPLE, 2)])
    page = press(magento, f"/orders/{key}", do="edit")
    assert page.url.endswith(f"/orders/{key + 1}")
    assert magento.shop.order(key + 1)["items"][0]["qty_ordered"] == 3
    assert "replaced by" in look(magento, f"/orders/{key}")


def test_an_order_that_is_deleted_is_gone(magento: Magento) -> None:
    press(magento, "/orders/3", do="delete")
    assert requests.get(f"{magento.url}/orders/3", timeout=5).status_code == 404


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("unhold", "That cannot be done"),
        ("cancel", "That cannot be done"),
        ("edit", "Only an order that nobody has paid"),
        ("pay", "The order does not allow an invoice to be created."),
        ("nonsense", "No button says nonsense."),
    ],
)
def test_what_cannot_be_done_is_said(magento: Magento, what: str, said: str) -> None:
    key = magento.shop.place_paid([(SIMPLE, 1)])
    before = magento.shop.order(key)
    page = press(magento, f"/orders/{key}", do=what)
    assert page.status_code == 400
    assert said in page.text
    assert magento.shop.order(key) == before


def test_lists_are_searched_and_turn_pages(magento: Magento) -> None:
    assert "1 found" in look(magento, "/products", q="kw-000007")
    first, same, second = (look(magento, "/products", page=one) for one in ("1", "-3", "2"))
    assert first == same != second
    assert "Next" in first
    assert "Previous" in second
    assert "000000060" in look(magento, "/orders")


def test_a_product_is_changed(magento: Magento) -> None:
    fields = {"name": "New", "price": "12.5", "in_default": "7", "in_outlet": "0"}
    page = press(magento, "/products/KW-000007", do="save", **fields)
    assert 'value="New"' in page.text
    product = magento.shop.products.rows["KW-000007"].fields
    assert (product["name"], product["price"]) == ("New", 12.5)
    assert magento.shop.quantity("KW-000007") == 7

    press(magento, "/products/KW-000007", do="switch")
    assert magento.shop.products.rows["KW-000007"].columns["status"] == 2


@pytest.mark.parametrize("price", ["dear", "nan", "inf", ""])
def test_a_price_is_a_number(magento: Magento, price: str) -> None:
    page = press(magento, "/products/KW-000007", do="save", name="New", price=price)
    assert page.status_code == 400
    assert magento.shop.products.rows["KW-000007"].columns["name"] != "New"


@pytest.mark.parametrize("path", ["/orders/9999", "/products/nothing"])
def test_what_is_not_there_is_404(magento: Magento, path: str) -> None:
    assert requests.get(f"{magento.url}{path}", timeout=5).status_code == 404
    assert press(magento, path, do="touch").status_code == 404


@pytest.mark.parametrize("name", USUAL)
def test_every_fault_has_its_buttons(magento: Magento, name: str) -> None:
    page = press(magento, "/faults", name=name, times="2", after="3")
    assert f"{name}: 2 times" in page.text
    assert "None is planned." in press(magento, "/faults", remove=name).text


def test_habits_are_switched(magento: Magento) -> None:
    assert "cut to what is left" in press(magento, "/faults", habit="clamps_quantities").text
    press(magento, "/faults", habit="shipping_touches_orders")
    assert (magento.shop.clamps_quantities, magento.shop.shipping_touches_orders) == (
        True,
        True,
    )
    press(magento, "/faults", habit="seed")
    assert magento.shop.seed == 1


def test_a_currency_that_the_shop_has_not_is_refused(magento: Magento) -> None:
    assert press(magento, "/orders", currency="XXX").status_code == 400
