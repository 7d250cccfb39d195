"""Queries, single objects, writes and changes, asked over HTTP."""

import time
from collections.abc import Callable
from typing import Any

import pytest
import requests

from tests.standins.quickbooks import QuickBooks, moments

Ask = Callable[[str], Any]
pytest_plugins = "tests.standins.quickbooks.fixtures"
MONTH = 30 * 86400


@pytest.fixture
def base(qb: QuickBooks) -> str:
    return f"{qb.url}/v3/company/{qb.realm}"


@pytest.fixture
def ask(base: str, qb_client: requests.Session) -> Ask:
    def ask(query: str) -> Any:
        return qb_client.get(f"{base}/query", params={"query": query}).json()

    return ask


def rows(answer: Any) -> list[Any]:
    """The objects of a page, whatever their entity."""
    lists = [value for value in answer["QueryResponse"].values() if isinstance(value, list)]
    return lists[0] if lists else []


def test_pages_add_up_to_the_count(ask: Ask) -> None:
    for where in ("", " WHERE Active IN (true, false)", " where active = FALSE"):
        total = ask(f"SELECT COUNT(*) FROM Item{where}")["QueryResponse"]["totalCount"]  # noqa: S608
        seen: list[str] = []
        while page := rows(
            ask(f"SELECT * FROM Item{where} STARTPOSITION {len(seen) + 1} MAXRESULTS 60")  # noqa: S608
        ):
            seen += [one["Id"] for one in page]
        assert len(seen) == len(set(seen)) == total > 0
        assert seen == sorted(seen, key=int)


def test_inactive_names_hide_unless_asked_for(ask: Ask, qb: QuickBooks) -> None:
    assert all(one["Active"] for one in rows(ask("SELECT * FROM Customer")))
    hidden = rows(ask("SELECT * FROM Customer WHERE Active = false"))
    assert hidden
    assert all(one["DisplayName"].endswith(" (deleted)") for one in hidden)


@pytest.mark.parametrize(
    ("where", "count"),
    [
        ("Id = '7'", 1),
        ("Id IN ('7', '8', '100000')", 2),
        ("Name = 'Cook\\'s Pan'", 1),
        ("name like 'COOK%'", 1),
        ("Name LIKE '%Pan' AND UnitPrice > 12 AND UnitPrice <= 12.5", 1),
        ("Name LIKE '%Pan' AND UnitPrice > 12.5", 0),
        ("Sku = 'nowhere'", 0),
        ("MetaData.LastUpdatedTime > '2019-01-01T00:00:00-08:00' AND Id = '9'", 1),
        ("MetaData.CreateTime < '2019-01-01'", 0),
    ],
)
def test_conditions_choose(ask: Ask, qb: QuickBooks, where: str, count: int) -> None:
    qb.company.create("Item", Name="Cook's Pan", UnitPrice=12.5)
    assert len(rows(ask(f"SELECT * FROM Item WHERE {where}"))) == count  # noqa: S608


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("SELECT * FROM Item WHERE Id = '1' OR Id = '2'", "4000"),
        ("SELECT * FROM Item WHERE Name = \u2018Pan\u2019", "4000"),
        ("SELECT * FROM Item WHERE Name = 'Pan", "4000"),
        ("SELECT * FROM Item MAXRESULTS 5 MAXRESULTS 6", "4000"),
        ("SELECT FROM Item", "4000"),
        ("SELECT * FROM Item MAXRESULTS 1\u00b2", "4000"),
        ("SELECT * FROM Item MAXRESULTS " + "9" * 5000, "4000"),
        ("SELECT * FROM Toy", "4001"),
        ("SELECT * FROM Item WHERE Colour = 'red'", "4001"),
        ("SELECT * FROM Item MAXRESULTS 1001", "4001"),
        ("SELECT * FROM Item STARTPOSITION 0", "4001"),
    ],
)
def test_a_wrong_query_is_refused(ask: Ask, query: str, code: str) -> None:
    answer = ask(query)
    assert answer["Fault"]["Error"][0]["code"] == code


def test_the_company_can_be_asked_for_by_a_query(ask: Ask, qb: QuickBooks) -> None:
    (one,) = rows(ask("SELECT * FROM CompanyInfo"))
    assert one["CompanyName"] == qb.company.name


def test_nothing_found_is_an_empty_response(ask: Ask) -> None:
    answer = ask("SELECT * FROM Item WHERE Id = '9999'")
    assert answer.keys() == {"QueryResponse", "time"}
    assert answer["QueryResponse"] == {}


def test_the_order_can_be_chosen(ask: Ask) -> None:
    down = rows(ask("SELECT * FROM Item ORDERBY Id DESC STARTPOSITION 1 MAXRESULTS 150"))
    ids = [int(one["Id"]) for one in down]
    assert ids == sorted(ids, reverse=True)
    late = rows(ask("SELECT * FROM Item ORDERBY MetaData.LastUpdatedTime MAXRESULTS 9"))
    times = [moments.read(one["MetaData"]["LastUpdatedTime"]) for one in late]
    assert times == sorted(times)


