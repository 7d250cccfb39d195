"""The locations every installation begins with."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.db import transaction
from app.stock.models import Location

VIRTUAL_LOCATIONS = {
    "supplier": ("SUPPLIERS", "Suppliers"),
    "customer": ("CUSTOMERS", "Customers"),
    "adjustment": ("ADJUSTMENTS", "Adjustments"),
}


def install_locations() -> None:
    """Make one warehouse with one bin, and the places outside of our walls.

    Of what is there already, under whatever name, no second one is made.
    """
    with transaction() as session:
        kinds = set(session.scalars(select(Location.kind).distinct()))
        if "warehouse" not in kinds:
            _add_warehouse(session)
        for kind, (code, name) in VIRTUAL_LOCATIONS.items():
            if kind not in kinds:
                session.add(Location(code=code, name=name, kind=kind, path=f"{code}/"))


def _add_warehouse(session: Session) -> None:
    main = Location(code="MAIN", name="Main warehouse", kind="warehouse", path="MAIN/")
    session.add(main)
    session.flush()
    session.add(Location(code="MAIN-01", kind="bin", path="MAIN/MAIN-01/", parent_id=main.id))
