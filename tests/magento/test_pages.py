"""Pages of a shop's connection: what is asked, what is shown, and whom they let do it."""

from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.core.db import db
from app.integrations.hub.models import Connection
from app.integrations.outbox.models import OutboxMessage
from app.orders import services as orders
from tests.bulk import act
from tests.conftest import SignIn
from tests.integrations.conftest import ours, work
from tests.magento.conftest import Sync, goods, parts, signed
from tests.standins.magento import Magento

pytestmark = pytest.mark.committed

HTMX = {"HX-Request": "true"}
FORM = "/connections/credentials/magento"


@pytest.fixture
def admin(sign_in: SignIn) -> FlaskClient:
    return sign_in("integrations.view", "integrations.sync", "integrations.manage")


@pytest.fixture
def looker(sign_in: SignIn) -> FlaskClient:
    return sign_in("integrations.view")


def typed(shop: Magento, **other: str) -> dict[str, str]:
    return {"auth_method": "signed", "address": shop.url, **signed(shop), **other}


def test_the_page_of_connections_offers_the_shop(
    admin: FlaskClient, looker: FlaskClient
) -> None:
    assert "Connect Magento" in admin.get("/connections").text
    assert "Connect Magento" not in looker.get("/connections").text


@pytest.mark.parametrize(
    ("way", "asked"),
    [("signed", "Access token secret"), ("token", "Access token"), ("admin", "User name")],
)
def test_each_way_asks_for_what_it_needs(admin: FlaskClient, way: str, asked: str) -> None:
    page = admin.get(f"{FORM}/edit?auth_method={way}").text

    assert asked in page
    assert "Address of the shop" in page


def test_a_shop_is_connected_by_the_form(admin: FlaskClient, shop: Magento) -> None:
    answer = admin.post(FORM, data=typed(shop))

    connection = ours(Connection)
    assert answer.headers["Location"] == f"/connections/{connection.id}"
    page = admin.get(answer.headers["Location"]).text
    assert shop.url in page
    for secret in signed(shop).values():
        assert secret not in page


def test_in_a_dialog_it_leads_to_the_connection(admin: FlaskClient, shop: Magento) -> None:
    answer = admin.post(FORM, data=typed(shop), headers=HTMX)

    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"] == f"/connections/{ours(Connection).id}"


def test_a_refusal_keeps_the_address_and_shows_no_secret(
    admin: FlaskClient, shop: Magento
) -> None:
    answer = admin.post(FORM, data=typed(shop, access_token_secret="w" * 32))

    assert answer.status_code == 422
    assert "The signature is invalid" in answer.text
    assert shop.url in answer.text
    assert "w" * 32 not in answer.text
    assert shop.access.consumer_secret not in answer.text


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"address": "http://shop.example.com"}, "must begin with https://"),
        ({"address": ""}, "Please fill this in."),
        ({"consumer_key": ""}, "Please fill this in."),
    ],
)
def test_what_is_missing_is_said_at_its_field(
    admin: FlaskClient, shop: Magento, other: dict[str, str], said: str
) -> None:
    answer = admin.post(FORM, data=typed(shop, **other))

    assert answer.status_code == 422
    assert said in answer.text


def test_a_trial_leaves_the_form_as_it_is(admin: FlaskClient, shop: Magento) -> None:
    found = {**HTMX, "HX-Target": "checks"}
    answer = admin.post(f"{FORM}/checks", data=typed(shop), headers=found)

    assert "store views default, polski" in answer.text
    assert "<form" not in answer.text
    assert db.session.scalars(select(Connection)).all() == []


def test_a_trial_without_a_script_shows_the_form_again(
    admin: FlaskClient, shop: Magento
) -> None:
    answer = admin.post(f"{FORM}/checks", data=typed(shop))

    assert answer.status_code == 200
    assert "Orders: 0 can be read" in answer.text
    assert shop.access.consumer_secret not in answer.text


def test_a_trial_that_fails_says_why(admin: FlaskClient, shop: Magento) -> None:
    found = {**HTMX, "HX-Target": "checks"}
    shop.access.is_active = False
    answer = admin.post(f"{FORM}/checks", data=typed(shop), headers=found)

    assert "Access token has been revoked" in answer.text


def test_only_who_may_connect_does(looker: FlaskClient, shop: Magento) -> None:
    assert looker.get(f"{FORM}/edit").status_code == 403
    assert looker.post(FORM, data=typed(shop)).status_code == 403
    assert looker.post(f"{FORM}/checks", data=typed(shop)).status_code == 403


def test_systems_are_connected_in_their_own_way_only(admin: FlaskClient) -> None:
    assert admin.get("/connections/credentials/quickbooks/edit").status_code == 404
    assert admin.get("/connections/apps/magento/edit").status_code == 404
    assert admin.post("/connections/apps/magento/sign-ins").status_code == 404
    assert admin.post(FORM, data={"auth_method": "by force"}).status_code == 400


def test_a_refusal_is_shown_and_settled(
    admin: FlaskClient, shop: Magento, connection: Connection, sync: Sync
) -> None:
    goods(1)
    key = shop.shop.place_paid([(1, 1)])
    sync()
    [order] = parts(shop.shop.order(key)["increment_id"])
    shop.faults.add("ship_refused")
    orders.ship_order(order.id, key=uuid4().hex)
    work()
    write = ours(OutboxMessage)
    listed = f"/connections/{connection.id}/outbox"

    assert "Magento has refused one thing" in admin.get(f"/connections/{connection.id}").text
    page = admin.get(listed).text
    assert f"Shipment of {order.number}" in page
    assert "Magento says" in page

    act(admin, "outbox/actions/dismiss", [write.id], here=listed)
    assert ours(OutboxMessage).state == "dismissed"

    report = act(admin, "outbox/actions/retry", [write.id], here=listed)
    assert report["errors"] == [
        {"record": "1 others", "reason": "It has been sent or settled."}
    ]


def test_only_who_may_sync_settles(looker: FlaskClient, connection: Connection) -> None:
    listed = f"/connections/{connection.id}/outbox"

    assert "Nothing was to be sent yet." in looker.get(listed).text
    for action in ("retry", "dismiss"):
        data = {"ids": ["1"], "here": listed}
        assert looker.post(f"/lists/outbox/actions/{action}", data=data).status_code == 403