def test_a_write_wants_the_newest_version(base: str, qb_client: requests.Session) -> None:
    old = qb_client.get(f"{base}/customer/7").json()["Customer"]
    change = {"Id": "7", "SyncToken": old["SyncToken"], "sparse": True, "CompanyName": "New"}
    new = qb_client.post(f"{base}/customer", json=change).json()["Customer"]
    assert (new["CompanyName"], new["DisplayName"]) == ("New", old["DisplayName"])
    assert int(new["SyncToken"]) == int(old["SyncToken"]) + 1
    stale = qb_client.post(f"{base}/customer", json=change)
    assert stale.status_code == 400
    assert stale.json()["Fault"]["Error"][0]["code"] == "5010"


def test_the_same_requestid_writes_once(base: str, qb_client: requests.Session) -> None:
    url, body = f"{base}/vendor?requestid=abc", {"DisplayName": "Pan Maker"}
    first, again = qb_client.post(url, json=body), qb_client.post(url, json=body)
    assert first.json() == again.json()
    duplicate = qb_client.post(f"{base}/vendor", json=body).json()
    assert duplicate["Fault"]["Error"][0]["code"] == "6240"


def test_an_invoice_can_be_voided_and_deleted(base: str, qb_client: requests.Session) -> None:
    old = qb_client.get(f"{base}/invoice/4").json()["Invoice"]
    key = {"Id": "4", "SyncToken": old["SyncToken"]}
    void = qb_client.post(f"{base}/invoice?operation=void", json=key).json()["Invoice"]
    assert (void["TotalAmt"], void["Balance"]) == (0, 0)
    key["SyncToken"] = void["SyncToken"]
    gone = qb_client.post(f"{base}/invoice?operation=delete", json=key).json()["Invoice"]
    assert gone == {"domain": "QBO", "status": "Deleted", "Id": "4"}
    assert qb_client.get(f"{base}/invoice/4").json()["Fault"]["Error"][0]["code"] == "610"


def changes(base: str, qb_client: requests.Session, entities: str, since: str) -> Any:
    answer = qb_client.get(f"{base}/cdc", params={"entities": entities, "changedSince": since})
    return answer.json()["CDCResponse"][0]["QueryResponse"]


def ago(seconds: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(time.time() - seconds))


def test_changes_tell_of_deletions_but_not_of_what_vanished(
    qb: QuickBooks, base: str, qb_client: requests.Session
) -> None:
    qb.company.change("Customer", "7", CompanyName="New")
    qb.company.deactivate("Customer", "8")
    qb.company.delete("Invoice", "5")
    qb.company.vanish("Invoice", "6")
    customers, invoices, bills = changes(base, qb_client, "customer,Invoice,Bill", ago(5))
    assert {(one["Id"], one["Active"]) for one in customers["Customer"]} == {
        ("7", True),
        ("8", False),
    }
    assert [(one["Id"], one["status"]) for one in invoices["Invoice"]] == [("5", "Deleted")]
    assert bills == {}


def test_changes_stop_at_a_thousand_without_the_newest_and_at_thirty_days(
    qb: QuickBooks, base: str, qb_client: requests.Session
) -> None:
    earlier = time.time() - 10
    qb.company.clock = lambda: earlier
    for number in range(990):
        qb.company.create("Bill", DocNumber=str(number))
    qb.company.clock = time.time
    for key in range(1, 40):
        qb.company.change("Item", str(key), Description="New")
    items, bills = changes(base, qb_client, "Item,Bill", ago(20))
    assert (len(bills["Bill"]), len(items["Item"])) == (990, 10)
    late = {"entities": "Bill", "changedSince": ago(MONTH + 60)}
    assert qb_client.get(f"{base}/cdc", params=late).status_code == 400


@pytest.mark.parametrize(
    ("path", "code"), [("customer/1.5", "2030"), ("customer/1/5", "500"), ("toy/1", "500")]
)
def test_a_wrong_path_is_refused(
    base: str, qb_client: requests.Session, path: str, code: str
) -> None:
    answer = qb_client.get(f"{base}/{path}")
    assert answer.status_code == 400
    assert answer.json()["Fault"]["Error"][0]["code"] == code


def test_every_answer_has_the_vendors_headers(base: str, qb_client: requests.Session) -> None:
    answer = qb_client.get(f"{base}/item/30")
    assert answer.headers["intuit_tid"]
    assert answer.headers["Content-Type"] == "application/json;charset=utf-8"


def test_another_company_is_closed_to_us(qb: QuickBooks, qb_client: requests.Session) -> None:
    assert qb_client.get(f"{qb.url}/v3/company/1/item/30").status_code == 403
