"""The tree of locations."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import audit
from app.core.errors import AlreadyExists, Invalid
from app.core.settings import set_settings, setting
from app.core.uses import InUse
from app.core.versions import StaleVersion
from app.stock import services
from app.stock.errors import (
    LocationInUse,
)
from app.stock.models import Location
from app.stock.services.bins import codes_between
from tests.factories import ProductFactory
from tests.stock.conftest import Mover, place, stocked


def main_id() -> int:
    return place("MAIN").id


def revise(location: Location, **changes: Any) -> Location:
    values = {"code": location.code, "parent_id": location.parent_id, "version": None}
    return services.revise_location(location.id, **(values | changes))


def test_installing_again_changes_nothing(session: Session) -> None:
    before = session.query(Location).count()
    place("MAIN").code = "CENTRAL"

    services.install_locations()

    assert session.query(Location).count() == before == 5


def test_what_lies_in_a_moved_zone_moves_along(session: Session) -> None:
    zone = services.create_location(code="A", kind="zone", parent_id=main_id())
    inner = services.create_location(code="AA", kind="zone", parent_id=zone.id)
    services.create_location(code="AA-1", kind="bin", parent_id=inner.id)
    other = services.create_location(code="NORTH", kind="warehouse")

    revise(zone, code="B", parent_id=other.id)

    paths = session.scalars(select(Location.path).where(Location.path.like("NORTH%")))
    assert sorted(paths) == ["NORTH/", "NORTH/B/", "NORTH/B/AA/", "NORTH/B/AA/AA-1/"]
    assert session.scalar(select(Location.path).where(Location.code == "MAIN-01")) == (
        "MAIN/MAIN-01/"
    )


def test_a_location_cannot_lie_in_itself() -> None:
    zone = services.create_location(code="A", kind="zone", parent_id=main_id())
    inner = services.create_location(code="AA", kind="zone", parent_id=zone.id)

    for parent in (zone, inner):
        with pytest.raises(Invalid, match="A cannot lie in itself"):
            revise(zone, parent_id=parent.id)


@pytest.mark.parametrize(
    ("kind", "parent", "reason"),
    [
        ("bin", None, "lies in a warehouse or a zone"),
        ("bin", "MAIN-01", "lies in a warehouse or a zone"),
        ("zone", None, "lies in a warehouse or a zone"),
        ("warehouse", "MAIN", "lies in no other one"),
        ("supplier", "MAIN", "lies in no other one"),
        ("shelf", None, "no kind of location called shelf"),
    ],
)
def test_a_location_lies_where_its_kind_belongs(
    kind: str, parent: str | None, reason: str
) -> None:
    parent_id = place(parent).id if parent else None

    with pytest.raises(Invalid, match=reason):
        services.create_location(code="X", kind=kind, parent_id=parent_id)


@pytest.mark.parametrize("kind", ["tote", "transit"])
def test_what_travels_needs_no_place(kind: str) -> None:
    assert services.create_location(code="T-1", kind=kind).path == "T-1/"


@pytest.mark.parametrize("code", ["", "A/1", "A 1", "Ä1", "-A", "x" * 51])
def test_a_code_can_be_typed_and_printed(code: str) -> None:
    with pytest.raises(Invalid, match="1 to 50"):
        services.create_location(code=code, kind="tote")


def test_codes_and_barcodes_are_unique(session: Session) -> None:
    services.create_location(code="T-1", kind="tote", barcode="4711")
    other = services.create_location(code="T-2", kind="tote", barcode="")

    with pytest.raises(AlreadyExists, match="t-2 already"):
        services.create_location(code="t-2", kind="tote")
    with pytest.raises(AlreadyExists, match="barcode"):
        services.create_location(code="T-3", kind="tote", barcode="4711")
    with pytest.raises(AlreadyExists) as refused:
        revise(other, code="T-1")
    assert refused.value.field == "code"
    assert other.barcode is None


def test_a_stale_form_of_a_location_shows_both_values() -> None:
    tote = services.create_location(code="T-1", kind="tote")
    revise(tote, name="Red")

    with pytest.raises(StaleVersion) as refused:
        revise(tote, name="Blue", version=1)

    assert refused.value.conflicts["name"] == ("Red", "Blue")


def test_a_location_with_goods_stays_in_use(move: Mover, main: Location) -> None:
    product = stocked(1)
    set_settings(default_location="DOCK-1")  # nothing else needs it
    with pytest.raises(LocationInUse, match="still holds goods"):
        services.deactivate_location(main.id)

    adjustments = place("ADJUSTMENTS").id
    move(product, 1, from_location_id=main.id, to_location_id=adjustments)

    assert not services.deactivate_location(main.id).is_active


def test_a_location_with_others_in_it_stays_in_use(main: Location) -> None:
    set_settings(default_location="DOCK-1")
    with pytest.raises(LocationInUse, match="locations in MAIN"):
        services.deactivate_location(main_id())

    services.deactivate_location(main.id)

    assert not services.deactivate_location(main_id()).is_active
    with pytest.raises(Invalid, match="in use"):
        services.activate_location(main.id)
    services.activate_location(main_id())
    assert services.activate_location(main.id).is_active


def test_an_unknown_location_is_refused() -> None:
    with pytest.raises(Invalid, match="no such location"):
        services.deactivate_location(0)


def test_many_bins_are_made_at_once(session: Session) -> None:
    services.create_location(code="a-01-2", kind="bin", parent_id=main_id())

    made = services.create_bins(first="A-01-1", last="B-02-3", parent_id=main_id())
    again = services.create_bins(first="A-01-1", last="B-02-3", parent_id=main_id())

    bins = session.query(Location).filter(Location.pick_sequence > 0)
    assert (made, again) == (11, 0)
    first = bins.order_by(Location.pick_sequence).first()
    assert first is not None
    assert (first.code, first.path, first.is_pickable) == ("A-01-1", "MAIN/A-01-1/", True)


def test_codes_are_counted_through_with_their_zeros() -> None:
    assert codes_between("A-09", "B-11") == ["A-09", "A-10", "A-11", "B-09", "B-10", "B-11"]
    assert codes_between("AB1", "AC1") == ["AB1", "AC1"]
    assert codes_between("x-1", "x-1") == ["X-1"]


@pytest.mark.parametrize(
    ("first", "last", "reason"),
    [
        ("A-1", "A-1-2", "same parts"),
        ("", "A", "same parts"),
        ("A-2", "A-1", "from 2 to 1"),
        ("B-1", "A-1", "from B to A"),
        ("A_1", "A-1", "from _ to -"),
        ("A-1", "A-9999", "t most"),
        ("A-1-1", "Z-20-20", "would be 10,400"),
    ],
)
def test_a_pattern_that_cannot_be_counted_is_refused(
    first: str, last: str, reason: str
) -> None:
    with pytest.raises(Invalid, match=reason):
        codes_between(first, last)


def test_changes_of_a_location_are_in_its_history(session: Session) -> None:
    tote = services.create_location(code="T-1", kind="tote")
    revise(tote, is_blocked=True)

    [entry, _created] = session.scalars(audit.history(tote)).all()

    assert entry.changes == {"is_blocked": ["no", "yes"]}


def test_a_location_that_is_renamed_is_renamed_in_the_settings_too(main: Location) -> None:
    revise(main, code="DOCK-1")

    assert setting("default_location") == "DOCK-1"
    assert services.default_location() == main.id


def test_a_location_that_a_setting_or_a_product_needs_stays_in_use(main: Location) -> None:
    services.set_home(ProductFactory.create().id, location_id=main.id)

    with pytest.raises(InUse, match="it is the default location; home of 1 product"):
        services.deactivate_location(main.id)
