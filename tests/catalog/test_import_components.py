"""Components from files: bills of materials and bundles, circles and what has ended."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalog.importers.component_export import export
from app.catalog.models import Component, Product
from app.core.db import db
from tests.factories import ProductFactory
from tests.imports.samples import counts, errors, imported
from tests.stock.conftest import stocked

HEADER = ("Product", "Component", "Quantity", "Kind", "End date")


@pytest.fixture(autouse=True)
def products(session: Session) -> None:
    for sku in ("A", "B", "C", "D"):
        ProductFactory.create(sku=sku)


def made() -> list[tuple[Any, ...]]:
    return [tuple(row[:3]) for row in db.session.execute(export({})).all()]


def test_a_file_says_what_products_are_made_of(session: Session) -> None:
    rows = [
        ("A", "B", "2", "assembly", ""),
        ("a", "C", "0.5", "assembly", ""),
        ("B", "D", "1", "bundle", ""),
    ]

    first = imported("components", HEADER, *rows)
    again = imported("components", HEADER, *rows)
    changed = imported("components", HEADER, ("A", "B", "3", "", ""))

    assert [counts(one) for one in (first, again, changed)] == [
        (3, 0, 0, 0),
        (0, 0, 3, 0),
        (0, 1, 0, 0),
    ]
    assert made() == [("A", "B", 3), ("A", "C", pytest.approx(0.5)), ("B", "D", 1)]
    kinds = dict(db.session.execute(select(Product.sku, Product.kind)).all())
    assert kinds == {"A": "assembly", "B": "bundle", "C": "item", "D": "item"}


def test_a_dry_run_writes_nothing(session: Session) -> None:
    result = imported("components", HEADER, ("A", "B", "2", "bundle", ""), dry_run=True)

    assert counts(result) == (1, 0, 0, 0)
    assert session.query(Component).count() == 0


def test_a_circle_in_a_file_is_refused_by_name_and_the_rest_goes_on(session: Session) -> None:
    result = imported(
        "components",
        HEADER,
        ("A", "B", "1", "assembly", ""),
        ("B", "C", "1", "assembly", ""),
        ("C", "A", "1", "assembly", ""),
        ("D", "A", "1", "assembly", ""),
    )

    assert counts(result) == (1, 0, 0, 3)
    assert made() == [("D", "A", 1)]
    [reason] = {error for _row, _field, error in errors(result)}
    way = reason.removeprefix("The product would contain itself: ").rstrip(".").split(" > ")
    assert way[0] == way[-1]
    assert "ABC" in "".join(way[:-1]) * 2  # from whichever of them it begins


def test_rows_that_do_not_fit_come_back_with_the_reason(session: Session) -> None:
    stocked(2, session.scalars(select(Product).where(Product.sku == "D")).one())

    result = imported(
        "components",
        HEADER,
        ("A", "B", "1", "bundle", "2021-05-02"),
        ("A", "Z", "1", "bundle", ""),
        ("A", "C", "1", "", ""),
        ("B", "C", "0", "bundle", ""),
        ("B", "B", "1", "bundle", ""),
        ("", "B", "1", "bundle", ""),
        ("D", "C", "1", "bundle", ""),
        ("C", "B", "1", "bundle", ""),
        ("C", "B", "2", "bundle", ""),
    )

    told = {row: error for row, _field, error in errors(result)}
    assert told[2] == "It ended on 2021-05-02."
    assert told[3] == "There is no product with this SKU."
    assert told[4] == "Say whether it is a bundle or an assembly."
    assert told[5] == "Enter a quantity above zero."
    assert told[6] == "A product cannot contain itself."
    assert told[7] == "The product is missing."
    assert told[8].startswith("2 of D are on hand")
    assert told[10] == "The same component is in row 9 already."
    assert made() == [("C", "B", 1)]


INSTEAD = ("Product", "Component", "Quantity", "Kind", "Substitutes")


def instead() -> dict[str, str | None]:
    return {row[1]: row[5] for row in db.session.execute(export({})).all()}


def test_a_file_says_what_may_be_taken_instead_and_comes_back_the_same(
    session: Session,
) -> None:
    first = imported("components", INSTEAD, ("A", "B", "2", "assembly", "d, C"))
    again = imported("components", INSTEAD, ("A", "B", "2", "assembly", "D,C"))
    kept = imported("components", INSTEAD, ("A", "B", "3", "", ""))
    assert instead() == {"B": "D, C"}

    gone = imported("components", INSTEAD, ("A", "B", "3", "", "-"))

    assert instead() == {"B": None}
    assert [counts(one) for one in (first, again, kept, gone)] == [
        (1, 0, 0, 0),
        (0, 0, 1, 0),
        (0, 1, 0, 0),
        (0, 1, 0, 0),
    ]


def test_substitutes_that_do_not_fit_cost_their_row(session: Session) -> None:
    ProductFactory.create(sku="OLD", is_active=False)
    result = imported(
        "components",
        INSTEAD,
        ("A", "B", "1", "assembly", "NOPE"),
        ("A", "C", "1", "assembly", "C"),
        ("A", "D", "1", "assembly", "OLD"),
        ("B", "C", "1", "bundle", "D"),
    )

    assert [one[-1] for one in errors(result)] == [
        "NOPE is no product of ours, or several are.",
        "C is there twice.",
        "OLD is not in use any more.",
        "Line 1: only components of an assembly have substitutes.",
    ]
    assert made() == []


def test_a_substitute_that_contains_the_whole_is_a_circle_and_named(session: Session) -> None:
    imported("components", INSTEAD, ("B", "A", "1", "assembly", ""))

    result = imported("components", INSTEAD, ("A", "C", "1", "assembly", "B"))

    [said] = [one[-1] for one in errors(result)]
    assert said.startswith("The product would contain itself: ")
    assert made() == [("B", "A", 1)]
