"""The made-up company, its webhooks, its pages, and how fast it answers."""

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import requests

from tests.standins.quickbooks import QuickBooks, moments
from tests.standins.quickbooks.company import ENTITIES

pytest_plugins = "tests.standins.quickbooks.fixtures"


class Listener(BaseHTTPRequestHandler):
    """Notes the webhooks it gets."""

    got: list[tuple[bytes, str]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.got.append((body, self.headers["intuit-signature"]))
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


@pytest.fixture
def listener() -> Iterator[str]:
    Listener.got.clear()
    with HTTPServer(("127.0.0.1", 0), Listener) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/hook"
        server.shutdown()
        thread.join()


def test_the_same_seed_makes_the_same_company() -> None:
    one, same, other = QuickBooks(seed=3), QuickBooks(seed=3), QuickBooks(seed=4)
    for entity in ENTITIES:
        assert one.company.objects(entity) == same.company.objects(entity)
    assert one.company.objects("Item") != other.company.objects("Item")


def test_names_are_many_unique_and_awkward() -> None:
    made = QuickBooks(items=5000, customers=3000, vendors=3000, invoices=300)
    names = [one["Name"] for one in made.company.objects("Item")]
    people = [
        one["DisplayName"]
        for entity in ("Customer", "Vendor")
        for one in made.company.objects(entity)
    ]
    assert len(set(names)) == 5000
    assert len(set(people)) == 6000
    assert all(any(sign in name for name in names) for sign in "'&ä")
    assert 60 < max(map(len, names)) <= 100
    skus = sum("Sku" in one for one in made.company.objects("Item"))
    assert 0.8 < skus / 5000 < 0.9


def test_prices_may_have_five_decimals_and_lines_still_add_up_in_cents() -> None:
    made = QuickBooks(items=400, invoices=100).company
    prices = [str(one.get("UnitPrice", "")) for one in made.objects("Item")]

    assert max(len(price.partition(".")[2]) for price in prices) == 5
    assert all(round(one["TotalAmt"], 2) == one["TotalAmt"] for one in made.objects("Invoice"))


def test_times_have_the_offsets_of_both_seasons_and_are_often_equal() -> None:
    items = QuickBooks(items=400).company.objects("Item")
    stamps = [one["MetaData"] for one in items]

    assert {one["LastUpdatedTime"][-6:] for one in stamps} == {"-08:00", "-07:00"}
    assert len({one["LastUpdatedTime"] for one in stamps}) < 390
    for one in stamps:
        assert moments.read(one["CreateTime"]) <= moments.read(one["LastUpdatedTime"])


def test_a_name_is_switched_off_and_on_again(qb: QuickBooks) -> None:
    name = qb.company.get("Vendor", "3")["DisplayName"]
    for _ in range(2):
        qb.company.deactivate("Vendor", "3")
    off = qb.company.get("Vendor", "3")
    assert (off["DisplayName"], off["Active"]) == (f"{name} (deleted)", False)

    qb.company.activate("Vendor", "3")

    on = qb.company.get("Vendor", "3")
    assert (on["DisplayName"], on["Active"]) == (name, True)


def test_two_thirds_of_the_invoices_have_a_purchase_order_number() -> None:
    invoices = QuickBooks(invoices=300).company.objects("Invoice")
    assert sum("StringValue" in one["CustomField"][0] for one in invoices) == 200
    assert sum(one["Balance"] == 0 for one in invoices) == 150
    for one in invoices:
        assert one["TotalAmt"] == one["Line"][-1]["Amount"]


@pytest.mark.parametrize("count", [0, 1, 5])
def test_a_company_can_be_small_or_empty(count: int) -> None:
    made = QuickBooks(
        items=count,
        customers=count,
        vendors=count,
        invoices=count,
        bills=0,
        purchase_orders=count,
    )
    assert len(made.company.objects("Invoice")) == count


def test_changes_bump_the_version_and_the_time(qb: QuickBooks) -> None:
    old = qb.company.get("Customer", "7")
    qb.company.change("Customer", "7", DisplayName="Zoë's")
    new = qb.company.get("Customer", "7")
    assert new["DisplayName"] == new["FullyQualifiedName"] == "Zoë's"
    assert int(new["SyncToken"]) == int(old["SyncToken"]) + 1
    assert new["MetaData"]["LastUpdatedTime"] > old["MetaData"]["LastUpdatedTime"]


def test_webhooks_are_signed(qb: QuickBooks) -> None:
    body, headers = qb.signed([("Customer", "7", "Update"), ("Bill", "2", "Delete")])
    digest = hmac.new(qb.verifier_token.encode(), body, hashlib.sha256).digest()
    assert base64.b64decode(headers["intuit-signature"]) == digest
    first, second = json.loads(body)
    assert (first["type"], first["intuitentityid"]) == ("qbo.customer.updated.v1", "7")
    assert (second["type"], second["intuitaccountid"]) == ("qbo.bill.deleted.v1", qb.realm)


def test_webhooks_have_an_older_form(qb: QuickBooks) -> None:
    body, _ = qb.signed([("Customer", "7", "Update")], form="eventNotifications")
    (told,) = json.loads(body)["eventNotifications"]
    (change,) = told["dataChangeEvent"]["entities"]
    assert told["realmId"] == qb.realm
    assert (change["name"], change["id"], change["operation"]) == ("Customer", "7", "Update")


def test_a_change_on_a_page_sends_a_webhook(qb: QuickBooks, listener: str) -> None:
    qb.webhook_url = listener
    page = f"{qb.url}/objects/Item/30"
    form = {"do": "save", "Name": "New Pan", "Sku": "X-1", "UnitPrice": "9.5"}
    assert "New Pan" in requests.post(page, data=form, timeout=5).text
    item = qb.company.get("Item", "30")
    assert (item["Sku"], item["UnitPrice"], "Description" in item) == ("X-1", 9.5, False)
    for _ in range(100):
        if Listener.got:
            break
        time.sleep(0.02)
    assert json.loads(Listener.got[0][0])[0]["intuitentityid"] == "30"
    assert qb.send_webhook([("Item", "30", "Update")]).status_code == 200


def test_a_webhook_that_nobody_takes_is_shown(qb: QuickBooks) -> None:
    qb.webhook_url = "http://127.0.0.1:9/hook"

    with pytest.raises(requests.ConnectionError):
        qb.send_webhook([("Item", "30", "Update")])

    assert [one.is_good for one in qb.deliveries] == [False]
    page = requests.get(f"{qb.url}/webhook", timeout=5).text
    assert "not delivered (ConnectionError):" in page


def test_the_pages_show_search_and_delete(qb: QuickBooks) -> None:
    assert qb.client_secret in requests.get(qb.url, timeout=5).text
    name = qb.company.get("Vendor", "3")["DisplayName"]
    qb.company.create("Vendor", DisplayName="A <b>bold</b> maker")
    found = requests.get(f"{qb.url}/objects/Vendor", params={"q": "bold"}, timeout=5).text
    assert "A &lt;b&gt;bold" in found
    assert name not in found
    requests.post(f"{qb.url}/objects/Vendor/3", data={"do": "delete"}, timeout=5)
    assert requests.get(f"{qb.url}/objects/Vendor/3", timeout=5).status_code == 404


def test_recording_can_be_left_out_and_never_holds_passwords(qb: QuickBooks) -> None:
    url = f"/v3/company/{qb.realm}/item/30"
    requests.get(qb.url + url, headers={"Authorization": "Bearer x"}, timeout=5)
    assert "Authorization" not in qb.exchanges[0].headers
    with QuickBooks(items=30, record=False).running() as silent:
        requests.get(silent.url + url, timeout=5)
        assert not silent.exchanges


def test_a_thousand_items_answer_in_fifteen_milliseconds_over_one_connection() -> None:
    with (
        QuickBooks(items=6000, record=False).running() as qb,
        requests.Session() as client,
    ):
        client.headers["Authorization"] = f"Bearer {qb.grant()[0]}"
        url, took = f"{qb.url}/v3/company/{qb.realm}/query", []
        query = (
            "SELECT * FROM Item WHERE Active IN (true, false) STARTPOSITION {} MAXRESULTS 1000"
        )
        for start in (1, 1001, 2001, 3001, 4001):
            answer = client.get(url, params={"query": query.format(start)}, timeout=5)
            took.append(answer.elapsed.total_seconds())
            assert "Connection" not in answer.headers
        assert min(took) < 0.015
