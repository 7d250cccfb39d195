"""What is to be counted: by hand, for longest, and what a picker doubts."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalog.models import Product
from app.core.db import db
from app.core.errors import Invalid
from app.core.jobs import JobRun
from app.core.jobs.runner import perform
from app.counting import queries, services
from app.counting.errors import NotAllowed
from app.counting.jobs import count_discrepancy
from app.counting.models import CountTask
from app.fulfilment import services as fulfilment
from app.stock.models import Location
from tests.counting.conftest import Hand, asked, bin_, fresh, goods
from tests.factories import LocationFactory, UserFactory
from tests.fulfilment.conftest import Hand as PickingHand
from tests.fulfilment.conftest import confirmed, tote
from tests.stock.conftest import stocked


def codes(made: services.CreatedCounts) -> list[str]:
    return [fresh(task.id).location.code for task in made.counts]


@pytest.fixture
def zone() -> Location:
    """A zone with two bins that hold filters and one that is empty."""
    zone = LocationFactory.create(code="Z", kind="zone", path="Z/")
    bins = [bin_(f"Z-{n}", n, path=f"Z/Z-{n}/", parent_id=zone.id) for n in (2, 1, 3)]
    product = goods(1, bins[0], "Z-F", "ZFILTER")
    stocked(1, product, bins[1])
    return zone


def test_all_bins_of_a_zone_that_hold_something(zone: Location) -> None:
    assert codes(services.count_location(zone.id)) == ["Z-1", "Z-2"]


def test_and_those_that_should_be_empty_if_wished(zone: Location) -> None:
    assert codes(services.count_location(zone.id, with_empty=True)) == ["Z-1", "Z-2", "Z-3"]


def test_a_single_bin_is_counted_even_if_it_should_be_empty(hand: Hand) -> None:
    assert hand.count(asked(bin_("E-01"))).state == "done"


def test_a_product_wherever_it_lies(filters: Product, shelf: Location) -> None:
    stocked(2, filters, bin_("B-01", 2))
    bin_("C-01", 3)

    made = services.count_product(filters.id, note="Before the sale")

    assert codes(made) == ["A-01", "B-01"]
    assert {(task.product_id, task.note) for task in made.counts} == {
        (filters.id, "Before the sale")
    }


def test_what_was_not_counted_for_longest(
    hand: Hand, filters: Product, shelf: Location
) -> None:
    hand.count(asked(shelf), *["FILTER1"] * 10)
    stocked(2, filters, bin_("B-01", 2))

    made = services.count_oldest(1)

    assert codes(made) == ["B-01"]
    assert codes(services.count_oldest(2)) == ["A-01"]  # B-01 is being counted


def test_nothing_is_counted_twice_at_the_same_time(filters: Product, shelf: Location) -> None:
    second = bin_("B-01", 2)
    stocked(2, filters, second)
    asked(second)

    made = services.count_product(filters.id)

    assert (codes(made), made.skipped) == (["A-01"], 1)
    with pytest.raises(NotAllowed, match="already"):
        services.count_product(filters.id)


def test_a_count_of_the_whole_bin_takes_in_those_of_single_products(
    hand: Hand, filters: Product, shelf: Location
) -> None:
    single = services.count_product(filters.id).counts[0]

    asked(shelf)

    assert fresh(single.id).state == "cancelled"
    assert fresh(single.id).reason == "The whole bin is counted instead."


def test_but_not_those_that_somebody_has_begun(
    hand: Hand, filters: Product, shelf: Location
) -> None:
    hand.claim(services.count_product(filters.id).counts[0])

    with pytest.raises(NotAllowed, match="already"):
        asked(shelf)


def test_what_cannot_be_counted_is_refused(session: Session, shelf: Location) -> None:
    with pytest.raises(Invalid, match="no bin in use with goods"):
        services.count_product(goods(0, shelf, "N-1", "N1").id)
    with pytest.raises(Invalid, match="in use and not blocked"):
        services.count_location(bin_("X", is_blocked=True).id)
    with pytest.raises(Invalid, match="no bin in use"):
        services.count_location(tote().id)
    with pytest.raises(Invalid, match="From 1 to"):
        services.count_oldest(0)


def test_tablets_offer_bins_along_the_route(filters: Product, shelf: Location) -> None:
    for code, sequence in (("D-01", 3), ("B-01", 2)):
        stocked(1, filters, bin_(code, sequence))
    services.count_product(filters.id)

    offered = db.session.scalars(queries.to_count()).all()

    assert [task.location.code for task in offered] == ["A-01", "B-01", "D-01"]


def test_a_short_pick_has_the_bin_counted(
    session: Session, filters: Product, shelf: Location
) -> None:
    tote()
    confirmed((filters, 2))
    picker = PickingHand(UserFactory.create())
    pick_task = picker.claim()
    picker.scan(pick_task, "A-01", "FILTER1")

    line_id = pick_task.lines[0].id
    picker.tap(fulfilment.report_short, pick_task, line_id=line_id, reason="not_found")

    run = session.scalars(select(JobRun).where(JobRun.job == count_discrepancy.path)).one()
    perform(run.id)
    task: Any = session.scalars(select(CountTask)).one()
    assert (task.location_id, task.product_id, task.cause) == (shelf.id, filters.id, "short")
    assert task.note == "Not found while picking"


def test_a_doubt_is_followed_up_once(filters: Product, shelf: Location) -> None:
    doubt = {"location_id": shelf.id, "product_id": filters.id, "reason": "not_empty"}

    first, second = count_discrepancy(**doubt), count_discrepancy(**doubt)  # type: ignore[arg-type]

    assert (first or {})["count_id"] is not None
    assert (second or {})["count_id"] is None


def test_nor_where_the_whole_bin_is_counted_anyhow(filters: Product, shelf: Location) -> None:
    asked(shelf)

    made = count_discrepancy(location_id=shelf.id, product_id=filters.id, reason="not_found")

    assert made == {"count_id": None}
