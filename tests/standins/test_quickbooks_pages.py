"""The pages for people: faults, pace, webhooks and the forms of objects."""

from typing import Any

import pytest
import requests

from tests.standins.quickbooks import QuickBooks
from tests.standins.quickbooks.faults import USUAL

pytest_plugins = "tests.standins.quickbooks.fixtures"


def press(qb: QuickBooks, path: str, **fields: str) -> requests.Response:
    return requests.post(f"{qb.url}{path}", data=fields, timeout=5)


@pytest.mark.parametrize("name", USUAL)
def test_every_fault_has_its_buttons(qb: QuickBooks, name: str) -> None:
    page = press(qb, "/faults", name=name, times="2", after="3", retry_after="", seconds="")
    assert f"{name}: 2 times" in page.text
    assert "after 3 good ones" in page.text

    assert "None is planned." in press(qb, "/faults", remove=name).text


def test_a_fault_is_planned_as_the_form_says(qb: QuickBooks) -> None:
    fields = {"name": "too_many", "times": "0", "match": "cdc", "retry_after": "7"}

    page = press(qb, "/faults", **fields, seconds="0.5")

    (fault,) = qb.faults.planned
    assert (fault.times, fault.match) == (None, "cdc")
    assert fault.options == {"retry_after": 7, "seconds": 0.5}
    assert "until cleared" in page.text
    assert "None is planned." in press(qb, "/faults").text


def test_the_pace_is_switched_on_and_off(qb: QuickBooks) -> None:
    assert "At most 10 requests a second" in press(qb, "/faults", pace="vendor").text
    assert qb.limit == (10, 500)
    assert "No limit." in press(qb, "/faults", pace="off").text


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/faults", {"name": "nonsense"}),
        ("/faults", {"name": "slow", "match": "nonsense"}),
        ("/webhook", {"form": "nonsense"}),
        ("/webhook", {"url": "http://127.0.0.1:9/", "do": "send", "entity": "Toy"}),
        ("/objects/Item/30", {"do": "save", "Name": "Pan", "UnitPrice": "dear"}),
        ("/objects/Item/30", {"do": "save", "Name": "Pan", "UnitPrice": "nan"}),
        ("/objects/Item/30", {"do": "save", "Name": "Pan", "UnitPrice": "inf"}),
    ],
)
def test_what_cannot_be_done_is_refused(
    qb: QuickBooks, path: str, fields: dict[str, str]
) -> None:
    before = qb.company.get("Item", "30")

    assert press(qb, path, **fields).status_code == 400

    assert qb.company.get("Item", "30") == before
    assert not qb.faults.planned


def test_a_webhook_is_sent_in_the_chosen_form_and_its_end_is_shown(qb: QuickBooks) -> None:
    fields = {"form": "eventNotifications", "entity": "Vendor", "key": "3"}

    page = press(qb, "/webhook", url=f"{qb.url}/nothing", do="send", operation="Void", **fields)

    assert "HTTP 404: \nVendor 3 Void" in page.text
    assert (qb.webhook_url, qb.state.webhook_form) == (f"{qb.url}/nothing", fields["form"])
    press(qb, "/webhook", url="")
    assert qb.webhook_url is None


def test_sending_without_an_address_sends_nothing(qb: QuickBooks) -> None:
    press(qb, "/webhook", url="", do="send")
    assert not qb.deliveries


def test_a_name_is_switched_off_and_on_by_its_button(qb: QuickBooks) -> None:
    path = "/objects/Customer/5"
    assert "Make active" in press(qb, path, do="deactivate").text
    assert "Make inactive" in press(qb, path, do="activate").text
    assert qb.company.get("Customer", "5")["Active"]


def test_a_transaction_has_no_switch(qb: QuickBooks) -> None:
    before: dict[str, Any] = qb.company.get("Invoice", "5")
    fields = {
        name: str(before[name]) for name in ("DocNumber", "TxnDate", "DueDate", "TotalAmt")
    }

    press(qb, "/objects/Invoice/5", do="deactivate", Balance="12", **fields)

    assert "Active" not in qb.company.get("Invoice", "5")
    assert qb.company.get("Invoice", "5")["Balance"] == 12


def test_the_list_turns_pages_and_takes_no_nonsense(qb: QuickBooks) -> None:
    first, same, second = (
        requests.get(f"{qb.url}/objects/Item", params={"page": page}, timeout=5).text
        for page in ("1", "-3", "2")
    )
    assert first == same != second
    assert "Next" in first
    assert "Previous" in second
