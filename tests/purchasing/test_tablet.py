"""Receiving at the dock: scan after scan, bin by bin, each once."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.catalog.models import Product
from app.core.actors import Actor, acting_as
from app.core.db import db
from app.core.uses import InUse, ensure_unused
from app.purchasing import queries, services
from app.purchasing.services import Receiver
from app.scanning.services import ActionResult
from app.stock import services as stock
from tests.conftest import SignIn
from tests.factories import (
    BarcodeFactory,
    LocationFactory,
    ProductFactory,
    UserFactory,
    VendorFactory,
    VendorPartFactory,
    WarehouseFactory,
)
from tests.orders.conftest import confirmed
from tests.orders.conftest import reserved as reserved_for
from tests.purchasing.conftest import Call, again, number, on_hand, place, sent

Scanner = Callable[..., ActionResult]


class Dock:
    """Somebody with a tablet who receives."""

    def __init__(self, user: User, device: str = "tablet") -> None:
        self.receiver = Receiver(user_id=user.id, device=device)

    @property
    def person(self) -> Actor:
        return Actor(self.receiver.user_id, "Robin", None)

    def begin(self, code: str) -> ActionResult:
        with acting_as(self.person):
            return services.begin_receiving(self.receiver, scan_id=uuid4(), code=code)

    @property
    def task(self) -> Any:
        found = db.session.scalars(queries.task_of(self.receiver.user_id)).one()
        fresh = queries.task(found.id).execution_options(populate_existing=True)
        return db.session.scalars(fresh).one()

    def scan(self, *codes: str, scan_id: UUID | None = None) -> ActionResult:
        with acting_as(self.person):
            for code in codes:
                result = services.scan(
                    self.task.id, self.receiver, scan_id=scan_id or uuid4(), code=code
                )
        return result

    def tap(self, step: Callable[..., ActionResult], **values: Any) -> ActionResult:
        with acting_as(self.person):
            return step(self.task.id, self.receiver, scan_id=uuid4(), **values)

    @property
    def in_hand(self) -> list[tuple[str, str, Any]]:
        return [(one.called, one.condition, one.quantity) for one in self.task.in_hand]


@pytest.fixture
def dock(session: Session) -> Dock:
    return Dock(UserFactory.create())


@pytest.fixture
def bin_(session: Session) -> Any:
    return LocationFactory.create(code="A-01", path="MAIN/A-01/", parent_id=place("MAIN").id)


def test_pieces_packs_and_the_bin_make_a_receipt(
    dock: Dock, product: Product, bin_: Any
) -> None:
    BarcodeFactory.create(product=product, code="CARTON", units=12)
    order = sent((product, 30), vendor_reference="SLIP-7")

    assert dock.begin("slip-7").message.startswith(order.number)
    assert dock.scan("P-1", "CARTON", "P-1").message == "P-1: 14 in hand."
    assert on_hand(product, bin_) == 0
    result = dock.scan("A-01")

    assert (result.outcome, result.message) == ("line", "14 P-1 at A-01.")
    assert (on_hand(product, bin_), again(order).lines[0].units_open) == (14, 16)
    assert dock.in_hand == []


def test_any_of_the_goods_leads_to_the_order_that_is_due_first(
    dock: Dock, product: Product
) -> None:
    order = sent((product, 5))

    dock.begin("P-1")

    assert dock.task.order_id == order.id
    assert dock.in_hand == [("P-1", "good", 1)]


def test_a_scan_sent_twice_counts_once(dock: Dock, product: Product, bin_: Any) -> None:
    order = sent((product, 5))
    dock.begin(order.number)
    same, bin_scan = uuid4(), uuid4()

    dock.scan("P-1", scan_id=same)
    assert dock.scan("P-1", scan_id=same).is_repeat
    dock.scan("A-01", scan_id=bin_scan)
    assert dock.scan("A-01", scan_id=bin_scan).is_repeat

    assert on_hand(product, bin_) == 1


def test_too_much_is_refused_and_put_aside_by_a_tap(
    dock: Dock, product: Product, bin_: Any
) -> None:
    order = sent((product, 1))
    dock.begin(order.number)
    assert dock.scan("P-1").outcome == "line"

    refused = dock.scan("P-1")
    assert refused.is_wrong
    assert "at most 1 can be received" in refused.message
    assert dock.in_hand == [("P-1", "good", 1)]

    dock.tap(services.put_refused_aside)
    assert dock.in_hand == [("P-1", "good", 1), ("P-1", "aside", 1)]
    assert dock.scan("A-01").outcome == "done"
    assert (on_hand(product, bin_), on_hand(product, place("ASIDE"))) == (1, 1)
    assert again(order).status == "received"


def test_what_is_not_on_the_order_and_what_nobody_knows_is_put_aside(
    dock: Dock, product: Product
) -> None:
    order, other = sent((product, 1)), ProductFactory.create(sku="OTHER")
    dock.begin(order.number)

    assert dock.scan("OTHER").message.startswith(f"OTHER is not on {order.number}.")
    dock.tap(services.put_refused_aside)
    assert dock.scan("???-9").message.startswith("Nobody knows ???-9.")
    dock.tap(services.put_refused_aside)
    dock.tap(services.finish_receiving)

    [receipt] = db.session.scalars(queries.receipts_of(order.id)).all()
    assert [one.condition for one in receipt.lines] == ["unordered", "unknown"]
    assert on_hand(other, place("ASIDE")) == 1


def test_the_vendors_own_code_is_understood(dock: Dock, product: Product) -> None:
    vendor = VendorFactory.create()
    VendorPartFactory.create(product=product, vendor=vendor, part_number="ACME/9")
    dock.begin(sent((product, 2), vendor=vendor).number)

    assert dock.scan("acme/9").message == "P-1: 1 in hand."


def test_a_damaged_piece_goes_aside_with_the_next_bin(
    dock: Dock, product: Product, bin_: Any
) -> None:
    dock.begin(sent((product, 3)).number)
    dock.scan("P-1", "P-1")

    dock.tap(services.mark_damaged)
    said = dock.scan("A-01").message

    assert (on_hand(product, bin_), on_hand(product, place("ASIDE"))) == (1, 1)
    assert said == "1 P-1 at A-01, 1 P-1 put aside at ASIDE."


def test_the_last_scan_is_undone_and_a_number_typed(dock: Dock, product: Product) -> None:
    dock.begin(sent((product, 30)).number)
    dock.scan("P-1", "P-1")

    dock.tap(services.undo_scan)
    assert dock.in_hand == [("P-1", "good", 1)]
    line_id = dock.task.line_id
    dock.tap(services.set_received, line_id=line_id, quantity=number(25))
    assert dock.in_hand == [("P-1", "good", 25)]
    assert dock.tap(services.set_received, line_id=line_id, quantity=number(31)).is_wrong
    assert dock.in_hand == [("P-1", "good", 25)]


def test_home_comes_first_of_two_places_and_blocked_ones_never(
    dock: Dock, product: Product, bin_: Any
) -> None:
    LocationFactory.create(
        code="A-00", path="MAIN/A-00/", parent_id=bin_.parent_id, is_blocked=True
    )
    stock.set_home(product.id, location_id=bin_.id)
    dock.begin(sent((product, 3)).number)
    dock.scan("P-1")

    assert [one.code for one in services.places_for(dock.task)] == ["A-01", "MAIN-01"]
    assert dock.scan("A-00").is_wrong
    assert dock.in_hand == [("P-1", "good", 1)]


def test_a_bin_of_another_warehouse_is_asked_about_first(dock: Dock, product: Product) -> None:
    east = WarehouseFactory.create(code="EAST")
    there = LocationFactory.create(code="E-1", path="EAST/E-1/", parent_id=east.id)
    order = sent((product, 5))
    dock.begin(order.number)

    asked = dock.scan("P-1", "E-1")
    assert asked.outcome == "wrong"
    assert f"E-1 is not in MAIN, where {order.number} is to go." in asked.message
    refused = dock.tap(services.put_refused_aside)
    assert refused.message.startswith("There is nothing to put aside")
    dock.scan("P-1", "E-1")  # goods in between: it is asked about again
    assert on_hand(product, there) == 0

    dock.scan("E-1")
    assert on_hand(product, there) == 2


def test_who_waits_is_served_when_goods_are_put_away(
    dock: Dock, product: Product, bin_: Any
) -> None:
    waiting = confirmed((product, 1))
    dock.begin(sent((product, 3)).number)

    dock.scan("P-1", "A-01")

    assert reserved_for(waiting) == [("A-01", 1)]


def test_two_at_one_dock_never_take_in_more_than_was_ordered(
    dock: Dock, product: Product, bin_: Any
) -> None:
    order = sent((product, 1))
    other = Dock(UserFactory.create())
    dock.begin(order.number)
    other.begin(order.number)
    dock.scan("P-1")
    other.scan("P-1")

    assert dock.scan("A-01").outcome == "done"
    assert "at most 0 can be received" in other.scan("A-01").message
    assert on_hand(product, bin_) == 1


def test_on_another_tablet_the_first_one_stops(dock: Dock, product: Product) -> None:
    dock.begin(sent((product, 3)).number)
    user = db.session.get(User, dock.receiver.user_id)
    assert user is not None
    second = Dock(user, device="other")

    assert "in hand" in second.begin("whatever").message
    assert "another tablet" in dock.scan("P-1").message
    assert second.scan("P-1").message == "P-1: 1 in hand."


@pytest.mark.parametrize(("code", "words"), [("MAIN-01", "This is a place"), ("?!", "Nobody")])
def test_what_is_no_delivery_is_refused(dock: Dock, code: str, words: str) -> None:
    assert words in dock.begin(code).message


def test_the_screens_show_what_is_in_hand(sign_in: SignIn, product: Product, bin_: Any) -> None:
    order = sent((product, 3))
    client = sign_in("purchase_orders.receive")
    assert order.number in client.get("/receive").text

    began = client.post("/receive", data={"id": str(uuid4()), "code": order.number})
    screen = began.headers["Location"]
    client.post(f"{screen}/scans", data={"id": str(uuid4()), "code": "P-1"})
    page = client.get(screen).text
    assert "Put it here, then scan the bin" in page
    wrong = client.post(
        f"{screen}/scans",
        data={"id": str(uuid4()), "code": "NOPE"},
        headers={"HX-Request": "true"},
    )
    assert wrong.headers["X-Sound"] == "wrong"
    assert "Put NOPE aside" in wrong.text
    assert sign_in("purchase_orders.view").get("/receive").status_code == 403


def test_a_program_receives_as_a_tablet_does(call: Call, product: Product, bin_: Any) -> None:
    order = sent((product, 3))
    root = "/api/v1/receiving/sessions"
    began: Any = call("POST", root, {"id": str(uuid4()), "code": order.number}).json
    at = f"{root}/{began['session_id']}"

    call("POST", f"{at}/scan", {"id": str(uuid4()), "code": "P-1"})
    [item] = call("GET", at).json["items"]  # type: ignore[index]
    assert (item["sku"], item["quantity"]) == ("P-1", "1")
    done: Any = call("POST", f"{at}/complete", {"id": str(uuid4())}).json
    assert (done["outcome"], on_hand(product)) == ("done", 1)


def test_what_is_in_hand_stays_in_use_until_it_is_put_away(
    dock: Dock, product: Product, bin_: Any
) -> None:
    order = sent((product, 5))
    dock.begin(order.number)
    dock.scan("P-1")

    with pytest.raises(InUse, match=f"being received of 1 purchase order .{order.number}"):
        ensure_unused(product)
