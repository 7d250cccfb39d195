"""Three warehouses, with zones and bins in picking order."""

from itertools import count
from typing import NamedTuple

from sqlalchemy import select

from app.core.db import transaction
from app.stock.models import Location

AISLES, BAYS, LEVELS = "ABCDEF", 12, 4


class DemoLocations(NamedTuple):
    """Where goods may lie and go; the bins of each warehouse in their order."""

    bins: dict[str, list[Location]]
    supplier: Location
    customer: Location
    adjustment: Location


def build() -> DemoLocations:
    """Make the warehouses beside the one that every installation begins with."""
    with transaction() as session:
        known = {place.kind: place for place in session.scalars(select(Location))}
        sequence = count(1)
        bins = {}
        for code, name, aisles in (
            ("CENTRAL", "Central warehouse", AISLES),
            ("NORTH", "Northern depot", "N"),
            ("SHOP", "Shop and showroom", "S"),
        ):
            warehouse = _location(code, "warehouse", None, name=name)
            session.add(warehouse)
            session.flush()
            bins[code] = [
                bin_code for aisle in aisles for bin_code in _aisle(warehouse, aisle, sequence)
            ]
            _add_side_rooms(warehouse)
        return DemoLocations(bins, known["supplier"], known["customer"], known["adjustment"])


def _aisle(warehouse: Location, aisle: str, sequence: "count[int]") -> list[Location]:
    with transaction() as session:
        zone = _location(f"{warehouse.code}-{aisle}", "zone", warehouse, name=f"Aisle {aisle}")
        session.add(zone)
        session.flush()
        bins = [
            _location(code, "bin", zone, barcode=f"BIN-{code}", pick_sequence=next(sequence))
            for bay in range(1, BAYS + 1)
            for level in range(1, LEVELS + 1)
            for code in [f"{aisle}-{bay:02}-{level}"]
        ]
        session.add_all(bins)
        session.flush()
    return bins


def _add_side_rooms(warehouse: Location) -> None:
    """Where goods arrive, and where those wait that nobody may pick."""
    dock = _location(f"{warehouse.code}-DOCK", "staging", warehouse, name="Loading dock")
    hold = _location(f"{warehouse.code}-HOLD", "bin", warehouse, name="Damaged goods")
    dock.is_pickable = hold.is_pickable = False
    with transaction() as session:
        session.add_all([dock, hold])


def _location(code: str, kind: str, parent: Location | None, **details: str | int) -> Location:
    above = (parent.path, parent.id) if parent else ("", None)
    return Location(
        code=code, kind=kind, path=f"{above[0]}{code}/", parent_id=above[1], **details
    )
