"""What people type or choose, and the contact they mean by it."""

from typing import TypeVar

from app.catalog import queries
from app.catalog.models import Customer, Vendor
from app.core.codes import normal_code
from app.core.db import db
from app.core.errors import Invalid

C = TypeVar("C", Customer, Vendor)


def find_contact(kind: type[C], name: str) -> C:
    """Find a customer or a vendor by code, or by name if only one has it.

    Raises:
        Invalid: There is none, or more than one; the field is what they are.
    """
    what = kind.__tablename__
    found = db.session.scalars(queries.contacts_called(kind, name).limit(2)).all()
    if not found:
        raise Invalid(what, f"No {what} has this code or this name.")
    if len(found) > 1 and normal_code(found[0].code) != normal_code(name):
        raise Invalid(what, f"Several {what}s are called {name}: choose a code.")
    return found[0]
