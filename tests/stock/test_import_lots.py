"""Opening balances of what is tracked: lots, pieces, and their last days."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.stock.models import Location, Lot, Movement
from tests.factories import LocationFactory, ProductFactory
from tests.imports.samples import counts, errors, imported
from tests.stock.test_lots import come, lots_of

HEADER = ("SKU", "Location", "Quantity", "Batch", "Best before")
DAY = date(2035, 1, 31)


@pytest.fixture
def milk(main: Location) -> Any:
    return ProductFactory.create(sku="MILK", tracking="lot", has_expiry=True)


@pytest.fixture
def drill(main: Location) -> Any:
    return ProductFactory.create(sku="DRILL", tracking="serial")


def test_lots_of_a_file_are_made_and_counted(milk: Any, session: Session) -> None:
    rows = (
        ("MILK", "MAIN-01", "5", "A", "2035-01-31"),
        ("MILK", "MAIN-01", "3", "B", "2035-02-28"),
    )

    assert counts(imported("stock", HEADER, *rows)) == (2, 0, 0, 0)

    assert lots_of(milk) == {"A": 5, "B": 3}
    lot = session.query(Lot).filter_by(code="A").one()
    assert (lot.expires_on, lot.is_serial) == (DAY, False)
    assert counts(imported("stock", HEADER, *rows)) == (0, 0, 2, 0)
    more = ("MILK", "MAIN-01", "6", "a", "")
    assert counts(imported("stock", HEADER, more)) == (0, 1, 0, 0)
    assert lots_of(milk) == {"A": 6, "B": 3}


def test_a_dry_run_makes_no_lots(milk: Any, session: Session) -> None:
    row = ("MILK", "MAIN-01", "5", "A", "2035-01-31")

    result = imported("stock", HEADER, row, dry_run=True)

    assert counts(result) == (1, 0, 0, 0)
    assert session.query(Lot).count() == 0


def test_pieces_are_counted_one_by_one(drill: Any) -> None:
    result = imported(
        "stock",
        ("SKU", "Quantity", "Serial number"),
        ("DRILL", "1", "S1"),
        ("DRILL", "1", "S2"),
    )

    assert counts(result) == (2, 0, 0, 0)
    assert lots_of(drill) == {"S1": 1, "S2": 1}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (("MILK", "MAIN-01", "5", "", ""), "The product is tracked: say the lot"),
        (("MILK", "MAIN-01", "5", "NEW", ""), "Say when it expires"),
        (("MILK", "MAIN-01", "5", "A", "2036-01-31"), "The lot expires on 2035-01-31"),
        (("DRILL", "MAIN-01", "2", "S9", ""), "A serial number is one piece."),
        (("DRILL", "MAIN-02", "1", "s1", ""), "This piece is on hand at MAIN-01 already."),
        (("PLAIN", "MAIN-01", "5", "A", ""), "tracked neither by lot nor by serial"),
        (("PLAIN", "MAIN-01", "5", "", "2035-01-31"), "Say the lot that expires then."),
    ],
)
def test_what_does_not_fit_is_refused_with_the_reason(
    milk: Any, drill: Any, session: Session, row: tuple[str, ...], reason: str
) -> None:
    ProductFactory.create(sku="PLAIN")
    LocationFactory.create(code="MAIN-02", path="MAIN-02/")
    come(milk, 1, "A", DAY)
    come(drill, 1, "S1")
    before = session.query(Movement).count()

    [(_row, _field, error)] = errors(imported("stock", HEADER, row))

    assert reason in error
    assert session.query(Movement).count() == before


def test_rows_of_one_file_do_not_contradict_each_other(milk: Any, drill: Any) -> None:
    LocationFactory.create(code="MAIN-02", path="MAIN-02/")

    result = imported(
        "stock",
        HEADER,
        ("DRILL", "MAIN-01", "1", "S1", ""),
        ("DRILL", "MAIN-02", "1", "s1", ""),
        ("MILK", "MAIN-01", "1", "A", "2035-01-31"),
        ("MILK", "MAIN-02", "1", "A", "2035-02-28"),
        ("MILK", "MAIN-01", "2", "a", ""),
    )

    said = [error for _row, _field, error in errors(result)]
    assert said == [
        "This piece is in row 2 already.",
        "The same lot expires on 2035-01-31 in another row.",
        "It is counted at this location in row 4 already.",
    ]
