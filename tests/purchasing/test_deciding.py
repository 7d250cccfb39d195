"""What was put aside of a delivery: somebody decides, and the alert ends."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.catalog.models import Product
from app.core.alerts import Alert
from app.core.audit import history
from app.core.errors import Invalid, InvalidRow
from app.documents.errors import NotAllowed
from app.purchasing import services
from app.purchasing.services import Decision, ReceivedItem
from tests.conftest import SignIn
from tests.factories import ProductFactory
from tests.purchasing.conftest import Call, key, number, on_hand, place, sent


@pytest.fixture
def receipt(product: Product) -> Any:
    """Two that are damaged, three that nobody ordered, and something that nobody knows."""
    order, other = sent((product, 10)), ProductFactory.create(sku="P-2")
    items = [
        ReceivedItem(number(8), line_id=order.lines[0].id),
        ReceivedItem(number(2), line_id=order.lines[0].id, condition="damaged"),
        ReceivedItem(number(3), product_id=other.id),
        ReceivedItem(number(1), code="???"),
    ]
    return services.receive_goods(order.id, items, key=key())


def decided(receipt: Any, **said: str) -> Any:
    lines = {line.called if line.called != "???" else "unknown": line for line in receipt.aside}
    named = {"damaged": "P-1", "unordered": "P-2", "unknown": "unknown"}
    decisions = [Decision(lines[named[one]].id, what) for one, what in said.items()]
    return services.decide_aside(receipt.id, decisions, note="As agreed")


def test_what_is_put_aside_is_taken_in_sent_back_or_written_off(
    session: Session, product: Product, receipt: Any
) -> None:
    other = receipt.aside[1].product

    decided(receipt, damaged="written_off", unordered="taken_in")

    assert (on_hand(product), on_hand(product, place("ASIDE"))) == (8, 0)
    assert (on_hand(other), on_hand(other, place("ASIDE"))) == (3, 0)
    [alert] = session.query(Alert).filter_by(kind="goods.aside")
    assert alert.closed_at is None
    decided(receipt, unknown="sent_back")
    session.refresh(alert)
    assert alert.closed_at is not None
    told = [entry.changes.get("decided") for entry in session.scalars(history(receipt))]
    assert ["", "1 ???: sent back to the vendor"] in told


def test_a_decision_is_made_once_and_another_one_is_refused(
    product: Product, receipt: Any
) -> None:
    decided(receipt, damaged="sent_back")

    decided(receipt, damaged="sent_back")
    with pytest.raises(NotAllowed, match="P-1: sent back to the vendor already"):
        decided(receipt, damaged="written_off")

    assert on_hand(product, place("ASIDE")) == 0
    with pytest.raises(NotAllowed, match="cannot be undone"):
        services.undo_receipt(receipt.id)


def test_what_does_not_fit_is_refused(receipt: Any) -> None:
    good = next(line for line in receipt.lines if line.condition == "good")
    [damaged, *_rest] = receipt.aside

    with pytest.raises(InvalidRow, match="no product of ours"):
        decided(receipt, unknown="taken_in")
    with pytest.raises(InvalidRow, match="was not put aside"):
        services.decide_aside(receipt.id, [Decision(good.id, "sent_back")])
    with pytest.raises(InvalidRow, match="there twice"):
        services.decide_aside(receipt.id, [Decision(damaged.id, "sent_back")] * 2)
    still_aside = [Decision(damaged.id, "taken_in", place("ASIDE").id)]
    with pytest.raises(Invalid, match="choose a bin"):
        services.decide_aside(receipt.id, still_aside)


def test_people_decide_on_the_page_of_the_receipt(
    sign_in: SignIn, product: Product, receipt: Any
) -> None:
    client, at = (
        sign_in("purchase_orders.view", "purchase_orders.edit"),
        f"/receipts/{receipt.id}",
    )
    form = client.get(f"{at}/decisions/new").text
    [damaged, unordered, unknown] = receipt.aside
    rows = {
        f"items-{n}-{name}": value
        for n, (line, said) in enumerate(
            ((damaged, "written_off"), (unordered, "sent_back"), (unknown, ""))
        )
        for name, value in (("line_id", line.id), ("decision", said))
    }

    nothing = client.post(
        f"{at}/decisions", data=rows | {"items-0-decision": "", "items-1-decision": ""}
    )
    done = client.post(f"{at}/decisions", data=rows)
    page = client.get(at).text

    assert "Not yet" in form
    assert (nothing.status_code, done.status_code) == (422, 303)
    assert "Written off" in page
    assert "Sent back to the vendor" in page
    assert receipt.number in client.get("/receipts?shown=undecided").text
    reader = sign_in("purchase_orders.view")
    assert reader.post(f"{at}/decisions", data=rows).status_code == 403


def test_programs_decide(call: Call, product: Product, receipt: Any) -> None:
    bin_ = place("MAIN-01")
    at = f"/api/v1/goods-receipts/{receipt.id}"
    shown: Any = call("GET", at).json
    items = [
        {"item_id": one["id"], "decision": "taken_in", "location": bin_.code}
        for one in shown["items"]
        if one["condition"] in ("damaged", "unordered")
    ]

    before = on_hand(product)
    made: Any = call("POST", f"{at}/decisions", {"items": items})
    wrong = call("POST", f"{at}/decisions", {"items": [items[0] | {"decision": "sent_back"}]})

    assert made.status_code == 200, made.text
    assert [one["decision"] for one in made.json["items"]].count("taken_in") == 2
    assert on_hand(product) == before + 2
    assert wrong.status_code == 409
    listed: Any = call("GET", "/api/v1/goods-receipts?undecided=true").json
    assert listed["total"] == 1
