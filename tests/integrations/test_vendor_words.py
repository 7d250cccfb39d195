"""The vendor's own recorded exchanges and sandbox objects are read as they are."""

import json
from pathlib import Path
from typing import Any, cast

import pytest
from requests import Response

from app.integrations.hub.connector import Answer
from app.integrations.hub.errors import NotUnderstood, Unreadable
from app.integrations.systems.quickbooks import answers, reading, webhooks
from app.integrations.systems.quickbooks.connector import ENTITIES

SHARED = Path(__file__).parents[2].parent / "shared"
RECORDED = SHARED / "specs/qbo/recorded_exchanges.json"
OBJECTS = SHARED / "data/quickbooks/fyle_qbo_entities.json"

needs_shared = pytest.mark.skipif(not RECORDED.exists(), reason="../shared is not here")


def recorded() -> list[dict[str, Any]]:
    return cast("list[dict[str, Any]]", json.loads(RECORDED.read_text()))


def response(one: dict[str, Any]) -> Response:
    made = Response()
    made.status_code = one["status"]
    made._content = json.dumps(one["json"]).encode()
    return made


@needs_shared
def test_every_recorded_page_gives_its_records() -> None:
    seen = 0
    for one in recorded():
        said = (one["json"] or {}).get("QueryResponse") or {}
        for entity, records in said.items():
            if isinstance(records, list):
                page = answers.page("kind", entity, None, Answer(one["json"]))
                assert page.batch.records == records
                assert all(answers.key(record) for record in records)
                assert all(answers.changed_at(record) for record in records)
                seen += len(records)
    assert seen > 50


@needs_shared
def test_every_recorded_count_is_read() -> None:
    counts = [
        answers.count(Answer(one["json"]))[0]
        for one in recorded()
        if "totalCount" in ((one["json"] or {}).get("QueryResponse") or {})
    ]
    assert len(counts) >= 3
    assert all(count > 0 for count in counts)


@needs_shared
def test_the_recorded_changes_are_read() -> None:
    [one] = [one for one in recorded() if one["file"].startswith("cdc")]

    found = answers.changes({"estimate": "Estimate"}, Answer(one["json"]))

    assert [batch.kind for batch in found.batches] == ["estimate"]
    group = one["json"]["CDCResponse"][0]["QueryResponse"][0]
    assert found.batches[0].records == group["Estimate"]


@needs_shared
def test_every_recorded_fault_is_told_in_the_vendors_words() -> None:
    faults = [answers.fault(response(one)) for one in recorded() if one["status"] >= 400]

    assert len(faults) >= 5
    assert all(fault is not None and fault.vendor_code for fault in faults)
    told = [str(fault) for fault in faults]
    assert any("Invalid query" in text for text in told)
    assert any("Duplicate Name Exists" in text for text in told)


@needs_shared
def test_a_recorded_delete_is_a_tombstone() -> None:
    deleted = [
        one["json"]["Invoice"]
        for one in recorded()
        if one["uri"].endswith("operation=delete") and one["json"]
    ]
    assert deleted
    assert all(answers.is_gone(record) for record in deleted)


@needs_shared
def test_the_sandbox_objects_become_ours() -> None:
    objects = json.loads(OBJECTS.read_text())

    customers = [reading.customer(record) for record in objects["Customer"]]
    vendors = [reading.vendor(record) for record in objects["Vendor"]]
    items = [reading.item(record) for record in objects["Item"]]

    assert all(one["name"] for one in [*customers, *vendors])
    assert len([item for item in items if item]) > 3


@pytest.mark.parametrize(
    "body", [None, [], {}, {"time": "x"}, {"QueryResponse": []}, {"QueryResponse": {"Item": 1}}]
)
def test_a_page_without_its_envelope_is_no_answer(body: Any) -> None:
    with pytest.raises(NotUnderstood):
        answers.page("item", "Item", None, Answer(body))


@pytest.mark.parametrize(
    "body", [None, {}, {"QueryResponse": {}}, {"QueryResponse": {"totalCount": 1}}]
)
def test_a_count_without_its_envelope_is_no_answer(body: Any) -> None:
    with pytest.raises(NotUnderstood):
        answers.count(Answer(body))


@pytest.mark.parametrize("body", [None, {}, {"CDCResponse": []}, {"CDCResponse": [{}]}])
def test_changes_without_their_envelope_are_no_answer(body: Any) -> None:
    with pytest.raises(NotUnderstood):
        answers.changes(ENTITIES, Answer(body))


@pytest.mark.parametrize(
    "content", [b"<html>", b"[]", b'{"Fault": {}}', b'{"Fault": {"Error": [1]}}']
)
def test_what_is_no_fault_is_none(content: bytes) -> None:
    made = Response()
    made._content = content
    assert answers.fault(made) is None


@pytest.mark.parametrize(
    ("fields", "number"),
    [
        ([{"Name": "P.O. Number", "StringValue": "PO-1"}], "PO-1"),
        ([{"Name": "Crew #", "StringValue": "7"}, {"Name": "po no", "StringValue": "2"}], "2"),
        ([{"Name": "Purchase Order", "StringValue": None}], ""),
        ([], ""),
        ("nonsense", ""),
    ],
)
def test_the_order_number_of_the_customer_is_found(fields: Any, number: str) -> None:
    assert reading.customer_po({"CustomField": fields}) == number


def test_without_a_field_of_their_own_it_is_the_vendors() -> None:
    assert reading.customer_po({"PONumber": "99"}) == "99"


def test_what_cannot_be_used_of_a_contact_is_left_out() -> None:
    found = reading.customer(
        {
            "DisplayName": "Ok",
            "PrimaryEmailAddr": {"Address": "first@example.com, second@example.com"},
            "BillAddr": {"Line1": "1 Road", "Country": "USA"},
            "ShipAddr": {"Country": "Atlantis"},
            "PrimaryPhone": "none",
        }
    )

    assert (found["email"], found["country"]) == ("first@example.com", "US")
    assert (found["address_line1"], found["shipping_country"]) == ("1 Road", None)


@pytest.mark.parametrize("name", [None, "", "  ", 7, "x" * 400])
def test_a_contact_needs_a_name(name: Any) -> None:
    with pytest.raises(Unreadable):
        reading.vendor({"DisplayName": name})


@pytest.mark.parametrize(
    "wrong",
    [
        {"TxnDate": None},
        {"TxnDate": "soon"},
        {"TotalAmt": None},
        {"TotalAmt": "much"},
        {"TotalAmt": "1e20"},
        {"TotalAmt": "NaN"},
    ],
)
def test_an_invoice_needs_a_date_and_a_total(wrong: dict[str, Any]) -> None:
    with pytest.raises(Unreadable):
        reading.invoice({"TxnDate": "2026-01-31", "TotalAmt": 1, **wrong})


@pytest.mark.parametrize("body", [[{"type": "x"}], {"eventNotifications": 1}, "text", None])
def test_what_is_no_webhook_is_none(body: Any) -> None:
    with pytest.raises(Unreadable):
        webhooks.notices(body, {})
