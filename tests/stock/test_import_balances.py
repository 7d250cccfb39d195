"""Opening balances from files: counts that the ledger believes."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.core.errors import Invalid
from app.core.settings import set_settings
from app.imports import services as imports
from app.stock import services
from app.stock.models import Balance, Location, Movement, Posting
from tests.factories import LocationFactory, ProductFactory
from tests.imports.samples import counts, errors, imported, uploaded

HEADER = ("SKU", "Location", "Quantity")
CREATE = ["create_locations"]


@pytest.fixture(autouse=True)
def product(session: Session) -> Any:
    return ProductFactory.create(sku="A")


@pytest.fixture(autouse=True)
def place(session: Session) -> Location:
    return LocationFactory.create(code="BIN-1", path="BIN-1/")


def balances(session: Session) -> Any:
    session.expire_all()
    query = session.query(Location.code, Balance.on_hand)
    rows = query.join(Balance, Location.id == Balance.location_id).order_by(Location.code)
    return [(code, on_hand) for code, on_hand in rows]


def test_what_was_counted_is_on_hand_and_in_the_ledger(session: Session) -> None:
    result = imported("stock", HEADER, ("A", "bin-1", "12.5"))

    movement = session.query(Movement).one()
    assert counts(result) == (1, 0, 0, 0)
    assert balances(session) == [("BIN-1", Decimal("12.5"))]
    assert (movement.reason, movement.quantity) == ("opening", Decimal("12.5"))
    services.check_ledger(lambda _done, _total: None)


def test_the_same_file_twice_moves_nothing(session: Session) -> None:
    rows = HEADER, ("A", "BIN-1", "12")
    imported("stock", *rows)

    result = imported("stock", *rows)

    assert counts(result) == (0, 0, 1, 0)
    assert session.query(Movement).count() == session.query(Posting).count() == 1


def test_a_difference_moves_in_either_direction(session: Session) -> None:
    ProductFactory.create(sku="B")
    imported("stock", HEADER, ("A", "BIN-1", "12"), ("B", "BIN-1", "5"))

    result = imported("stock", HEADER, ("A", "BIN-1", "10"), ("B", "BIN-1", "7"))

    assert counts(result) == (0, 2, 0, 0)
    assert {on_hand for _code, on_hand in balances(session)} == {10, 7}
    assert [row.quantity for row in session.query(Movement).order_by(Movement.id)] == [
        12,
        5,
        2,
        2,
    ]


def test_a_dry_run_moves_nothing(session: Session) -> None:
    result = imported("stock", HEADER, ("A", "BIN-1", "12"), dry_run=True)

    assert counts(result) == (1, 0, 0, 0)
    assert session.query(Balance).count() == 0


def test_zero_of_what_was_never_there_is_no_change(session: Session) -> None:
    result = imported("stock", HEADER, ("A", "BIN-1", "0"))

    assert counts(result) == (0, 0, 1, 0)
    assert session.query(Movement).count() == 0


def test_without_update_balances_that_exist_are_left_alone(session: Session) -> None:
    LocationFactory.create(code="BIN-2", path="BIN-2/")
    imported("stock", HEADER, ("A", "BIN-1", "12"))

    result = imported("stock", HEADER, ("A", "BIN-1", "5"), ("A", "BIN-2", "5"), update=False)

    assert counts(result) == (1, 0, 1, 0)
    assert [on_hand for _code, on_hand in balances(session)] == [12, 5]


def test_without_a_location_goods_lie_at_the_default_one(session: Session) -> None:
    set_settings(default_location="BIN-1")

    imported("stock", ("SKU", "Quantity"), ("A", "3"))

    assert balances(session) == [("BIN-1", 3)]


def test_a_default_location_that_does_not_exist_is_named(session: Session) -> None:
    set_settings(default_location="NOWHERE")

    with pytest.raises(Invalid, match="NOWHERE does not exist"):
        imported("stock", HEADER, ("A", "", "3"))


@pytest.mark.parametrize(
    ("row", "field", "reason"),
    [
        (("", "BIN-1", "1"), "sku", "The SKU is missing."),
        (("A", "BIN-1", ""), "quantity", "The quantity is missing."),
        (("A", "BIN-1", "-1"), "quantity", "This must not be negative."),
        (("X", "BIN-1", "1"), "sku", "There is no product with this SKU."),
        (("IDLE", "BIN-1", "1"), "sku", "The product is not active."),
        (("A", "BIN-9", "1"), "location", "There is no such location."),
        (("A", "WH", "1"), "location", "This is no place for goods: choose a bin."),
        (("A", "OLD", "1"), "location", "The location is not in use."),
        (("A", "STOP", "1"), "location", "The location is blocked."),
    ],
)
def test_a_row_that_does_not_fit_is_refused(
    session: Session, row: tuple[str, ...], field: str, reason: str
) -> None:
    ProductFactory.create(sku="IDLE", is_active=False)
    LocationFactory.create(code="WH", path="WH/", kind="warehouse")
    LocationFactory.create(code="OLD", path="OLD/", is_active=False)
    LocationFactory.create(code="STOP", path="STOP/", is_blocked=True)

    result = imported("stock", HEADER, row)

    assert errors(result) == [(2, field, reason)]


def test_one_product_is_counted_once_at_a_location(session: Session) -> None:
    result = imported("stock", HEADER, ("A", "BIN-1", "1"), ("A", "bin-1", "2"))

    reason = "It is counted at this location in row 2 already."
    assert errors(result) == [(3, "sku", reason)]


def test_reserved_goods_cannot_be_counted_away(
    session: Session, product: Any, place: Location
) -> None:
    imported("stock", HEADER, ("A", "BIN-1", "12"))
    session.query(Balance).update({"reserved": 5})

    result = imported("stock", HEADER, ("A", "BIN-1", "4"))

    assert errors(result) == [(2, "quantity", "More than that is reserved there.")]


@pytest.mark.parametrize("dry_run", [True, False])
def test_missing_locations_are_made_if_that_is_wanted(session: Session, dry_run: bool) -> None:
    set_settings(default_location="MAIN-01")
    rows = HEADER, ("A", "6-B-1", "5"), ("A", "Not here!", "5")

    result = imported("stock", *rows, options=CREATE, dry_run=dry_run)

    assert counts(result) == (1, 0, 0, 1)
    assert result["errors"][0]["error"].startswith("1 to 50 letters")
    made = session.query(Location).filter_by(code="6-B-1").all()
    expected = [] if dry_run else [("bin", "MAIN/6-B-1/")]
    assert [(place.kind, place.path) for place in made] == expected


def test_many_counts_are_posted_some_hundred_at_a_time(session: Session) -> None:
    set_settings(default_location="MAIN-01")
    rows = [("A", f"S-{number}", "1") for number in range(501)]

    result = imported("stock", HEADER, *rows, options=CREATE)

    assert counts(result) == (501, 0, 0, 0)
    assert session.query(Posting).count() == 2


def test_a_job_that_is_run_again_does_not_undo_what_moved_since(
    session: Session, product: Any, place: Location
) -> None:
    run = uploaded("stock", HEADER, ("A", "BIN-1", "12"))
    first = imports.run_import(run.id, dry_run=False)
    target = services.find_target(reason="damaged", sku="A", location="BIN-1")
    services.write_off(target, quantity=Decimal(2), reason="damaged", key="k")

    again = imports.run_import(run.id, dry_run=False)

    assert again == first
    assert balances(session) == [("BIN-1", 10)]


def test_an_option_that_does_not_exist_is_refused(session: Session) -> None:
    with pytest.raises(Invalid, match="no option “sing”"):
        imported("stock", HEADER, ("A", "BIN-1", "1"), options=["sing"])
