"""Finding what a file calls by its code or its name."""

from sqlalchemy import ColumnElement, func, select, update

from app.catalog.models import Vendor
from app.imports.staging import Staging


def find_vendors(staging: Staging, field: str, target: str) -> None:
    """Put the ids of vendors, given by code or else by name, into the column `target`."""
    rows = staging.rows
    wanted, found = func.lower(rows.c[field]), rows.c[target]
    by_code = update(rows).values({target: Vendor.id})
    staging.session.execute(by_code.where(func.lower(Vendor.code) == wanted))

    name = func.lower(Vendor.name).label("name")
    names = select(name, func.min(Vendor.id).label("id"), func.count().label("count"))
    named = names.group_by(name).subquery()
    by_name = update(rows).values({target: named.c.id})
    staging.session.execute(
        by_name.where(named.c.name == wanted, named.c.count == 1, found.is_(None))
    )
    is_shared = wanted.in_(select(named.c.name).where(named.c.count > 1))
    _refuse(staging, field, found.is_(None) & is_shared, "Several vendors have this name.")
    _refuse(staging, field, found.is_(None), "There is no vendor with this code or name.")


def _refuse(staging: Staging, field: str, wrong: ColumnElement[bool], reason: str) -> None:
    given = staging.rows.c[field].is_not(None)
    staging.refuse_where(field, given & wrong, reason)
