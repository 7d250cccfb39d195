"""Pages and calls about goods at marketplaces, and the form that connects a seller."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts import services as accounts
from tests.amazon.conftest import Sync, typed
from tests.conftest import SignIn
from tests.factories import RoleFactory, UserFactory
from tests.standins.amazon import Amazon

pytestmark = pytest.mark.committed
ROOT = "/api/v1/marketplaces"
PATHS = (
    *("", "/ledger", "/days", "/reimbursements", "/returns", "/removals", "/shipments"),
    "/fees",
)


@pytest.fixture
def filled(amazon: Amazon, sync: Sync) -> Amazon:
    """A bit of everything."""
    amazon.seller.add("MUG-1", 40, name="Mug, blue")
    amazon.seller.add("PAN-1", 40)
    order = amazon.seller.sell("MUG-1", 2, days=2)
    amazon.seller.take_back("MUG-1", order, disposition="CUSTOMER_DAMAGED")
    amazon.seller.lose("MUG-1", 3, days=1)
    amazon.seller.reimburse("MUG-1", "8.75", case="C-77")
    amazon.seller.remove("MUG-1", 5, shipped=4)
    amazon.seller.send_in({"MUG-1": (24, 22), "PAN-1": (5, 5)})
    sync("full")
    return amazon


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("", "MUG-1"),
        ("", "as of"),
        ("?state=unsellable", "MUG-1"),
        ("?state=unknown", "PAN-1"),
        ("/ledger", "CustomerReturns"),
        ("/ledger?open=unreconciled", "Adjustments"),
        ("/ledger?event=Shipments&search=mug-1", "Shipments"),
        ("/ledger?from=2001-01-01&to=2001-01-02", "Nothing matches."),
        ("/days", "MUG-1"),
        ("/reimbursements?search=C-77", "8.75"),
        ("/returns?disposition=CUSTOMER_DAMAGED", "CUSTOMER_DAMAGED"),
        ("/removals", "Completed"),
        ("/shipments?differs=short", "22"),
        ("/fees", "30 x 20 x 10 centimeters"),
    ],
)
def test_each_list_shows_what_is_asked(
    filled: Amazon, sign_in: SignIn, path: str, words: str
) -> None:
    page = sign_in("reconcile.view").get(f"/marketplaces{path}")

    assert page.status_code == 200
    assert words in page.text


def test_what_does_not_fit_is_left_out(filled: Amazon, sign_in: SignIn) -> None:
    person = sign_in("reconcile.view")

    short = person.get("/marketplaces/shipments?differs=short").text
    part = person.get("/marketplaces", headers={"HX-Request": "true", "HX-Target": "results"})

    assert ("MUG-1" in short, "PAN-1" in short) == (True, False)
    assert "<html" not in part.text


@pytest.mark.parametrize("path", PATHS)
def test_each_list_is_a_file_and_takes_its_permission(
    filled: Amazon, sign_in: SignIn, path: str
) -> None:
    file = sign_in("reconcile.view").get(f"/marketplaces{path}?file=csv")

    assert "MUG-1" in file.text
    assert sign_in("integrations.view").get(f"/marketplaces{path}").status_code == 403


def test_without_a_marketplace_the_page_says_what_to_do(app: Flask, sign_in: SignIn) -> None:
    page = sign_in("reconcile.view", "integrations.view").get("/marketplaces")

    assert "Nothing yet." in page.text
    assert "/connections" in page.text


@pytest.fixture
def program(app: Flask) -> Callable[..., FlaskClient]:
    """A program with a token of somebody who holds just these permissions."""

    def program(*permissions: str) -> FlaskClient:
        role = RoleFactory.create(permissions=list(permissions))
        token = accounts.create_token(UserFactory.create(role=role), name="test")
        client = app.test_client()
        client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
        return client

    return program


def got(client: FlaskClient, path: str) -> Any:
    answer = client.get(path)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_json()


def test_a_program_is_told_the_same(
    filled: Amazon, program: Callable[..., FlaskClient]
) -> None:
    robot = program("reconcile.view")

    [mug] = got(robot, f"{ROOT}/stock?search=MUG-1")["items"]
    assert (mug["fulfillable"], mug["unsellable"], mug["product_id"]) == (52, 1, None)
    [lost] = got(robot, f"{ROOT}/ledger?unreconciled=1")["items"]
    assert (lost["quantity"], lost["unreconciled"], lost["reason"]) == (-3, 3, "M")
    assert got(robot, f"{ROOT}/days?search=MUG-1&per_page=1")["items"][0]["sku"] == "MUG-1"
    [paid] = got(robot, f"{ROOT}/reimbursements")["items"]
    assert (paid["amount"], paid["currency"], paid["case"]) == ("8.75", "EUR", "C-77")
    assert got(robot, f"{ROOT}/returns")["total"] == 1
    [removal] = got(robot, f"{ROOT}/removals")["items"]
    assert (removal["requested"], removal["shipped"]) == (5, 4)
    [line] = got(robot, f"{ROOT}/shipments?short=1")["items"]
    assert (line["shipped"], line["received"], line["status"]) == (24, 22, "CLOSED")
    assert got(robot, f"{ROOT}/fees")["total"] == 2
    assert got(robot, "/api/v1/amazon/inventory")["total"] == 2
    assert got(robot, "/api/v1/amazon/fees?search=PAN-1")["items"][0]["total"] == "6.49"
    assert program("money.view").get(f"{ROOT}/stock").status_code == 403


def test_a_seller_is_connected_in_the_browser(amazon: Amazon, sign_in: SignIn) -> None:
    person = sign_in("integrations.manage", "integrations.view")
    form = {"address": amazon.number, "auth_method": "eu", **typed(amazon)}

    asked = person.get("/connections/credentials/amazon/edit?auth_method=eu")
    tried = person.post("/connections/credentials/amazon/checks", data=form)
    made = person.post("/connections/credentials/amazon", data=form)

    for words in ("Merchant token", "Refresh token", "Last day of the client secret"):
        assert words in asked.text
    assert "Kitchen &amp; Co (DE)" in tried.text
    assert amazon.state.secret not in tried.text
    assert made.status_code == 303
